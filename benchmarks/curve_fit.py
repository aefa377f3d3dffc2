"""A straight line over the logarithm of a size, by least squares, and where it leads."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Line:
    """A figure as a line over the binary logarithm of a size, and what it was fitted to.

    ``sigma`` is the residual standard error; None where two points leave no residual.
    """

    level: float
    per_doubling: float
    largest_deviation: float
    sigma: float | None
    logs: tuple[float, ...]

    def at(self, size: float) -> float:
        """Give the line's figure at a size."""
        return self.level + self.per_doubling * math.log2(size)

    def interval(self, size: float) -> tuple[float, float] | None:
        """Give the 95 % interval of a new point at a size; None where two points leave none.

        Draper and Smith, Applied Regression Analysis (1998), section 3.2. It takes the line for
        granted.
        """
        from scipy.stats import t

        if self.sigma is None:
            return None
        logs = np.array(self.logs)
        spread = float(((logs - logs.mean()) ** 2).sum())
        away = (math.log2(size) - float(logs.mean())) ** 2 / spread
        margin = float(t.ppf(0.975, len(logs) - 2)) * self.sigma
        margin *= math.sqrt(1 + 1 / len(logs) + away)
        return self.at(size) - margin, self.at(size) + margin


def fit_line(sizes: Sequence[float], figures: Sequence[float]) -> Line | None:
    """Fit a line to figures over the logarithm of sizes; None for fewer than two sizes."""
    if len(set(sizes)) < 2:
        return None
    logs, values = np.log2(np.array(sizes, dtype=np.float64)), np.array(figures)
    slope, level = (float(value) for value in np.polyfit(logs, values, 1))
    residuals = values - (level + slope * logs)
    free = len(logs) - 2
    sigma = math.sqrt(float((residuals**2).sum()) / free) if free else None
    return Line(level, slope, float(np.abs(residuals).max()), sigma, tuple(logs.tolist()))
