"""Runs: what is known of the scores of queries and documents, by their rows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from nmixx.encoding import FloatArray
from nmixx.mining.rules import IntArray


@dataclass(frozen=True, eq=False)
class Run:
    """Known scores, query by query: each query's lines stand best first.

    Attributes:
        offsets: where each query's lines begin, and the end of the last, shape (queries + 1,).
        documents: rows of the pool, shape (lines,).
        scores: shape (lines,); documents that score the same stand in the pool's order.
    """

    offsets: IntArray
    documents: IntArray
    scores: FloatArray

    @classmethod
    def build(
        cls, queries: IntArray, documents: IntArray, scores: FloatArray, *, count: int
    ) -> Run:
        """Order lines into a run; of lines on the same query and document the first counts.

        Args:
            queries: rows of queries, shape (lines,).
            documents: rows of documents, shape (lines,).
            scores: finite, shape (lines,).
            count: number of queries, those without a line included.
        """
        width = int(documents.max(initial=0)) + 1
        _, first = np.unique(queries * width + documents, return_index=True)
        queries, documents, scores = queries[first], documents[first], scores[first]
        order = np.lexsort((documents, -scores, queries))
        offsets = np.searchsorted(queries[order], np.arange(count + 1))
        return cls(
            offsets.astype(np.int64),
            documents[order].astype(np.int64),
            scores[order].astype(np.float32),
        )

    def of(self, query: int) -> tuple[IntArray, FloatArray]:
        """Give a query's documents and their scores, best first."""
        lines = slice(self.offsets[query], self.offsets[query + 1])
        return self.documents[lines], self.scores[lines]

    @cached_property
    def queries(self) -> IntArray:
        """The query's row of each line, shape (lines,)."""
        rows: IntArray = np.repeat(np.arange(len(self.offsets) - 1), np.diff(self.offsets))
        return rows

    @cached_property
    def ranks(self) -> IntArray:
        """The rank of each line among its query's, from 1, shape (lines,)."""
        ranks: IntArray = np.arange(len(self.documents)) - self.offsets[self.queries] + 1
        return ranks

    def lookup(self, queries: IntArray, documents: IntArray) -> FloatArray:
        """Give the scores of pairs of rows, NaN where a pair has no line, shape (n,)."""
        found: FloatArray = np.full(len(queries), np.nan, dtype=np.float32)
        keys, lines, width = self._index
        asked = queries * width + documents
        at = np.searchsorted(keys, asked)
        known = (at < len(keys)) & (documents < width)
        known[known] = keys[at[known]] == asked[known]
        found[known] = self.scores[lines[at[known]]]
        return found

    @cached_property
    def _index(self) -> tuple[IntArray, IntArray, int]:
        """One sorted number for each line, the line, and the factor that made the number."""
        width = int(self.documents.max(initial=0)) + 1
        keys = self.queries * width + self.documents
        lines = np.argsort(keys, kind="stable")
        return keys[lines], lines, width


def distinct_pairs(queries: IntArray, documents: IntArray) -> tuple[IntArray, IntArray]:
    """List each pair of rows once, in rising order; two arrays of the same shape."""
    width = int(documents.max(initial=0)) + 1
    rows = np.divmod(np.unique(queries * width + documents), width)
    return rows[0].astype(np.int64), rows[1].astype(np.int64)
