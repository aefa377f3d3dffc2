"""Whether the negative is hard to tell by its surface: its length, and the words it shares."""

from __future__ import annotations

from nmixx.records import Triplet
from nmixx.triplets.checks.check import DOUBT, origin_of
from nmixx.triplets.checks.copies import squeeze
from nmixx.triplets.taxonomy import SHIFTS

_LENGTHS = (0.4, 2.5)
_LEAST_SHARED = 0.3


def keep_length(triplet: Triplet) -> float | None:
    """Score 0 where the negative's length alone gives it away, where it was made from a text."""
    origin = origin_of(triplet)
    if origin is None or triplet.negative_kind not in SHIFTS:
        return None
    low, high = _LENGTHS
    return 1.0 if low <= len(triplet.negative) / max(1, len(origin)) <= high else 0.0


def keep_wording(triplet: Triplet) -> float | None:
    """Doubt a shifted negative that shares few of its origin's letter trigrams: too easy."""
    origin = origin_of(triplet)
    if origin is None or triplet.negative_kind not in SHIFTS:
        return None
    return 1.0 if likeness(origin, triplet.negative) >= _LEAST_SHARED else DOUBT


def likeness(one: str, other: str) -> float:
    """Give the share of letter trigrams that two texts have in common (Jaccard)."""
    first, second = _trigrams(one), _trigrams(other)
    return len(first & second) / max(1, len(first | second))


def _trigrams(text: str) -> frozenset[str]:
    """List the distinct letter trigrams of a text, edges included."""
    padded = f"  {squeeze(text)} "
    return frozenset(padded[at : at + 3] for at in range(len(padded) - 2))
