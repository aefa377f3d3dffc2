"""How much of a step's change is kept: the largest share that the guarded tasks bear."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from nmixx.training.watch_settings import GuardSettings

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Share:
    """One point between the weights before and after: figures, and what the guard lost most."""

    keep: float
    figures: dict[str, float]
    lost: float
    within: bool


@dataclass(frozen=True)
class Retention:
    """The share that was chosen, and the curve that it was chosen on."""

    keep: float
    most_lost: float
    curve: list[Share]

    def to_json(self) -> dict[str, Any]:
        """Give it as plain data."""
        return asdict(self)


def choose_share(
    measure: Callable[[float], Mapping[str, float]], guard: GuardSettings
) -> Retention:
    """Find the largest share whose loss on every guarded task is within the limit.

    The loss is against share 0, the weights before the step (or the base's). Shares need not lie
    on a rising curve: a larger one may be within the limit although a smaller one is not.

    Args:
        measure: gives the figures at a share of the change; higher is better.
        guard: the guarded tasks, the limit and the shares to try.
    """
    shares = sorted({0.0, *guard.shares})
    before = dict(measure(0.0))
    curve: list[Share] = []
    for share in shares:
        figures = before if share == 0 else dict(measure(share))
        lost = max(before[name] - figures[name] for name in guard.tasks)
        # A limit of 0.005 is not overstepped by the rounding of 0.82 - 0.815.
        curve.append(Share(share, figures, lost, lost <= guard.most_lost + 1e-9))
    keep = max(point.keep for point in curve if point.within)
    return Retention(keep, guard.most_lost, curve)


def tell(name: str, retention: Retention, guard: GuardSettings) -> str:
    """Say what was chosen and why not more."""
    chosen = next(point for point in retention.curve if point.keep == retention.keep)
    if retention.keep == 0:
        least = min(point.lost for point in retention.curve if point.keep)
        return (
            f"{name}: nothing of the step is kept: every share loses more than "
            f"{guard.most_lost:g} of {', '.join(guard.tasks)} (at least {least:.4f})."
        )
    return (
        f"{name}: {retention.keep:.0%} of the change is kept; "
        f"{', '.join(guard.tasks)} loses {max(chosen.lost, 0):.4f} at most (limit "
        f"{guard.most_lost:g})"
    )
