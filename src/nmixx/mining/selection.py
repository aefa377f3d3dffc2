"""Selection: the best allowed documents below a ceiling, from one query's scores.

For teachers whose scores are at hand query by query. The order is total, falling scores and then
the pool's order, so every answer is the only one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from nmixx.encoding import FloatArray
from nmixx.mining.rules import BoolArray, IntArray, Rules
from nmixx.mining.teachers.protocol import Hits, Query, Tier
from nmixx.progress import track

Candidates = Callable[[int], tuple[IntArray, FloatArray]]
"""A query's row to the documents it may find and their scores, in any order."""

Compare = Callable[[IntArray, IntArray], FloatArray]
"""Scores documents with documents; see :meth:`nmixx.mining.teachers.protocol.Scorer.similarity`."""

GROWTH = 4


def best_below(scores: FloatArray, documents: IntArray, ceiling: float, k: int) -> IntArray:
    """Give the places of the ``k`` best scores strictly below a ceiling, best first.

    Documents that score the same come in rising order of their rows.

    Args:
        scores: finite, shape (n,).
        documents: their rows, shape (n,).
        ceiling: infinite where no score is too high; nothing is below NaN.
        k: places wanted; fewer come back where fewer are below.
    """
    below = np.flatnonzero(scores < ceiling)
    if k < len(below):
        below = _keep_best(scores, documents, below, k)
    order: IntArray = np.lexsort((documents[below], -scores[below]))
    return below[order]


def best_allowed(
    scores: FloatArray,
    documents: IntArray,
    ceiling: float,
    k: int,
    allowed: Callable[[IntArray], BoolArray],
) -> IntArray:
    """Give the places of the ``k`` best allowed scores strictly below a ceiling, best first.

    What is allowed is asked of the best only, in windows that grow until ``k`` are found or none
    is left, so the answer is that of asking about every document.

    Args:
        scores: finite, shape (n,).
        documents: their rows, shape (n,).
        ceiling: see :func:`best_below`.
        k: places wanted.
        allowed: tells which rows of documents may be found.
    """
    kept: list[IntArray] = []
    found = asked = 0
    window = GROWTH * k
    while found < k:
        places = best_below(scores, documents, ceiling, window)
        new = places[asked:]
        kept.append(new[allowed(documents[new])])
        found += len(kept[-1])
        asked = len(places)
        if asked < window:
            break
        window *= GROWTH
    return np.concatenate([np.empty(0, dtype=np.int64), *kept])[:k]


def answer(
    candidates: Candidates,
    queries: Sequence[Query],
    tiers: Sequence[Tier],
    rules: Rules,
    compare: Compare,
) -> list[Hits]:
    """Answer all tiers, query by query; see :meth:`nmixx.mining.teachers.protocol.Scorer.search`.

    Args:
        candidates: gives each query's scores; asked once for each query.
        queries: all queries, in the order of their rows.
        tiers: the questions.
        rules: which documents a query must not find.
        compare: called only where a tier bounds the similarity to the positives.
    """
    hits = [_no_hits(len(queries), tier.k) for tier in tiers]
    for row, query in enumerate(track(queries, "searching")):
        documents, scores = candidates(row)
        for tier, hit in zip(tiers, hits, strict=True):
            allowed = _allow(row, query, tier, rules, compare)
            places = best_allowed(scores, documents, tier.ceilings[row], tier.k, allowed)
            hit.indices[row, : len(places)] = documents[places]
            hit.scores[row, : len(places)] = scores[places]
    return hits


def _keep_best(scores: FloatArray, documents: IntArray, places: IntArray, k: int) -> IntArray:
    """Choose ``k`` of more places; of those that tie for the last, the first documents."""
    values = scores[places]
    if k == 0:
        return places[:0]
    last = np.partition(values, len(values) - k)[len(values) - k]
    above, tied = places[values > last], places[values == last]
    if len(above) + len(tied) > k:
        tied = tied[np.argsort(documents[tied], kind="stable")[: k - len(above)]]
    return np.concatenate([above, tied])


def _allow(
    row: int, query: Query, tier: Tier, rules: Rules, compare: Compare
) -> Callable[[IntArray], BoolArray]:
    """Join the rules of a query and a tier's bound on the similarity to the query's positives."""
    apart = np.inf if tier.apart is None else tier.apart[row]

    def allowed(documents: IntArray) -> BoolArray:
        held = rules.allowed(row, documents)
        if apart == np.inf or not held.any():
            return held
        held[held] = _nearest(documents[held], query, compare) < apart
        return held

    return allowed


def _nearest(documents: IntArray, query: Query, compare: Compare) -> FloatArray:
    """Give each document's highest similarity to a positive of the query, shape (documents,)."""
    nearest: FloatArray = np.full(len(documents), -np.inf, dtype=np.float32)
    for positive in query.positives:
        positives = np.full(len(documents), positive, dtype=np.int64)
        np.maximum(nearest, compare(documents, positives), out=nearest)
    return nearest


def _no_hits(queries: int, k: int) -> Hits:
    """Make room for a tier's answer."""
    return Hits(
        np.full((queries, k), -1, dtype=np.int64),
        np.full((queries, k), -np.inf, dtype=np.float32),
    )
