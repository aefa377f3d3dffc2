"""BM25 beside every model: what words and figures alone find."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import numpy as np

from nmixx.errors import MissingExtraError
from nmixx.evaluation.bootstrap import Array
from nmixx.evaluation.ndcg import IntArray

logger = logging.getLogger(__name__)

BM25 = "BM25"
_K1, _B = 1.5, 0.75
_MOST_TEXTS = 100_000
_words: dict[str, list[str]] = {}
"""Words of the texts that were taken apart so far, at most so many unless one task has more."""


def find_lexically(queries: Sequence[str], documents: Sequence[str], *, k: int) -> IntArray | None:
    """Find the k best documents of each query by BM25.

    Returns:
        Document indices, best first, shape (queries, min(k, documents)), equal scores in the order
        of the documents; None where the texts cannot be taken apart into words.
    """
    words = _take_apart([*documents, *queries])
    if words is None:
        return None
    from nmixx.mining.teachers.lexical import WordIndex

    index = WordIndex(words[: len(documents)], k1=_K1, b=_B)
    k = min(k, len(documents))
    found = np.empty((len(queries), k), dtype=np.int64)
    for row, some in enumerate(words[len(documents) :]):
        scores = index.score(index.number(some))
        best = np.flatnonzero(scores >= np.partition(scores, -k)[-k])
        found[row] = best[np.argsort(-scores[best], kind="stable")][:k]
    return found


def score_lexically(first: Sequence[str], second: Sequence[str]) -> Array | None:
    """Score pairs of texts by BM25, the mean of both directions, among all texts given.

    Returns:
        Shape (pairs,); None where the texts cannot be taken apart into words.
    """
    words = _take_apart([*first, *second])
    if words is None:
        return None
    from nmixx.mining.teachers.lexical import WordIndex

    ones, others = words[: len(first)], words[len(first) :]
    scores = np.zeros(len(first))
    for asked, answers in ((ones, others), (others, ones)):
        index = WordIndex(answers, k1=_K1, b=_B)
        for row, some in enumerate(asked):
            scores[row] += index.score(index.number(some))[row] / 2
    return scores


def _take_apart(texts: Sequence[str]) -> list[list[str]] | None:
    """Take texts apart into words, in the language that each shows.

    Tasks of a suite share texts, and Korean takes a while: what was taken apart is kept.
    """
    from nmixx.words.tokens import tokenize

    new = list(dict.fromkeys(text for text in texts if text not in _words))
    if len(_words) + len(new) > _MOST_TEXTS:
        _words.clear()
        new = list(dict.fromkeys(texts))
    try:
        # Hangul is known by its script; for the rest the stems and stop words of English serve.
        _words.update(zip(new, tokenize(new, ["en"] * len(new)), strict=True))
    except MissingExtraError as error:
        logger.warning("no BM25 beside the model: %s", error)
        return None
    return [_words[text] for text in texts]
