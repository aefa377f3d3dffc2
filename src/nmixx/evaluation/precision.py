"""Average precision: how far up a list by similarity the pairs stand that belong together."""

from __future__ import annotations

import numpy as np

from nmixx.errors import DataError
from nmixx.evaluation.bootstrap import Array


def average_precision(scores: Array, labels: Array) -> float:
    """Mean precision at the places of the positives; pairs that score the same share a place.

    Args:
        scores: shape (rows,).
        labels: 1 for a positive and 0 for a negative, shape (rows,).

    Raises:
        DataError: there is no positive or no negative.
    """
    if len(scores) != len(labels):
        raise ValueError(f"{len(scores)} scores but {len(labels)} labels")
    if len(np.unique(labels)) < 2:
        raise DataError(
            f"average precision: all {len(labels)} labels are equal, so there is nothing to tell "
            "apart.\nBoth 0 and 1 are needed."
        )
    value: float = PrecisionRanker(scores, labels).resample(np.ones((1, len(scores))))[0]
    return value


class PrecisionRanker:
    """Average precision under many resamplings after one sort of the scores."""

    def __init__(self, scores: Array, labels: Array) -> None:
        """Sort the scores once, the best first; both of shape (rows,)."""
        self._order = np.argsort(-scores, kind="stable")
        ordered = scores[self._order]
        # A group of equal scores counts where it ends.
        self._ends = np.flatnonzero(np.append(ordered[1:] != ordered[:-1], True))
        self._labels = labels[self._order]

    def resample(self, weights: Array) -> Array:
        """Average precision in each resample, shape (resamples,); NaN without a positive.

        Args:
            weights: how often each row was drawn, shape (resamples, rows).
        """
        drawn = weights[:, self._order]
        hits = np.cumsum(drawn * self._labels, axis=1)[:, self._ends]
        seen = np.cumsum(drawn, axis=1)[:, self._ends]
        gained = np.diff(hits, axis=1, prepend=0)
        sums = (gained * (hits / np.maximum(seen, 1))).sum(axis=1)
        positives = hits[:, -1]
        values: Array = np.full(len(weights), np.nan)
        defined = positives > 0
        values[defined] = sums[defined] / positives[defined]
        return values
