"""Spearman rank correlation: whether the model orders pairs as people do."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from nmixx.errors import DataError

Array = npt.NDArray[np.float64]

_ROUNDING = 1e-6


def spearman(scores: Array, labels: Array) -> float:
    """Correlate the ranks of two columns; ties share their mean rank.

    Args:
        scores: shape (rows,).
        labels: shape (rows,).

    Raises:
        DataError: one of the columns holds fewer than two distinct values.
    """
    from scipy.stats import spearmanr

    _require_order("Spearman", scores, labels)
    return float(spearmanr(scores, labels).statistic)


def pearson(scores: Array, labels: Array) -> float:
    """Correlate two columns as they are.

    Args:
        scores: shape (rows,).
        labels: shape (rows,).

    Raises:
        DataError: one of the columns holds fewer than two distinct values.
    """
    from scipy.stats import pearsonr

    _require_order("Pearson", scores, labels)
    return float(pearsonr(scores, labels).statistic)


def is_flat(column: Array) -> bool:
    """Tell whether a column's values are all equal, but for the rounding of single precision."""
    return bool(np.ptp(column) <= _ROUNDING * np.abs(column).max())


def _require_order(what: str, scores: Array, labels: Array) -> None:
    """Refuse columns of unequal length and columns without order."""
    if len(scores) != len(labels):
        raise ValueError(f"{len(scores)} scores but {len(labels)} labels")
    for name, column in (("scores", scores), ("labels", labels)):
        if is_flat(column):
            raise DataError(
                f"{what} correlation: all {len(column)} {name} are equal, so there is no order.\n"
                "At least two distinct values are needed."
            )


def cosines(first: npt.NDArray[np.float32], second: npt.NDArray[np.float32]) -> Array:
    """Cosine similarity of unit vectors row by row, shape (rows,)."""
    products: Array = np.einsum("ij,ij->i", first.astype(np.float64), second.astype(np.float64))
    return products


class Ranker:
    """Ranks one column under many resamplings without sorting again.

    A resample is a count per row. In the order of the column, the mid-rank of a tied group is
    the counts before it plus half its own, so one sort serves all resamples.
    """

    def __init__(self, column: Array) -> None:
        """Sort the column once; shape (rows,)."""
        _, self._group = np.unique(column, return_inverse=True)
        self._order = np.argsort(self._group, kind="stable")
        self._starts = np.flatnonzero(np.diff(self._group[self._order], prepend=-1))

    def ranks(self, weights: Array) -> Array:
        """Give each row's mid-rank in each resample, shape (resamples, rows).

        Args:
            weights: how often each row was drawn, shape (resamples, rows).
        """
        sizes = np.add.reduceat(weights[:, self._order], self._starts, axis=1)
        middles = np.cumsum(sizes, axis=1) - sizes / 2
        ranks: Array = middles[:, self._group]
        return ranks


def resample_spearman(weights: Array, scores: Ranker, labels: Ranker) -> Array:
    """Spearman correlation in each resample, shape (resamples,); NaN where it is undefined.

    Args:
        weights: how often each row was drawn, shape (resamples, rows).
        scores: ranker of the model's column.
        labels: ranker of people's column.
    """
    total = weights.sum(axis=1, keepdims=True)
    # Mid-ranks of a resample have the mean total / 2 exactly, so no second pass is needed.
    x = scores.ranks(weights) - total / 2
    y = labels.ranks(weights) - total / 2
    covariance = np.einsum("ij,ij,ij->i", weights, x, y)
    variance = np.einsum("ij,ij,ij->i", weights, x, x) * np.einsum("ij,ij,ij->i", weights, y, y)
    # Squares below this are rounding left by a resample in which a column is constant.
    defined = variance > 1e-9
    values: Array = np.full(len(weights), np.nan)
    values[defined] = covariance[defined] / np.sqrt(variance[defined])
    return values
