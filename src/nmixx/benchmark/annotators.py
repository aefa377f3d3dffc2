"""Annotators one by one: how each compares with the others, and who stands apart.

An annotator is *careless* when two things hold: agreement rises by ``careless_gain`` or more
without them, and their scores correlate with the others' median by less than
``careless_correlation``. One is *biased* when not careless, and their scores lie on average
``biased_from`` of the scale or more above or below the others' median. Of two annotators who
disagree nothing tells which is at fault, so neither is judged.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from nmixx.benchmark.alpha import alpha
from nmixx.benchmark.scale import Scale
from nmixx.benchmark.settings import AgreementSettings
from nmixx.evaluation.bootstrap import Array
from nmixx.evaluation.spearman import spearman

LEAST_ANNOTATORS = 3
LEAST_SHARED = 10
"""Pairs that an annotator must share with others to be judged."""


@dataclass(frozen=True)
class Standing:
    """How one annotator's scores compare with the median of the others' on the same pairs.

    ``bias`` is the mean difference, ``deviation`` the mean absolute one, both in points of the
    scale; ``alpha_without`` is the agreement of the others alone.
    """

    annotator: str
    scores: int
    correlation: float
    bias: float
    deviation: float
    alpha_without: float
    gain: float
    verdict: str

    def to_dict(self) -> dict[str, Any]:
        """Give it as plain data, None for what is undefined."""
        return {
            name: None if isinstance(value, float) and math.isnan(value) else value
            for name, value in asdict(self).items()
        }


def compare_annotators(
    scores: Array, names: Sequence[str], scale: Scale, settings: AgreementSettings
) -> list[Standing]:
    """Compare each annotator with the others; nobody is judged among fewer than three.

    Args:
        scores: shape (pairs, annotators), NaN where one gave none.
        names: of the annotators.
        scale: on which they scored.
        settings: the level of measurement and the rule for standing apart.
    """
    whole = alpha(scores, settings.level)
    standings = []
    for at, name in enumerate(names):
        others = np.delete(scores, at, axis=1)
        own, median = scores[:, at], _median(others)
        both = np.isfinite(own) & np.isfinite(median)
        without = alpha(others, settings.level) if others.shape[1] > 1 else math.nan
        apart = own[both] - median[both]
        standing = Standing(
            annotator=name,
            scores=int(np.isfinite(own).sum()),
            correlation=_correlate(own[both], median[both]),
            bias=float(apart.mean()) if len(apart) else math.nan,
            deviation=float(np.abs(apart).mean()) if len(apart) else math.nan,
            alpha_without=without,
            gain=without - whole,
            verdict="",
        )
        enough = len(names) >= LEAST_ANNOTATORS and both.sum() >= LEAST_SHARED
        verdict = _judge(standing, scale, settings) if enough else ""
        standings.append(Standing(**{**asdict(standing), "verdict": verdict}))
    return standings


def _judge(standing: Standing, scale: Scale, settings: AgreementSettings) -> str:
    """Apply the rule for standing apart."""
    # Somebody who always gives the same score has no correlation; that is no agreement either.
    correlation = 0.0 if math.isnan(standing.correlation) else standing.correlation
    if standing.gain >= settings.careless_gain and correlation < settings.careless_correlation:
        return "careless"
    return "biased" if abs(standing.bias) >= settings.biased_from * scale.span else ""


def _median(scores: Array) -> Array:
    """Median of each row, NaN where a row has no score."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a row without any is expected
        medians: Array = np.nanmedian(scores, axis=1)
    return medians


def _correlate(one: Array, two: Array) -> float:
    """Spearman correlation, NaN where one column is constant."""
    if len(np.unique(one)) < 2 or len(np.unique(two)) < 2:
        return math.nan
    return spearman(one, two)
