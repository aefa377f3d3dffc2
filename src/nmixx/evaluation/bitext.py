"""Bitext: sentences and their translations, each to be found among all the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from nmixx.evaluation.accuracy import (
    Matches,
    judge_matches,
    match_bitext,
    nearest_f1,
    number_texts,
)
from nmixx.evaluation.examples import Examples, group_by_length, split
from nmixx.evaluation.lexical import BM25, find_lexically
from nmixx.evaluation.margin import margin_f1
from nmixx.evaluation.settings import BitextTask
from nmixx.evaluation.surface import doubt_size
from nmixx.evaluation.tasks import Lookup, hash_data, require_rows
from nmixx.records import Pair


@dataclass(frozen=True)
class BitextData:
    """The translations of one task."""

    kind: ClassVar[str] = "bitext"
    metric: ClassVar[str] = "accuracy@1"

    name: str
    pairs: Sequence[Pair]
    data: str

    @classmethod
    def load(cls, name: str, settings: BitextTask) -> BitextData:
        """Read the pairs.

        Raises:
            DataError: the file cannot be used or holds fewer than two pairs.
        """
        from nmixx.corpus.shapes import read_pairs

        pairs = read_pairs(settings.path, settings.columns)
        require_rows(name, settings.path, len(pairs), "pairs")
        return cls(name, pairs, hash_data(settings.path, [pair.to_row() for pair in pairs]))

    @property
    def rows(self) -> Sequence[int]:
        """Number of each pair in its file, from 1."""
        return range(1, len(self.pairs) + 1)

    def texts(self) -> Iterable[str]:
        """Both sides of every pair."""
        return (text for pair in self.pairs for text in (pair.anchor, pair.positive))

    def measure(self, lookup: Lookup) -> Examples:
        """Score each pair by the share of directions in which it was found: 0, 0.5 or 1."""
        sources = [pair.anchor for pair in self.pairs]
        targets = [pair.positive for pair in self.pairs]
        first, second = lookup(sources), lookup(targets)
        matches = match_bitext(first, second)
        forward, backward = (
            right.astype(np.float64) for right in judge_matches(matches, sources, targets)
        )
        there, back = self._directions()
        values = (forward + backward) / 2
        parts: dict[str, Mapping[str, Examples]] = {
            "direction": {there: Examples(forward), back: Examples(backward)}
        }
        metrics = {
            "margin_f1": margin_f1(first, second, number_texts(sources), number_texts(targets)),
            "f1": nearest_f1(matches.forward),
        }
        return Examples(values, None, parts | split(values, None, self._groups), metrics)

    @property
    def _groups(self) -> dict[str, list[str]]:
        """Name each pair's category and its quarter by length."""
        lengths = [(len(pair.anchor) + len(pair.positive)) // 2 for pair in self.pairs]
        return {
            "category": [pair.category for pair in self.pairs],
            "length": group_by_length(lengths),
        }

    def surface(self) -> Mapping[str, float]:
        """Search by BM25 in both directions: names and figures that both languages share."""
        sources = [pair.anchor for pair in self.pairs]
        targets = [pair.positive for pair in self.pairs]
        there = find_lexically(sources, targets, k=1)
        back = find_lexically(targets, sources, k=1)
        if there is None or back is None:
            return {}
        found = judge_matches(Matches(there[:, 0], back[:, 0]), sources, targets)
        return {BM25: float(np.mean(found))}

    def doubts(self) -> list[str]:
        """Say when there are too few pairs, or some come twice."""
        seen = len({(pair.anchor, pair.positive) for pair in self.pairs})
        repeated = len(self.pairs) - seen
        again = [f"{repeated} of {len(self.pairs)} rows repeat an earlier pair"] if repeated else []
        return [*again, *doubt_size(len(self.pairs), "pairs")]

    def _directions(self) -> tuple[str, str]:
        """Name both directions, for example ``ko → en`` and ``en → ko``."""
        sides = {(pair.anchor_lang, pair.positive_lang) for pair in self.pairs}
        first, second = sides.pop() if len(sides) == 1 else ("first", "second")
        if not first or not second or first == second:
            first, second = "first", "second"
        return f"{first} → {second}", f"{second} → {first}"
