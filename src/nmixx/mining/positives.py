"""Positives: what a teacher gives the texts that are known to belong to a query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nmixx.encoding import FloatArray
from nmixx.mining.rules import IntArray
from nmixx.mining.teachers.protocol import Query, Scorer


@dataclass(frozen=True)
class PositiveScores:
    """What a teacher gives the positives of all queries.

    ``queries``, ``documents`` and ``scores`` have one entry a pair, shape (pairs,); a score is NaN
    where the teacher does not know the pair. ``lowest`` has shape (queries,).
    """

    queries: IntArray
    documents: IntArray
    scores: FloatArray
    lowest: FloatArray

    @classmethod
    def of(cls, scorer: Scorer, queries: Sequence[Query]) -> PositiveScores:
        """Score every query with each of its positives.

        Args:
            scorer: the opened teacher.
            queries: as the teacher was opened on.
        """
        rows = np.repeat(np.arange(len(queries)), [len(query.positives) for query in queries])
        documents = np.array([row for query in queries for row in query.positives], dtype=np.int64)
        scores = scorer.pairs(rows, documents)
        lowest = np.full(len(queries), np.nan, dtype=np.float32)
        # The smaller of two, and the one that is known where the other is not.
        np.fmin.at(lowest, rows, scores)
        return cls(rows, documents, scores, lowest)
