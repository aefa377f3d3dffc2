"""Annotators one by one: how each compares with the others, and who stands apart.

An annotator is *careless* when two things hold: agreement rises by ``careless_gain`` or more
without them, and their scores correlate with the others' median by less than
``careless_correlation``. The one without whom agreement rises most is set aside, and the rule is
applied again to the rest, while three are left. Everybody is then compared with the careful
others, or one careless colleague would make the careful ones look bad.

An annotator is *biased* when not careless, and their scores lie on average ``biased_from`` of the
scale or more above or below the careful others' median. Of two annotators who disagree nothing
tells which is at fault, so neither is judged.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
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
    """How one annotator's scores compare with the median of the careful others' on the same pairs.

    ``bias`` is the mean difference, ``deviation`` the mean absolute one, both in points of the
    scale; ``alpha_without`` is the agreement of the careful others alone, ``gain`` how much higher
    that is than with this annotator.
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
    """Compare each annotator with the careful others; nobody is judged among fewer than three.

    Args:
        scores: shape (pairs, annotators), NaN where one gave none.
        names: of the annotators.
        scale: on which they scored.
        settings: the level of measurement and the rule for standing apart.
    """
    careless = _find_careless(scores, names, settings)
    careful = [at for at in range(len(names)) if at not in careless]
    standings = []
    for at, name in enumerate(names):
        others = [one for one in careful if one != at]
        standing = _compare(scores, name, at, others, settings)
        biased = abs(standing.bias) >= settings.biased_from * scale.span
        verdict = "careless" if at in careless else ""
        if not verdict and biased and len(careful) >= LEAST_ANNOTATORS:
            verdict = "biased" if _shares_enough(scores, at, others) else ""
        standings.append(replace(standing, verdict=verdict))
    return standings


def _find_careless(scores: Array, names: Sequence[str], settings: AgreementSettings) -> list[int]:
    """Set annotators aside one by one, the most disturbing first."""
    careless: list[int] = []
    while len(names) - len(careless) >= LEAST_ANNOTATORS:
        rest = [at for at in range(len(names)) if at not in careless]
        found: dict[int, float] = {}
        for at in rest:
            others = [one for one in rest if one != at]
            standing = _compare(scores, names[at], at, others, settings)
            # Who always gives the same score has no correlation; that is no agreement either.
            correlation = 0.0 if math.isnan(standing.correlation) else standing.correlation
            disturbs = standing.gain >= settings.careless_gain
            alike = correlation >= settings.careless_correlation
            if disturbs and not alike and _shares_enough(scores, at, others):
                found[at] = standing.gain
        if not found:
            break
        careless.append(max(found, key=lambda at: found[at]))
    return careless


def _compare(
    scores: Array, name: str, at: int, others: Sequence[int], settings: AgreementSettings
) -> Standing:
    """Compare one annotator with some others."""
    own, median = scores[:, at], _median(scores[:, others])
    both = np.isfinite(own) & np.isfinite(median)
    apart = own[both] - median[both]
    without = alpha(scores[:, others], settings.level) if len(others) > 1 else math.nan
    return Standing(
        annotator=name,
        scores=int(np.isfinite(own).sum()),
        correlation=_correlate(own[both], median[both]),
        bias=float(apart.mean()) if len(apart) else math.nan,
        deviation=float(np.abs(apart).mean()) if len(apart) else math.nan,
        alpha_without=without,
        gain=without - alpha(scores[:, [*others, at]], settings.level),
        verdict="",
    )


def _shares_enough(scores: Array, at: int, others: Sequence[int]) -> bool:
    """Tell whether an annotator shares enough pairs with others to be judged."""
    shared = np.isfinite(scores[:, at]) & np.isfinite(scores[:, others]).any(axis=1)
    return int(shared.sum()) >= LEAST_SHARED


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
