"""Alarms: what goes wrong in practice while a model trains, said in words.

Each alarm is a function of the history of a step, and a row of the table at the end. It gives
words when something is wrong and None when nothing is, or when it is too early to tell.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import fmean, pvariance

from nmixx.training.judging import Judgement
from nmixx.training.probe import Probe

_ENOUGH = 12
"""Logged losses before their course is judged."""

_NOTHING = 0.01
"""A loss at which nothing is left to learn."""


@dataclass(frozen=True)
class History:
    """What is known of a step so far: logged losses, probes, judgements, rows by direction.

    ``done`` is the share of the step that is behind.
    """

    losses: Sequence[tuple[int, float]] = ()
    probes: Sequence[Probe] = ()
    judgements: Sequence[Judgement] = ()
    directions: Mapping[str, int] = field(default_factory=dict)
    done: float = 1.0
    finished: bool = False


@dataclass(frozen=True)
class Alarm:
    """One alarm that went off."""

    step: int
    name: str
    words: str


Check = Callable[[History], str | None]


def find_inactive(history: History) -> str | None:
    """Tell when triplets have no loss from the beginning on: their negatives are too easy."""
    quarters = _quarters(history.losses)
    if quarters and max(fmean(quarters[0]), fmean(quarters[-1])) < _NOTHING:
        return (
            f"the loss is near zero from the start ({fmean(quarters[0]):.4f}): nothing is learned. "
            "Give harder negatives or a lower temperature."
        )
    active = [probe.active for probe in history.probes if probe.active is not None]
    if len(active) >= 2 and max(active[:2]) <= 0.05:
        return (
            f"{1 - active[0]:.0%} of the triplets are inactive from the start: their negatives lie "
            "far already. Mine harder negatives or lower the temperature."
        )
    return None


def find_collapse(history: History) -> str | None:
    """Tell when texts that say different things bunch up."""
    if len(history.probes) < 2:
        return None
    first, last = history.probes[0], history.probes[-1]
    bunched = 1 - last.similarity < (1 - first.similarity) / 2
    if not bunched or last.uniformity <= first.uniformity:
        return None
    return (
        f"texts of different meaning bunch up: mean similarity {first.similarity:.2f} -> "
        f"{last.similarity:.2f}, uniformity {first.uniformity:.2f} -> {last.uniformity:.2f}. "
        "Lower the learning rate or take an objective with in-batch negatives."
    )


def find_rise(history: History) -> str | None:
    """Tell when the loss is clearly higher than it was, beyond what batches differ by.

    A model that was trained before loses some ground while the learning rate is high, and wins it
    back; so nothing is said in the first half.
    """
    quarters = _quarters(history.losses)
    if not quarters or history.done < 0.5:
        return None
    lowest, last = min(quarters[:-1], key=fmean), quarters[-1]
    rise = fmean(last) - fmean(lowest)
    noise = (pvariance(last) / len(last) + pvariance(lowest) / len(lowest)) ** 0.5
    if rise < max(0.25 * fmean(lowest), 0.05, 3 * noise):
        return None
    return (
        f"the loss rises: {fmean(lowest):.3f} on average before, {fmean(last):.3f} now. "
        "Lower the learning rate."
    )


def find_one_direction(history: History) -> str | None:
    """Tell when one language direction has nearly all rows, or gains what another one loses."""
    total = sum(history.directions.values())
    if len(history.directions) > 1:
        name, count = max(history.directions.items(), key=lambda item: item[1])
        others = total - count
        if count >= 0.95 * total and others:
            return (
                f"{count / total:.0%} of the rows are {name}: the other directions hardly count. "
                "Draw the rows more evenly."
            )
    if len(history.probes) < 2:
        return None
    first, last = history.probes[0].found, history.probes[-1].found
    change = {name: last[name] - first[name] for name in first.keys() & last.keys()}
    if len(change) < 2:
        return None
    best, worst = max(change, key=change.__getitem__), min(change, key=change.__getitem__)
    if change[best] < 0.1 or change[worst] > -0.15:
        return None
    return (
        f"{best} gains what {worst} loses: share of positives found "
        f"{first[best]:.0%} -> {last[best]:.0%} against {first[worst]:.0%} -> {last[worst]:.0%}. "
        "Give the second more rows."
    )


def find_no_gain(history: History) -> str | None:
    """Tell when no judgement of a finished step was better than the one before it."""
    if not history.finished or len(history.judgements) < 2:
        return None
    before, *later = history.judgements
    best = max(later, key=lambda judgement: judgement.figure)
    if best.figure > before.figure:
        return None
    return (
        f"no judgement is better than the one before the step ({before.figure:.4f}; the best after "
        f"it {best.figure:.4f} at step {best.step}): the weights are as before it."
    )


ALARMS: Mapping[str, Check] = {
    "inactive": find_inactive,
    "collapse": find_collapse,
    "rising loss": find_rise,
    "one direction": find_one_direction,
    "no gain": find_no_gain,
}


def ring(history: History, step: int, known: Sequence[Alarm]) -> list[Alarm]:
    """Give the alarms that go off now and did not before."""
    quiet = {alarm.name for alarm in known}
    found = ((name, check(history)) for name, check in ALARMS.items() if name not in quiet)
    return [Alarm(step, name, words) for name, words in found if words is not None]


def _quarters(losses: Sequence[tuple[int, float]]) -> list[list[float]]:
    """Cut the logged losses into quarters; none while there are few of them."""
    if len(losses) < _ENOUGH:
        return []
    values = [loss for _, loss in losses]
    cuts = [len(values) * part // 4 for part in range(5)]
    return [values[start:end] for start, end in pairwise(cuts)]
