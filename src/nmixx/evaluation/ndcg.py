"""Search and its figures: how near the top of the list the documents are that were asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from nmixx.encoding import FloatArray

IntArray = npt.NDArray[np.int64]


def search_best(
    queries: FloatArray, documents: FloatArray, *, k: int = 10, block: int = 4096
) -> IntArray:
    """Find the k nearest documents of each query by exact search, one block of scores at a time.

    Args:
        queries: unit vectors, shape (queries, dimensions).
        documents: unit vectors, shape (documents, dimensions); may be memory-mapped.
        k: documents a query; all of them when there are fewer.
        block: queries and documents compared at once.

    Returns:
        Document indices, best first, shape (queries, min(k, documents)). Documents that score
        the same stand in the order of their index.
    """
    k = min(k, len(documents))
    found = np.empty((len(queries), k), dtype=np.int64)
    for row in range(0, len(queries), block):
        found[row : row + block] = _search_block(queries[row : row + block], documents, k, block)
    return found


def ndcg(
    found: IntArray, relevant: Sequence[Mapping[int, float]], *, k: int = 10
) -> npt.NDArray[np.float64]:
    """Normalised discounted cumulative gain of each query, shape (queries,).

    Gain is the judged relevance itself, discounted by log2(rank + 1), as trec_eval and BEIR
    have it (Järvelin and Kekäläinen 2002, equation 2 with linear gain).

    Args:
        found: document indices, best first, shape (queries, at least k or all documents).
        relevant: for each query the relevance of its relevant documents, at least one above 0.
        k: ranks that count.
    """
    discounts = 1 / np.log2(np.arange(2, k + 2))
    values = np.zeros(len(found))
    for number, (row, gains) in enumerate(zip(found[:, :k], relevant, strict=True)):
        gained = np.array([gains.get(int(index), 0.0) for index in row])
        ideal = np.array(sorted(gains.values(), reverse=True)[:k])
        values[number] = gained @ discounts[: len(gained)] / (ideal @ discounts[: len(ideal)])
    return values


def reciprocal_ranks(
    found: IntArray, relevant: Sequence[Mapping[int, float]], *, k: int = 10
) -> npt.NDArray[np.float64]:
    """One over the rank of each query's first relevant document, 0 beyond rank k; (queries,)."""
    values = np.zeros(len(found))
    for number, (row, gains) in enumerate(zip(found[:, :k].tolist(), relevant, strict=True)):
        values[number] = next((1 / rank for rank, at in enumerate(row, 1) if at in gains), 0.0)
    return values


def recall(
    found: IntArray, relevant: Sequence[Mapping[int, float]], *, k: int
) -> npt.NDArray[np.float64]:
    """Share of each query's relevant documents among the first k, shape (queries,)."""
    return np.array(
        [
            len(gains.keys() & row) / len(gains)
            for row, gains in zip(map(set, found[:, :k].tolist()), relevant, strict=True)
        ]
    )


def _search_block(queries: FloatArray, documents: FloatArray, k: int, block: int) -> IntArray:
    """Search all documents for one block of queries, merging block by block."""
    best_scores = np.full((len(queries), k), -np.inf, dtype=np.float32)
    best_indices = np.zeros((len(queries), k), dtype=np.int64)
    for start in range(0, len(documents), block):
        scores = queries @ np.asarray(documents[start : start + block]).T
        # Only what beats the worst kept so far can enter: equal scores come later in the corpus.
        enters = scores > best_scores[:, -1:]
        if scores.shape[1] > k:
            enters &= scores >= -np.partition(-scores, k - 1, axis=1)[:, k - 1 : k]
        best_scores, best_indices = _merge(best_scores, best_indices, scores, enters, start)
    return best_indices


def _merge(
    best_scores: FloatArray,
    best_indices: IntArray,
    scores: FloatArray,
    enters: npt.NDArray[np.bool_],
    start: int,
) -> tuple[FloatArray, IntArray]:
    """Merge the entering documents of a block into the best so far; stable, so ties keep order."""
    count, k = best_scores.shape
    rows, columns = np.nonzero(enters)
    row = np.concatenate([np.repeat(np.arange(count), k), rows])
    score = np.concatenate([best_scores.ravel(), scores[rows, columns]])
    index = np.concatenate([best_indices.ravel(), columns + start])
    order = np.lexsort((-score, row))
    row, score, index = row[order], score[order], index[order]
    place = np.arange(len(row)) - np.searchsorted(row, row)
    kept = place < k
    return score[kept].reshape(count, k), index[kept].reshape(count, k)
