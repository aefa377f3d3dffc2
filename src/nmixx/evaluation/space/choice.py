"""Which translations the space is looked at with, and which its mends are fitted on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from nmixx.evaluation.settings import Suite
from nmixx.records import Pair

MOST = 500
"""Pairs of each of the two samples."""

FEWEST = 10
"""Fewer pairs than this say nothing about a space."""


@dataclass(frozen=True)
class Sample:
    """Translations as two columns of texts, and the name of where they are from."""

    name: str
    languages: tuple[str, str]
    first: Sequence[str]
    second: Sequence[str]

    def __len__(self) -> int:
        """Count the pairs."""
        return len(self.first)


@dataclass(frozen=True)
class Choice:
    """Pairs to fit mends on, others to measure on, and whether the model was trained on those."""

    fitted: Sample
    measured: Sample
    trained_on: bool


def choose_samples(
    test: Suite, development: Suite, training: Sequence[Pair], *, seed: int, most: int = MOST
) -> Choice | None:
    """Choose translations: the test tasks' to measure on, development's to fit on.

    Where there are no development translations, training pairs are fitted on. Where there are no
    test translations, a half of what would be fitted on is measured on instead.

    Args:
        test: its bitext tasks are read.
        development: likewise.
        training: pairs of the corpus.
        seed: of the choice.
        most: pairs of either sample.

    Returns:
        The samples, or None where there are not enough translations between two languages.
    """
    given = _read(development), _read(test)
    from_training = not given[0]
    fitting = given[0] or [("training pairs", pair) for pair in training]
    languages = _main_languages(pair for _, pair in (given[1] or fitting))
    if languages is None:
        return None
    ours = _orient(fitting, languages)
    order = np.random.default_rng(seed).permutation(len(ours)).tolist()
    ours = [ours[place] for place in order]
    theirs = _orient(given[1], languages)
    held_out = bool(theirs)
    if not held_out:
        half = len(ours) // 2
        ours, theirs = ours[:half], ours[half:]
    else:
        order = np.random.default_rng(seed).permutation(len(theirs)).tolist()
        known = {text for _, one, two in theirs for text in (one, two)}
        ours = [row for row in ours if row[1] not in known and row[2] not in known]
        theirs = [theirs[place] for place in order]
    if min(len(ours), len(theirs)) < FEWEST:
        return None
    return Choice(
        _sample(ours[:most], languages),
        _sample(theirs[:most], languages),
        trained_on=from_training and not held_out,
    )


_Row = tuple[str, str, str]  # the task's name and both texts


def _read(suite: Suite) -> list[tuple[str, Pair]]:
    """Read the translations of a suite's bitext tasks, each with its task's name."""
    from nmixx.corpus.shapes import read_pairs

    return [
        (name, pair)
        for name, task in suite.bitext.items()
        for pair in read_pairs(task.path, task.columns)
    ]


def _main_languages(pairs: Iterable[Pair]) -> tuple[str, str] | None:
    """Find the two languages that most pairs are between, in the order most have."""
    directions = Counter(
        (p.anchor_lang, p.positive_lang)
        for p in pairs
        if p.anchor_lang and p.positive_lang and p.anchor_lang != p.positive_lang
    )
    if not directions:
        return None
    joined = Counter[frozenset[str]]()
    for sides, count in directions.items():
        joined[frozenset(sides)] += count
    best = max(joined, key=lambda sides: (joined[sides], sorted(sides)))
    return max((s for s in directions if frozenset(s) == best), key=lambda s: (directions[s], s))


def _orient(rows: Iterable[tuple[str, Pair]], languages: tuple[str, str]) -> list[_Row]:
    """Turn pairs between the languages the same way round, each text once; drop the others."""
    kept: list[_Row] = []
    seen: set[str] = set()
    for name, pair in rows:
        sides = (pair.anchor_lang, pair.positive_lang)
        if sides not in (languages, languages[::-1]):
            continue
        one, two = pair.anchor, pair.positive
        if sides != languages:
            one, two = two, one
        if one not in seen and two not in seen:
            seen |= {one, two}
            kept.append((name, one, two))
    return kept


def _sample(rows: Sequence[_Row], languages: tuple[str, str]) -> Sample:
    """Make columns of rows."""
    name = ", ".join(sorted({name for name, _, _ in rows}))
    return Sample(name, languages, [one for _, one, _ in rows], [two for _, _, two in rows])
