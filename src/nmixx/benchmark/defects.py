"""The defects that published sets of this kind have, one function each.

What is found is said, with figures; what to do about it is for people to decide.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from nmixx.benchmark.predictor import area
from nmixx.benchmark.scored import ScoredSet
from nmixx.corpus.clean import normalise_key
from nmixx.evaluation.spearman import spearman
from nmixx.evaluation.surface import BASELINES, MIN_ROWS
from nmixx.records import SAME_MEANING, ScoredPair

TELLING = 0.2
"""Rank correlation of surface and label from which it is worth a word, if it is no accident."""

NAMED = 3
"""Features named at most."""

SURE = 3.0
"""Standard errors that tell it from accident."""

FEW_CHANGES = 0.4
"""Share of the changes of label between neighbours that chance would give; less is an order."""

APART = 0.9
"""Chance that a faithful pair has the higher score, below which the two are mixed."""

MIXED = 0.1
"""Share of shifted pairs under the highest label from which it is mixed."""


@dataclass(frozen=True)
class Defect:
    """Something that makes a set less than it seems."""

    kind: str
    message: str


def find_surface(data: ScoredSet) -> Iterator[Defect]:
    """Find labels that lengths, overlap, figures, or all with cue words together tell."""
    least = max(TELLING, SURE / np.sqrt(max(len(data.pairs) - 1, 1)))
    telling = {name: value for name, value in data.surface.items() if abs(value) >= least}
    if telling:
        order = sorted(telling, key=lambda name: -abs(telling[name]))
        named = ", ".join(f"{name} ({telling[name]:.2f})" for name in order[:NAMED])
        more = f" and {len(order) - NAMED} more" if len(order) > NAMED else ""
        yield Defect(
            "labels show on the surface", f"they correlate with {named}{more}, without any reading"
        )
    prediction = data.prediction
    if prediction is not None and prediction.spearman >= least:
        area_ = f", area under the curve {prediction.auc:.2f}" if prediction.auc else ""
        yield Defect(
            "labels show on the surface",
            "lengths, overlap, figures and cue words together, learnt from other pairs, predict "
            f"them at {prediction.spearman:.2f}{area_}",
        )


def find_order(data: ScoredSet) -> Iterator[Defect]:
    """Find rows that stand in the order of their labels, as a whole or in blocks."""
    for split in dict.fromkeys(data.splits):
        rows = [row for row, name in enumerate(data.splits) if name == split]
        labels = data.labels[rows]
        where = f" in {split}" if split else ""
        if len(rows) < 10 or len(np.unique(labels)) < 2:
            continue
        risen = abs(spearman(np.arange(len(labels), dtype=np.float64), labels))
        counts = np.array(list(Counter(labels.tolist()).values()))
        expected = len(labels) * (1 - ((counts / len(labels)) ** 2).sum())
        changes = int((labels[1:] != labels[:-1]).sum())
        if risen > APART or changes < FEW_CHANGES * expected:
            yield Defect(
                "rows stand in the order of their labels",
                f"{changes} changes of label between neighbours{where}, {expected:.0f} would be "
                "usual: a part of the file is no sample of it",
            )


def find_mixture(data: ScoredSet) -> Iterator[Defect]:
    """Find paraphrases and shifts that share a label: by column ``shift``, else by figures."""
    kinds = np.array([_faithful(pair) for pair in data.pairs])
    faithful, shifted = data.labels[kinds == 1], data.labels[kinds == 0]
    if not len(data.pairs):
        return
    top = data.labels.max()
    highest = data.labels == top
    if len(faithful) and len(shifted):
        apart = area(faithful, shifted)
        both = int((highest & (kinds == 0)).sum())
        if apart < APART:
            yield Defect(
                "paraphrases and shifts share labels",
                f"a faithful pair is scored above a shifted one {apart:.0%} of the time, ties "
                "counted half",
            )
        if both >= max(3, MIXED * highest.sum()):
            yield Defect(
                "paraphrases and shifts share labels",
                f"{both} of the {int(highest.sum())} pairs with the highest score are shifted",
            )
        return
    changed = sum(
        bool(at) and "-" not in pair.lang and BASELINES["same figures"](*_texts(pair)) < 1
        for at, pair in zip(highest, data.pairs, strict=True)
    )
    if changed >= max(3, 0.05 * highest.sum()):
        yield Defect(
            "paraphrases and shifts share labels",
            f"{changed} of the {int(highest.sum())} pairs with the highest score differ in a "
            "figure (a column shift would tell more)",
        )


def find_leaks(data: ScoredSet) -> Iterator[Defect]:
    """Find sentences, sources and groups that stand in two splits."""
    for what, ties in _TIES.items():
        where: dict[str, set[str]] = defaultdict(set)
        for pair, split in zip(data.pairs, data.splits, strict=True):
            for tie in ties(pair) if split else ():
                where[tie].add(split)
        shared = [tie for tie, splits in where.items() if len(splits) > 1]
        if shared:
            splits = ", ".join(sorted(set().union(*(where[tie] for tie in shared))))
            yield Defect(
                "splits share sources",
                f"{len(shared)} {what} stand in more than one of {splits}, such as "
                f"'{shared[0][:50]}'",
            )


def find_repeats(data: ScoredSet) -> Iterator[Defect]:
    """Find pairs that recur, in either order, and pairs of twice the same sentence."""
    rows: dict[frozenset[str], list[float]] = defaultdict(list)
    for pair in data.pairs:
        rows[frozenset(normalise_key(text) for text in _texts(pair))].append(pair.score)
    again = [scores for scores in rows.values() if len(scores) > 1]
    if again:
        differ = sum(len(set(scores)) > 1 for scores in again)
        yield Defect(
            "pairs recur",
            f"{sum(map(len, again)) - len(again)} of {len(data.pairs)} rows repeat an earlier "
            f"pair; {differ} pairs have different scores",
        )
    same = sum(len(texts) == len(scores) for texts, scores in rows.items() if len(texts) == 1)
    if same:
        yield Defect("pairs recur", f"{same} pairs are twice the same sentence")


def find_size(data: ScoredSet) -> Iterator[Defect]:
    """Find splits too small to tell models apart."""
    for split, count in Counter(data.splits).items():
        if count < MIN_ROWS:
            where = f"{split}: " if split else ""
            yield Defect("few pairs", f"{where}only {count}: intervals are wide")


_TIES: dict[str, Callable[[ScoredPair], set[str]]] = {
    "sentences": lambda pair: {normalise_key(pair.sentence1), normalise_key(pair.sentence2)},
    "sources": lambda pair: {str(pair.extra.get("source") or "")} - {""},
    "groups": lambda pair: {str(pair.extra.get("group") or "")} - {""},
}

DEFECTS: dict[str, Callable[[ScoredSet], Iterator[Defect]]] = {
    "surface": find_surface,
    "order": find_order,
    "mixture": find_mixture,
    "leaks": find_leaks,
    "repeats": find_repeats,
    "size": find_size,
}
"""Check to the function that makes it; another is a row here."""


def _faithful(pair: ScoredPair) -> int:
    """Tell whether a pair is meant to say the same: 1, 0, or -1 where the file does not tell."""
    if not pair.shift:
        return -1
    return int(pair.shift in SAME_MEANING)


def _texts(pair: ScoredPair) -> tuple[str, str]:
    """Give the two sentences."""
    return pair.sentence1, pair.sentence2
