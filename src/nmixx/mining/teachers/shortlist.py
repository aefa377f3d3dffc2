"""Shortlists: the best of another teacher for each query, and its positives."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nmixx.mining.rules import IntArray, Rules
from nmixx.mining.runs import Run
from nmixx.mining.teachers.protocol import Query, Scorer, Tier

WINDOW = 200
"""Candidates a query that are fused, rescored or normalised."""


def list_best(scorer: Scorer, queries: Sequence[Query], window: int) -> Run:
    """Find the best ``window`` documents of each query, positives and duplicates among them."""
    ceilings = np.full(len(queries), np.inf, dtype=np.float32)
    (hits,) = scorer.search([Tier(window, ceilings)], Rules(()))
    found = hits.indices >= 0
    rows = np.nonzero(found)[0]
    return Run.build(rows, hits.indices[found], hits.scores[found], count=len(queries))


def list_positives(queries: Sequence[Query]) -> tuple[IntArray, IntArray]:
    """List the rows of queries and of their positives, two arrays of the same shape."""
    pairs = [(row, document) for row, query in enumerate(queries) for document in query.positives]
    rows: IntArray = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return rows[:, 0], rows[:, 1]


def list_known(scorer: Scorer, queries: Sequence[Query], window: int) -> Run:
    """Find the best ``window`` documents of each query, and add the positives it can score."""
    best = list_best(scorer, queries, window)
    rows, documents = list_positives(queries)
    scores = scorer.pairs(rows, documents)
    known = ~np.isnan(scores)
    return Run.build(
        np.concatenate([best.queries, rows[known]]),
        np.concatenate([best.documents, documents[known]]),
        np.concatenate([best.scores, scores[known]]),
        count=len(queries),
    )
