"""Percentile bootstrap: how far a figure would move had other rows been drawn.

Efron and Tibshirani, An Introduction to the Bootstrap (1993), sections 13.3 and 16.2. Two models
are compared on the same resamples, so that what makes a row hard for both cancels out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Statistic = Callable[[Array], Array]
"""Takes weights of shape (resamples, rows), how often each row was drawn; gives (resamples,)."""

_CELLS = 2**21  # weights held at once: 16 MiB


@dataclass(frozen=True)
class Difference:
    """How much better one model is than another on the same rows."""

    delta: float
    ci95: tuple[float, float]
    p: float


def draw_weights(rows: int, resamples: int, seed: int) -> Iterator[Array]:
    """Yield resamples of rows with replacement, as counts per row, block by block.

    Args:
        rows: rows of the data and of each resample.
        resamples: resamples in all.
        seed: the same seed gives the same resamples.

    Yields:
        Arrays of shape (resamples of the block, rows).
    """
    generator = np.random.default_rng(seed)
    height = max(1, _CELLS // rows)
    for start in range(0, resamples, height):
        count = min(height, resamples - start)
        drawn = generator.integers(rows, size=(count, rows))
        cells = drawn + np.arange(count)[:, None] * rows
        counts = np.bincount(cells.ravel(), minlength=count * rows)
        yield counts.reshape(count, rows).astype(np.float64)


def resample(
    rows: int, statistics: tuple[Statistic, ...], *, resamples: int, seed: int
) -> list[Array]:
    """Compute statistics on the same resamples, each of shape (resamples,)."""
    parts = [
        [statistic(weights) for statistic in statistics]
        for weights in draw_weights(rows, resamples, seed)
    ]
    return [np.concatenate(column) for column in zip(*parts, strict=True)]


def interval(values: Array, value: float) -> tuple[float, float]:
    """Give the middle 95 % of resampled values.

    Args:
        values: one a resample; those where the figure is undefined (NaN) are left out.
        value: the figure on the data itself, which stands when no resample has one.
    """
    defined = values[np.isfinite(values)]
    if not len(defined):
        return value, value
    low, high = np.quantile(defined, (0.025, 0.975))
    return float(low), float(high)


def compare(ours: Array, theirs: Array, delta: float) -> Difference:
    """Judge the difference of two models from their figures on the same resamples.

    Args:
        ours: one a resample.
        theirs: of the same resamples in the same order.
        delta: the difference on the data itself.

    Returns:
        The difference, its interval, and a two-sided p: twice the share of resamples in which
        the difference vanishes or turns round; never below 1 / (resamples + 1).
    """
    differences = ours - theirs
    defined = differences[np.isfinite(differences)]
    rarer = min(int((defined <= 0).sum()), int((defined >= 0).sum()))
    p = min(1.0, (2 * rarer + 1) / (len(defined) + 1))
    return Difference(delta, interval(differences, delta), p)


def resample_mean(weights: Array, values: Array) -> Array:
    """Mean of values in each resample, shape (resamples,)."""
    means: Array = weights @ values / weights.sum(axis=1)
    return means
