"""Bitext: sentences and their translations, each to be found among all the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from nmixx.evaluation.accuracy import judge_matches, match_bitext
from nmixx.evaluation.examples import Examples
from nmixx.evaluation.settings import BitextTask
from nmixx.evaluation.surface import MIN_ROWS
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
        matches = match_bitext(lookup(sources), lookup(targets))
        forward, backward = (
            right.astype(np.float64) for right in judge_matches(matches, sources, targets)
        )
        there, back = self._directions()
        parts = {"direction": {there: Examples(forward), back: Examples(backward)}}
        return Examples((forward + backward) / 2, None, parts)

    def surface(self) -> Mapping[str, float]:
        """No baseline: chance is one in the number of pairs."""
        return {}

    def doubts(self) -> list[str]:
        """Say when there are too few pairs."""
        few = len(self.pairs) < MIN_ROWS
        return [f"only {len(self.pairs)} pairs: the interval is wide"] if few else []

    def _directions(self) -> tuple[str, str]:
        """Name both directions, for example ``ko → en`` and ``en → ko``."""
        sides = {(pair.anchor_lang, pair.positive_lang) for pair in self.pairs}
        first, second = sides.pop() if len(sides) == 1 else ("first", "second")
        if not first or not second or first == second:
            first, second = "first", "second"
        return f"{first} → {second}", f"{second} → {first}"
