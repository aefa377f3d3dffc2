"""Shortlists: the best of another teacher for each query, and its positives.

What the rules forbid takes no place in a shortlist. The query itself would: a candidate like any
text, it scores highest, and after min-max it alone would hold the 1.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nmixx.mining.rules import IntArray, Rules
from nmixx.mining.runs import Run
from nmixx.mining.teachers.protocol import Query, Scorer, Tier

WINDOW = 200
"""Candidates a query that are fused, rescored or normalised."""


def list_best(scorer: Scorer, queries: Sequence[Query], window: int, rules: Rules) -> Run:
    """Find the best ``window`` documents of each query, among its positives and what it may find.

    A positive stands in the list where its score puts it, and not at all if that is further down,
    or if it has no score above 0 and was not found.
    """
    found = _search(scorer, queries, window, rules)
    known = _add_positives(found, scorer, queries)
    listed = ~np.isnan(found.lookup(known.queries, known.documents))
    kept = (known.ranks <= window) & (listed | (known.scores > 0))
    return Run.build(
        known.queries[kept], known.documents[kept], known.scores[kept], count=len(queries)
    )


def list_positives(queries: Sequence[Query]) -> tuple[IntArray, IntArray]:
    """List the rows of queries and of their positives, two arrays of the same shape."""
    pairs = [(row, document) for row, query in enumerate(queries) for document in query.positives]
    rows: IntArray = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return rows[:, 0], rows[:, 1]


def list_known(scorer: Scorer, queries: Sequence[Query], window: int, rules: Rules) -> Run:
    """Find the best ``window`` documents that each query may find, and add all its positives."""
    return _add_positives(_search(scorer, queries, window, rules), scorer, queries)


def _search(scorer: Scorer, queries: Sequence[Query], window: int, rules: Rules) -> Run:
    """Find the best documents of each query."""
    ceilings = np.full(len(queries), np.inf, dtype=np.float32)
    (hits,) = scorer.search([Tier(window, ceilings)], rules)
    found = hits.indices >= 0
    rows = np.nonzero(found)[0]
    return Run.build(rows, hits.indices[found], hits.scores[found], count=len(queries))


def _add_positives(run: Run, scorer: Scorer, queries: Sequence[Query]) -> Run:
    """Add the positives that the teacher can score."""
    rows, documents = list_positives(queries)
    scores = scorer.pairs(rows, documents)
    known = ~np.isnan(scores)
    return Run.build(
        np.concatenate([run.queries, rows[known]]),
        np.concatenate([run.documents, documents[known]]),
        np.concatenate([run.scores, scores[known]]),
        count=len(queries),
    )
