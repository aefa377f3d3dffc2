"""Bitext accuracy@1: whether each sentence finds its own translation among all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nmixx.encoding import FloatArray

IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Matches:
    """The best target of each source and the best source of each target, as row numbers.

    Both arrays have shape (pairs,). Of equally good rows the first one counts.
    """

    forward: IntArray
    backward: IntArray


def match_bitext(sources: FloatArray, targets: FloatArray, *, block: int = 2048) -> Matches:
    """Find the nearest neighbour of every row in both directions in one pass.

    Only one block of the similarity matrix exists at a time.

    Args:
        sources: unit vectors, shape (pairs, dimensions).
        targets: unit vectors, shape (pairs, dimensions).
        block: rows of each side compared at once.
    """
    if len(sources) != len(targets):
        raise ValueError(f"{len(sources)} sources but {len(targets)} targets")
    forward, backward = _Best(len(sources)), _Best(len(targets))
    for row in range(0, len(sources), block):
        left = np.asarray(sources[row : row + block])
        for column in range(0, len(targets), block):
            scores = left @ np.asarray(targets[column : column + block]).T
            forward.update(row, scores, column)
            backward.update(column, scores.T, row)
    return Matches(forward.indices, backward.indices)


def judge_matches(
    matches: Matches, sources: Sequence[str], targets: Sequence[str]
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Tell for each pair whether it was found, forwards and backwards.

    A found row is right when it is the pair itself or equals it in either text: of two equal
    sentences neither is the wrong one.

    Args:
        matches: what was found.
        sources: texts, one a pair.
        targets: their translations.
    """
    source, target = number_texts(sources), number_texts(targets)

    def right(found: IntArray) -> npt.NDArray[np.bool_]:
        same: npt.NDArray[np.bool_] = (source[found] == source) | (target[found] == target)
        return same

    return right(matches.forward), right(matches.backward)


class _Best:
    """The best-scoring index of each row so far."""

    def __init__(self, rows: int) -> None:
        self.indices: IntArray = np.zeros(rows, dtype=np.int64)
        self._scores = np.full(rows, -np.inf, dtype=np.float32)

    def update(self, row: int, scores: FloatArray, offset: int) -> None:
        """Take the better ones of a block of scores, whose columns begin at ``offset``."""
        rows = slice(row, row + len(scores))
        found = scores.argmax(axis=1)
        best = np.take_along_axis(scores, found[:, None], axis=1)[:, 0]
        better = best > self._scores[rows]
        self.indices[rows] = np.where(better, found + offset, self.indices[rows])
        self._scores[rows] = np.maximum(best, self._scores[rows])


def number_texts(texts: Sequence[str]) -> IntArray:
    """Give equal texts equal numbers."""
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(text, len(numbers)) for text in texts], dtype=np.int64)


def nearest_f1(forward: IntArray) -> float:
    """F1 of the forward matches as mteb has it: by target, weighted by how often each is due.

    Every target is due once. One that several sources took has a precision below 1.

    Args:
        forward: the target found for each source, shape (pairs,).
    """
    right = forward == np.arange(len(forward))
    taken = np.bincount(forward, minlength=len(forward))
    return float(np.mean(np.where(right, 2 / (taken + 1), 0.0)))
