"""Krippendorff's alpha: how far annotators agree beyond chance.

Krippendorff (2011), Computing Krippendorff's Alpha-Reliability. Scores of one unit are compared
pair by pair; a unit with fewer than two scores says nothing. With ``o`` the coincidences of two
values within units and ``n`` how often a value was paired at all::

    alpha = 1 - (n.. - 1) * sum(o_ck * d_ck) / sum(n_c * n_k * d_ck)

where ``d`` is the squared difference of two values, which depends on the level of measurement.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nmixx.evaluation.bootstrap import Array, interval, resample

Metric = Callable[[Array, Array], Array]
"""Takes values, shape (values,), and how often each was paired, shape (resamples, values); gives
squared differences, shape (resamples or 1, values, values)."""


def nominal(values: Array, _counts: Array) -> Array:
    """Squared differences of names: 0 when equal, else 1."""
    return 1.0 - np.eye(len(values))[None]


def squared(values: Array, _counts: Array) -> Array:
    """Squared differences of numbers whose distances mean something."""
    different: Array = (values[None, :, None] - values[None, None, :]) ** 2
    return different


def ordinal(values: Array, counts: Array) -> Array:
    """Squared differences of ranks: how many scores lie between two values, ends counted half."""
    order = np.argsort(values)
    sorted_counts = counts[:, order]
    middles = np.empty_like(counts)
    middles[:, order] = np.cumsum(sorted_counts, axis=1) - sorted_counts / 2
    different: Array = (middles[:, :, None] - middles[:, None, :]) ** 2
    return different


METRICS: dict[str, Metric] = {
    "ordinal": ordinal,
    "interval": squared,
    "nominal": nominal,
}
"""Level of measurement to the differences of its values."""


def coincidences(scores: Array) -> tuple[Array, Array]:
    """Count the pairs of values that each unit brings.

    Args:
        scores: shape (units, annotators), NaN where an annotator gave none.

    Returns:
        The distinct values, shape (values,), and the coincidences of each unit, shape
        (units, values, values); a unit with fewer than two scores has none.
    """
    values = np.unique(scores[np.isfinite(scores)])
    counts: Array = (scores[:, :, None] == values).sum(axis=1).astype(np.float64)
    given = counts.sum(axis=1)
    pairs = counts[:, :, None] * counts[:, None, :]
    pairs[:, range(len(values)), range(len(values))] -= counts
    usable = given > 1
    pairs[usable] /= (given[usable] - 1)[:, None, None]
    pairs[~usable] = 0
    return values, pairs


def alpha(scores: Array, metric: str = "ordinal") -> float:
    """Compute alpha: 1 is perfect agreement, 0 that of chance, below 0 less than chance.

    Args:
        scores: shape (units, annotators), NaN where an annotator gave none.
        metric: one of :data:`METRICS`.

    Returns:
        Alpha, or NaN where it is undefined: no unit with two scores, or all scores equal.
    """
    values, pairs = coincidences(scores)
    return float(_alphas(np.ones((1, len(pairs))), values, pairs, METRICS[metric])[0])


def alpha_interval(
    scores: Array, metric: str = "ordinal", *, resamples: int = 1000, seed: int = 0
) -> tuple[float, float]:
    """Give alpha's 95 % percentile bootstrap interval over units.

    Args:
        scores: as for :func:`alpha`.
        metric: likewise.
        resamples: how many.
        seed: the same seed and scores give the same interval.
    """
    values, pairs = coincidences(scores)

    def statistic(weights: Array) -> Array:
        return _alphas(weights, values, pairs, METRICS[metric])

    (found,) = resample(len(scores), (statistic,), resamples=resamples, seed=seed)
    return interval(found, alpha(scores, metric))


def _alphas(weights: Array, values: Array, pairs: Array, metric: Metric) -> Array:
    """Compute alpha for each weighting of the units, shape (weightings,)."""
    size = len(values)
    if not size:
        return np.full(len(weights), np.nan)
    observed = (weights @ pairs.reshape(len(pairs), size * size)).reshape(-1, size, size)
    counts = observed.sum(axis=2)
    total = counts.sum(axis=1)
    different = metric(values, counts)
    disagreed = (observed * different).sum(axis=(1, 2))
    expected = (counts[:, :, None] * counts[:, None, :] * different).sum(axis=(1, 2))
    result: Array = np.full(len(weights), np.nan)
    defined = expected > 0
    result[defined] = 1 - (total[defined] - 1) * disagreed[defined] / expected[defined]
    return result
