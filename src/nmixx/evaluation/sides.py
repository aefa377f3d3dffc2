"""The sides of an example: which texts it has; what tasks over pairs share beside."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from nmixx.evaluation.bootstrap import Array
from nmixx.evaluation.examples import group_by_length
from nmixx.evaluation.spearman import cosines
from nmixx.evaluation.tasks import Lookup
from nmixx.records import ScoredPair

DIMENSIONS = ("lang", "category", "shift")
"""Columns by which figures are broken down, beside the quarter of length."""


_SIDES: dict[str, Callable[[Any], Sequence[tuple[str, ...]]]] = {
    "sts": lambda task: [(pair.sentence1, pair.sentence2) for pair in task.pairs],
    "pair_classification": lambda task: [(pair.sentence1, pair.sentence2) for pair in task.pairs],
    "bitext": lambda task: [(pair.anchor, pair.positive) for pair in task.pairs],
    "triplets": lambda task: list(zip(task.anchors, task.positives, task.negatives, strict=True)),
    "retrieval": lambda task: [
        (query, task.documents[next(iter(gains))])
        for query, gains in zip(task.queries, task.relevant, strict=True)
    ],
}
"""Kind of task to the texts of each of its examples."""


def list_sides(task: Any) -> Sequence[tuple[str, ...]] | None:  # noqa: ANN401 - any kind of task
    """Give the texts of each of a task's examples; None of a kind whose texts are not known.

    Of a query they are itself and the first document that answers it.
    """
    sides = _SIDES.get(task.kind)
    return None if sides is None else sides(task)


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
