"""Two models on the same examples: how far apart they are, and how sure that is.

Correlations and graded gains are compared on paired resamples. Where an example is right or wrong,
the test of McNemar (1947) does better than resampling: under the hypothesis that the models are
equal, each example on which they differ may as well have gone the other way. Its mid-p is taken
(Fagerland, Lydersen and Laake 2013, BMC Medical Research Methodology 13:91), as the exact p, a sum
over few possible outcomes, raises fewer false alarms than its level allows.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from nmixx.evaluation.bootstrap import Array, Difference

POWER = 0.8
LEVEL = 0.05


@dataclass(frozen=True)
class Test:
    """A paired test: its name, and its p from both models' values and the resampled difference."""

    __test__ = False

    name: str
    p: Callable[[Array, Array, Difference], float]


BOOTSTRAP = Test("paired bootstrap", lambda ours, theirs, found: found.p)
MCNEMAR = Test("McNemar, mid-p", lambda ours, theirs, found: mcnemar(ours, theirs))

TESTS: dict[str, Test] = {"bitext": MCNEMAR, "triplets": MCNEMAR}
"""Test by kind of task; the paired bootstrap where there is none."""


def mcnemar(ours: Array, theirs: Array) -> float:
    """Two-sided mid-p of McNemar's test on examples that are right or wrong.

    It is the chance of a difference larger than the one found, and half that of one as large.

    An example may also be half right, as a translation that is found in one direction only: then
    all ways to turn the differences round are counted, which is the same test where no example is.

    Args:
        ours: 0, 0.5 or 1 an example, shape (examples,).
        theirs: likewise.

    Returns:
        p; 1 where the models differ on no example.

    Raises:
        ValueError: the values are no halves.
    """
    from scipy.stats import binom

    halves = np.rint(2 * (ours - theirs))
    if not np.allclose(halves, 2 * (ours - theirs)):
        raise ValueError("McNemar's test takes examples that are right, wrong or half right")
    single, double = int((np.abs(halves) == 1).sum()), int((np.abs(halves) == 2).sum())
    if not single + double:
        return 1.0
    # The sum of n signs is 2 B - n with B binomial; sums over both sizes of step are convolved.
    ones = binom.pmf(np.arange(single + 1), single, 0.5)
    twos = np.zeros(2 * double + 1)
    twos[::2] = binom.pmf(np.arange(double + 1), double, 0.5)
    chances = np.convolve(ones, twos)
    sums = np.abs(2 * np.arange(len(chances)) - single - 2 * double)
    found = abs(halves.sum())
    return min(1.0, float(chances[sums > found].sum() + chances[sums == found].sum() / 2))


def holm(ps: Sequence[float]) -> list[float]:
    """Adjust p values so that one false alarm among all of them is as rare as alone (Holm 1979).

    Args:
        ps: of the tests of one suite.

    Returns:
        The adjusted values in the same order.
    """
    order = sorted(range(len(ps)), key=lambda at: ps[at])
    adjusted = [1.0] * len(ps)
    highest = 0.0
    for place, at in enumerate(order):
        highest = max(highest, min(1.0, ps[at] * (len(ps) - place)))
        adjusted[at] = highest
    return adjusted


def smallest_gain(differences: Array) -> float | None:
    """The gain that a set of this size shows in four of five cases, at the level of 5 %.

    It is 2.80 standard errors: those of the normal quantiles at 97.5 % and 80 %.

    Args:
        differences: of two models, one a resample; or one model's figures, which stand for the
            difference from a model whose errors correlate with its own by one half.

    Returns:
        None where no resample has a figure.
    """
    from scipy.stats import norm

    defined = differences[np.isfinite(differences)]
    if len(defined) < 2:
        return None
    factor = norm.ppf(1 - LEVEL / 2) + norm.ppf(POWER)
    gain = float(factor * defined.std(ddof=1))
    return gain if math.isfinite(gain) else None
