"""The table of figures: how scores of examples become one number, on the data and on resamples."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from nmixx.evaluation.bootstrap import Array, Statistic, resample_mean
from nmixx.evaluation.precision import PrecisionRanker, average_precision
from nmixx.evaluation.spearman import Ranker, resample_spearman, spearman

Labels = Array | None


@dataclass(frozen=True)
class Figure:
    """One way to sum up examples.

    Attributes:
        compute: takes scores and labels, gives the figure; DataError where it is undefined.
        resampled: takes the same, gives the figure as a function of resampling weights.
        bounds: the least and the greatest value that the figure can have.
    """

    compute: Callable[[Array, Labels], float]
    resampled: Callable[[Array, Labels], Statistic]
    bounds: tuple[float, float]


def _need(labels: Labels) -> Array:
    """Give labels that must be there."""
    if labels is None:
        raise ValueError("this figure needs labels")
    return labels


FIGURES: dict[str, Figure] = {
    "mean": Figure(
        lambda scores, _: float(np.mean(scores)),
        lambda scores, _: partial(resample_mean, values=scores),
        (0.0, 1.0),
    ),
    "spearman": Figure(
        lambda scores, labels: spearman(scores, _need(labels)),
        lambda scores, labels: partial(
            resample_spearman, scores=Ranker(scores), labels=Ranker(_need(labels))
        ),
        (-1.0, 1.0),
    ),
    "average precision": Figure(
        lambda scores, labels: average_precision(scores, _need(labels)),
        lambda scores, labels: PrecisionRanker(scores, _need(labels)).resample,
        (0.0, 1.0),
    ),
}
"""Figure by name."""
