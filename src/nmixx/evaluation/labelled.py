"""Pair classification: pairs that belong together and pairs that do not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from nmixx.errors import DataError
from nmixx.evaluation.bootstrap import Array
from nmixx.evaluation.cells import read_cell, read_text_cell
from nmixx.evaluation.examples import Examples, split
from nmixx.evaluation.precision import average_precision
from nmixx.evaluation.settings import PairTask
from nmixx.evaluation.sides import DIMENSIONS, both_sides, group_pairs, measure_pairs
from nmixx.evaluation.surface import find_doubts, score_surface
from nmixx.evaluation.tasks import Lookup, hash_data, require_rows
from nmixx.records import ScoredPair

FIGURED = "average precision"


@dataclass(frozen=True)
class PairData:
    """The labelled pairs of one task; the score of a pair is its label, 1 or 0."""

    kind: ClassVar[str] = "pair_classification"
    metric: ClassVar[str] = "ap"

    name: str
    pairs: Sequence[ScoredPair]
    rows: Sequence[int]
    data: str

    @classmethod
    def load(cls, name: str, settings: PairTask) -> PairData:
        """Read the pairs; those with a label that is neither positive nor negative are left out.

        Raises:
            DataError: the file cannot be used, or there are not pairs of both kinds.
        """
        from nmixx.corpus.readers import read_rows

        meanings = dict.fromkeys(map(str, settings.negative), 0.0)
        meanings |= dict.fromkeys(map(str, settings.positive), 1.0)
        kept: list[tuple[int, ScoredPair]] = []
        labels: dict[str, int] = {}
        for number, row in read_rows(settings.path):
            where = f"{settings.path}, row {number}"
            label = str(read_cell(row, "label", settings.columns, where))
            labels[label] = labels.get(label, 0) + 1
            if label in meanings:
                first, second = (
                    read_text_cell(row, column, settings.columns, where)
                    for column in ("sentence1", "sentence2")
                )
                kept.append((number, _pair(first, second, meanings[label], row)))
        require_rows(name, settings.path, len(kept), "labelled pairs")
        if len({pair.score for _, pair in kept}) < 2:
            raise DataError(
                f"task {name!r}: {settings.path} has not both positives and negatives.\n"
                f"Positive are {list(settings.positive)}, negative {list(settings.negative)}; "
                f"its labels: {', '.join(sorted(labels))}."
            )
        pairs = [pair for _, pair in kept]
        content = [pair.to_row() for pair in pairs]
        return cls(name, pairs, [row for row, _ in kept], hash_data(settings.path, content))

    @cached_property
    def labels(self) -> Array:
        """1 for pairs that belong together, else 0; shape (pairs,)."""
        return np.array([pair.score for pair in self.pairs], dtype=np.float64)

    def texts(self) -> Iterable[str]:
        """Both sentences of every pair."""
        return both_sides(self.pairs)

    def measure(self, lookup: Lookup) -> Examples:
        """Score each pair by cosine similarity."""
        values, groups = measure_pairs(self.pairs, lookup), group_pairs(self.pairs)
        parts = split(values, self.labels, groups, FIGURED)
        return Examples(values, self.labels, parts, best_cuts(values, self.labels), FIGURED)

    def surface(self) -> Mapping[str, float]:
        """Rank the pairs by what can be seen without reading."""
        return score_surface(self.pairs, self.labels, average_precision)

    def doubts(self) -> list[str]:
        """Look for sorted labels, repeated rows and too few of them."""
        return find_doubts(self.pairs, self.labels)


def best_cuts(scores: Array, labels: Array) -> dict[str, float]:
    """Accuracy and F1 at the cut through the scores that suits each best.

    Args:
        scores: shape (pairs,).
        labels: 1 or 0, shape (pairs,).
    """
    order = np.argsort(-scores, kind="stable")
    ends = np.flatnonzero(np.append(np.diff(scores[order]) != 0, True))
    hits = np.cumsum(labels[order])[ends]
    taken = ends + 1.0
    positives, count = labels.sum(), len(labels)
    right = hits + (count - positives) - (taken - hits)
    return {
        "accuracy": float(max(right.max(), count - positives) / count),
        "f1": float((2 * hits / (taken + positives)).max()),
    }


def _pair(first: str, second: str, score: float, row: Mapping[str, Any]) -> ScoredPair:
    """Build a pair; its language is told by the texts where the row does not."""
    from nmixx.corpus.language import detect_language

    found = dict.fromkeys(filter(None, (detect_language(first), detect_language(second))))
    told = {name: str(row[name]) for name in DIMENSIONS if row.get(name) is not None}
    return ScoredPair(
        first,
        second,
        score,
        told.get("lang", "-".join(found)),
        told.get("category", ""),
        told.get("shift", ""),
    )
