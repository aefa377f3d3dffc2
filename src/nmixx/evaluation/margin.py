"""Bitext mining by margin: a match counts by how far it stands out among its neighbours.

Artetxe and Schwenk, Margin-based Parallel Corpus Mining with Multilingual Sentence Embeddings
(2019), equations 1 and 2 with the ratio margin: a similarity is divided by the mean similarity of
both sentences to their nearest neighbours, so that a sentence near to everything is not everyone's
translation.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from nmixx.encoding import FloatArray

IntArray = npt.NDArray[np.int64]
Block = tuple[slice, slice, FloatArray]

NEIGHBOURS = 4
_LEAST = 1e-6


def margin_f1(
    sources: FloatArray,
    targets: FloatArray,
    source_numbers: IntArray,
    target_numbers: IntArray,
    *,
    k: int = NEIGHBOURS,
) -> float:
    """F1 of the pairs mined from both sides, at the threshold on the margin that suits it best.

    Candidates are the best target of each source and the best source of each target by margin;
    going from the widest margin down, a pair is kept when neither side was taken before (the
    ``max`` strategy). The threshold is fitted on these very pairs, as BUCC fits it on its training
    part, so the figure is an upper bound.

    Args:
        sources: unit vectors, shape (pairs, dimensions).
        targets: unit vectors of their translations, same shape.
        source_numbers: equal numbers for equal source texts, shape (pairs,).
        target_numbers: likewise for targets; a pair that equals the right one is right.
        k: neighbours of each side.
    """
    count = len(sources)
    near_source, near_target = _neighbourhoods(sources, targets, min(k, count))
    best = _Best(count), _Best(count)
    for rows, columns, scores in _blocks(sources, targets):
        ground = (near_source[rows, None] + near_target[columns]) / 2
        margins = (scores / np.maximum(ground, _LEAST)).astype(np.float32)
        best[0].update(rows, columns, margins)
        best[1].update(columns, rows, margins.T)
    everyone = np.arange(count)
    pairs = np.concatenate(
        [np.stack([everyone, best[0].indices], 1), np.stack([best[1].indices, everyone], 1)]
    )
    margins = np.concatenate([best[0].values, best[1].values])
    mined = _take_greedily(pairs[np.argsort(-margins, kind="stable")])
    right = (source_numbers[mined[:, 0]] == source_numbers[mined[:, 1]]) | (
        target_numbers[mined[:, 0]] == target_numbers[mined[:, 1]]
    )
    hits, kept = np.cumsum(right), np.arange(1, len(mined) + 1)
    return float((2 * hits / (kept + count)).max())


def _blocks(sources: FloatArray, targets: FloatArray, block: int = 2048) -> Iterator[Block]:
    """Yield the similarity matrix in blocks."""
    for row in range(0, len(sources), block):
        for column in range(0, len(targets), block):
            rows, columns = slice(row, row + block), slice(column, column + block)
            yield rows, columns, sources[rows] @ targets[columns].T


def _neighbourhoods(
    sources: FloatArray, targets: FloatArray, k: int
) -> tuple[FloatArray, FloatArray]:
    """Mean similarity of each source to its k nearest targets, and the other way round."""
    nearest = (
        np.full((len(sources), k), -np.inf, dtype=np.float32),
        np.full((len(targets), k), -np.inf, dtype=np.float32),
    )
    for rows, columns, scores in _blocks(sources, targets):
        for kept, place, found in ((nearest[0], rows, scores), (nearest[1], columns, scores.T)):
            both = np.concatenate([kept[place], found], axis=1)
            kept[place] = -np.partition(-both, k - 1, axis=1)[:, :k]
    return nearest[0].mean(axis=1), nearest[1].mean(axis=1)


def _take_greedily(pairs: IntArray) -> IntArray:
    """Keep each pair whose two sides are both free yet."""
    sources: set[int] = set()
    targets: set[int] = set()
    kept = []
    for source, target in pairs.tolist():
        if source not in sources and target not in targets:
            sources.add(source)
            targets.add(target)
            kept.append((source, target))
    return np.array(kept, dtype=np.int64)


class _Best:
    """The widest margin of each row so far, and where it is."""

    def __init__(self, rows: int) -> None:
        self.indices: IntArray = np.zeros(rows, dtype=np.int64)
        self.values = np.full(rows, -np.inf, dtype=np.float32)

    def update(self, rows: slice, columns: slice, margins: FloatArray) -> None:
        """Take the wider ones of a block of margins."""
        found = margins.argmax(axis=1)
        values = np.take_along_axis(margins, found[:, None], axis=1)[:, 0]
        better = values > self.values[rows]
        self.indices[rows] = np.where(better, found + columns.start, self.indices[rows])
        self.values[rows] = np.maximum(values, self.values[rows])
