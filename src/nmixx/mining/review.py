"""Reviews: a second look at what a search found, which may turn a candidate down."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from nmixx.corpus.clean import normalise_key
from nmixx.corpus.duplicates import figures
from nmixx.corpus.shingles import compact, jaccard, shingle_set
from nmixx.encoding import FloatArray
from nmixx.mining.pool import Pool
from nmixx.mining.rules import IntArray
from nmixx.mining.teachers.protocol import Scorer

Reviewer = Callable[[IntArray, IntArray], list[str]]
"""Takes rows of queries and of documents; gives a reason for each pair it rejects, else ``""``."""

NEAR_DUPLICATE = "near-duplicate of the query or a positive"
SECOND_TEACHER = "scored too high by the second teacher"


def near_duplicates(pool: Pool, threshold: float) -> Reviewer:
    """Turn down what shares most of its letters with the query or one of its positives.

    Texts with other figures are never taken for duplicates: a changed figure is a hard negative.

    Args:
        pool: queries and documents.
        threshold: Jaccard similarity of character shingles from which two texts are one.
    """

    @lru_cache(maxsize=100_000)
    def shingles(text: str) -> frozenset[tuple[int, str]]:
        return shingle_set([compact(normalise_key(text))])

    def review(queries: IntArray, documents: IntArray) -> list[str]:
        reasons = []
        for number, row in zip(queries.tolist(), documents.tolist(), strict=True):
            query = pool.queries[number]
            text = pool.documents[row].text
            known = [query.text, *(pool.documents[at].text for at in query.positives)]
            close = any(
                jaccard(shingles(text), shingles(other)) >= threshold
                and figures(normalise_key(text)) == figures(normalise_key(other))
                for other in known
            )
            reasons.append(NEAR_DUPLICATE if close else "")
        return reasons

    return review


def second_teacher(scorer: Scorer, ceilings: FloatArray) -> Reviewer:
    """Turn down what another teacher scores at its own ceiling or above.

    Args:
        scorer: the other teacher, opened on the same queries and documents.
        ceilings: by the same policy, from its own scores of the positives, shape (queries,).
    """

    def review(queries: IntArray, documents: IntArray) -> list[str]:
        scores = scorer.pairs(queries, documents)
        too_high = np.greater_equal(scores, ceilings[queries])
        return [SECOND_TEACHER if high else "" for high in too_high]

    return review
