"""What a check is, and what the texts of a triplet are to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from nmixx.records import SAME_MEANING, Triplet

DOUBT = 0.7
"""The score where a check can neither confirm nor refute."""

FAULT = 0.5
"""Scores below this are faults; from here to 1 there is less and less doubt."""

Score = Callable[[Triplet], float | None]
"""Gives a number from 0 to 1, or None where the check has nothing to say."""


@dataclass(frozen=True)
class Check:
    """One question that a triplet must answer well.

    Attributes:
        name: the score's column is ``score_`` and this.
        fault: the reason that stands in ``dropped.parquet``.
        score: see :data:`Score`.
    """

    name: str
    fault: str
    score: Score

    @property
    def column(self) -> str:
        """The extra column of triplets that holds the score."""
        return score_column(self.name)


def score_column(name: str) -> str:
    """Name the column of a check's score."""
    return f"score_{name}"


def origin_of(triplet: Triplet) -> str | None:
    """Give the text that the negative was made of: the one that is named, or in its language."""
    named = triplet.extra.get("origin")
    if named:
        return str(named)
    if triplet.positive_lang == triplet.negative_lang:
        return triplet.positive
    return triplet.anchor if triplet.anchor_lang == triplet.negative_lang else None


def says_the_same(triplet: Triplet) -> bool:
    """Tell whether the positive claims to say all that the anchor says, and nothing else."""
    return triplet.positive_kind in SAME_MEANING


def lower_by_share(kept: int, total: int) -> float | None:
    """Score facts: 1 where all are kept, below one half by the share that is lost."""
    if total == 0:
        return None
    return 1.0 if kept == total else round(FAULT * 0.99 * kept / total, 4)
