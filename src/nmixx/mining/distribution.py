"""Distributions of scores in a few figures, and the share that lies exactly at an end."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nmixx.encoding import FloatArray

BINS = 40


@dataclass(frozen=True)
class Distribution:
    """Where scores lie: quantiles (interpolated linearly), mean and standard deviation."""

    n: int
    minimum: float
    p5: float
    p25: float
    median: float
    p75: float
    p95: float
    maximum: float
    mean: float
    std: float

    @classmethod
    def of(cls, scores: FloatArray) -> Distribution | None:
        """Describe finite scores, shape (n,); None when there are none."""
        if not len(scores):
            return None
        exact = scores.astype(np.float64)
        quantiles = np.quantile(exact, [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1])
        return cls(len(exact), *map(float, (*quantiles, exact.mean(), exact.std())))


@dataclass(frozen=True)
class Extremes:
    """The ends of the scale that was seen, and the share of positives exactly there.

    A cosine is hardly ever at an end. After a min-max normalisation of each query most positives
    may be, and a margin then measures nothing.
    """

    lowest: float
    highest: float
    at_lowest: float
    at_highest: float

    @classmethod
    def of(cls, positives: FloatArray, others: FloatArray) -> Extremes | None:
        """Find the ends of positives and others together; None when there are no positives.

        Args:
            positives: finite scores, shape (n,).
            others: finite scores of each query's best other document, shape (m,).
        """
        if not len(positives):
            return None
        seen = np.concatenate([positives, others])
        lowest, highest = seen.min(), seen.max()
        return cls(
            float(lowest),
            float(highest),
            float((positives == lowest).mean()),
            float((positives == highest).mean()),
        )


@dataclass(frozen=True)
class Histogram:
    """Two histograms over the same bins of equal width; ``edges`` has one entry more."""

    edges: tuple[float, ...]
    positives: tuple[int, ...]
    others: tuple[int, ...]

    @classmethod
    def of(cls, positives: FloatArray, others: FloatArray) -> Histogram | None:
        """Count finite scores of two kinds; None when there are none of either."""
        seen = np.concatenate([positives, others]).astype(np.float64)
        if not len(seen):
            return None
        edges = np.histogram_bin_edges(seen, BINS)
        one, other = (np.histogram(some, edges)[0] for some in (positives, others))
        return cls(tuple(map(float, edges)), tuple(map(int, one)), tuple(map(int, other)))
