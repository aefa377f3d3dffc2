"""Exact search for the best documents below each query's own threshold, in constant memory."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nmixx.encoding import FloatArray
from nmixx.progress import track

IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Hits:
    """Found documents, best first; index -1 and score -inf where a query has too few.

    Both arrays have shape (queries, k).
    """

    indices: IntArray
    scores: FloatArray


def search_below(
    queries: FloatArray,
    documents: FloatArray,
    thresholds: FloatArray,
    query_groups: IntArray,
    document_groups: IntArray,
    *,
    k: int,
    block: int = 4096,
) -> Hits:
    """Find the k best documents that score below each query's threshold, over the whole corpus.

    Documents of a query's own group are never found. Only one block of scores exists at a time.
    Documents that score the same are taken in corpus order.

    Args:
        queries: unit vectors, shape (queries, dimensions).
        documents: unit vectors, shape (documents, dimensions); may be memory-mapped.
        thresholds: shape (queries,); a document must score strictly below.
        query_groups: shape (queries,).
        document_groups: shape (documents,).
        k: documents a query.
        block: rows of queries and of documents compared at once.
    """
    indices = np.full((len(queries), k), -1, dtype=np.int64)
    scores = np.full((len(queries), k), -np.inf, dtype=np.float32)
    for start in track(range(0, len(queries), block), "searching", size=len(queries)):
        rows = slice(start, start + block)
        found = _search_block(
            queries[rows],
            documents,
            thresholds[rows],
            query_groups[rows],
            document_groups,
            k=k,
            block=block,
        )
        indices[rows], scores[rows] = found.indices, found.scores
    return Hits(indices, scores)


def _search_block(
    queries: FloatArray,
    documents: FloatArray,
    thresholds: FloatArray,
    query_groups: IntArray,
    document_groups: IntArray,
    *,
    k: int,
    block: int,
) -> Hits:
    """Search all documents for one block of queries, merging block by block."""
    best_scores = np.full((len(queries), k), -np.inf, dtype=np.float32)
    best_indices = np.full((len(queries), k), -1, dtype=np.int64)
    for start in range(0, len(documents), block):
        scores = queries @ np.asarray(documents[start : start + block]).T
        forbidden = scores >= thresholds[:, None]
        forbidden |= query_groups[:, None] == document_groups[None, start : start + block]
        scores[forbidden] = -np.inf
        kept = _keep_best(scores, min(k, scores.shape[1]))
        merged = np.hstack([best_scores, np.take_along_axis(scores, kept, axis=1)])
        places = np.hstack([best_indices, kept + start])
        places[np.isneginf(merged)] = -1
        # Sort by falling score, then by rising index, so that ties always break the same way.
        order = np.lexsort((places, -merged), axis=1)[:, :k]
        best_scores = np.take_along_axis(merged, order, axis=1)
        best_indices = np.take_along_axis(places, order, axis=1)
    return Hits(best_indices, best_scores)


def _keep_best(scores: FloatArray, width: int) -> IntArray:
    """Choose the columns of the ``width`` best scores of each row; of equal ones the first."""
    kept: IntArray = np.argpartition(-scores, width - 1, axis=1)[:, :width]
    last = np.take_along_axis(scores, kept, axis=1).min(axis=1)
    # A partition takes any of the scores that tie for the last place; those rows are sorted.
    tied = ((scores >= last[:, None]).sum(axis=1) > width) & ~np.isneginf(last)
    for row in np.flatnonzero(tied):
        kept[row] = np.argsort(-scores[row], kind="stable")[:width]
    return kept
