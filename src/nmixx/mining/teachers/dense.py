"""Dense teachers: any embedding model, by the cosine of its vectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from nmixx.encoding import EmbeddingStore, Encoder, FloatArray, Precision
from nmixx.mining.rules import FREE, IntArray, Rules
from nmixx.mining.teachers.protocol import Hits, Query, Scorer, Tier

if TYPE_CHECKING:
    from nmixx.records import Document

_PAIRS = 4096
"""Pairs of vectors in memory at once."""


@dataclass(frozen=True)
class DenseTeacher:
    """Scores by the cosine of a query's and a document's vectors.

    Attributes:
        name: stands in the files beside its scores.
        queries: encodes queries, with their prompt.
        documents: encodes documents, with theirs.
        store: folder of the embedding store; what lies there already is not encoded again.
        precision: of the search's products; the answer is the same in any.
    """

    name: str
    queries: Encoder
    documents: Encoder
    store: Path
    precision: Precision = "auto"
    bounded: bool = True

    def open(
        self, queries: Sequence[Query], documents: Sequence[Document], rules: Rules = FREE
    ) -> Scorer:
        """Encode queries and documents."""
        return DenseScorer(
            EmbeddingStore(self.store, self.queries).encode(
                [query.text for query in queries], label="encoding queries"
            ),
            EmbeddingStore(self.store, self.documents).encode(
                [document.text for document in documents], label="encoding documents"
            ),
            [query.positives for query in queries],
            self.precision,
        )


@dataclass(frozen=True)
class DenseScorer:
    """Vectors of shape (queries, dimensions) and (documents, dimensions), ready to compare."""

    queries: FloatArray
    documents: FloatArray
    positives: Sequence[tuple[int, ...]]
    precision: Precision = "auto"

    def pairs(self, queries: IntArray, documents: IntArray) -> FloatArray:
        """Give the cosines of query and document rows, shape (n,)."""
        return _dots(self.queries, self.documents, queries, documents)

    def search(self, tiers: Sequence[Tier], rules: Rules) -> list[Hits]:
        """Find the best below each ceiling; see :func:`nmixx.mining.search.search`."""
        from nmixx.mining.search import search

        return search(
            self.queries,
            self.documents,
            tiers,
            rules,
            positives=self.positives,
            precision=self.precision,
        )

    def similarity(self, one: IntArray, other: IntArray) -> FloatArray:
        """Give the cosines of documents with each other, shape (n,)."""
        return _dots(self.documents, self.documents, one, other)


def _dots(
    one: FloatArray, other: FloatArray, rows_one: IntArray, rows_other: IntArray
) -> FloatArray:
    """Multiply rows with rows, as exactly as the search does, some at a time."""
    from nmixx.mining.kernels import paired_dots
    from nmixx.mining.vectors import read_rows

    out: FloatArray = np.empty(len(rows_one), dtype=np.float32)
    for start in range(0, len(out), _PAIRS):
        part = slice(start, start + _PAIRS)
        paired_dots(read_rows(one, rows_one[part]), read_rows(other, rows_other[part]), out[part])
    return out
