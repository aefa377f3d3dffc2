"""What tasks over pairs of sentences share: their texts, their similarities, their groups."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from nmixx.evaluation.bootstrap import Array
from nmixx.evaluation.examples import group_by_length
from nmixx.evaluation.spearman import cosines
from nmixx.evaluation.tasks import Lookup
from nmixx.records import ScoredPair

DIMENSIONS = ("lang", "category", "shift")
"""Columns by which figures are broken down, beside the quarter of length."""


def both_sides(pairs: Sequence[ScoredPair]) -> Iterable[str]:
    """Yield both sentences of every pair."""
    return (text for pair in pairs for text in (pair.sentence1, pair.sentence2))


def measure_pairs(pairs: Sequence[ScoredPair], lookup: Lookup) -> Array:
    """Give the cosine similarity of each pair, shape (pairs,)."""
    first = lookup([pair.sentence1 for pair in pairs])
    second = lookup([pair.sentence2 for pair in pairs])
    return cosines(first, second)


def group_pairs(pairs: Sequence[ScoredPair]) -> Mapping[str, Sequence[str]]:
    """Give each pair's group in every dimension, the quarter of its mean length included."""
    groups = {name: [str(getattr(pair, name)) for pair in pairs] for name in DIMENSIONS}
    lengths = [(len(pair.sentence1) + len(pair.sentence2)) // 2 for pair in pairs]
    return {**groups, "length": group_by_length(lengths)}
