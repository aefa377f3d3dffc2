"""The trade-off: what was gained on the domain's tasks against what general ones lost."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from nmixx.report.charts import Chart, Stop, trade_chart
from nmixx.report.words import signed

Figures = Mapping[str, float]

AXES = ("general tasks, mean change", "domain tasks, mean change")


def place_stops(
    points: Sequence[tuple[str, Figures]], base: Figures, general: Collection[str]
) -> list[Stop]:
    """Average each point's changes over the general tasks and over all others.

    Args:
        points: a name and a figure a task.
        base: the figures that changes are counted from.
        general: names of the general tasks; all others are the domain's.

    Returns:
        A stop a point; none where either kind of task is missing.
    """
    stops = []
    for name, figures in points:
        shared = [task for task in figures if task in base]
        changes = {task: figures[task] - base[task] for task in shared}
        away = [change for task, change in changes.items() if task in general]
        gain = [change for task, change in changes.items() if task not in general]
        if away and gain:
            stops.append(Stop(name, sum(away) / len(away), sum(gain) / len(gain)))
    return stops


def chart_trade(stops: Sequence[Stop], *, joined: bool = True) -> Chart | None:
    """Draw at least two points; joined where each follows from the one before it."""
    if len(stops) < 2:
        return None
    told = "; ".join(
        f"{stop.name}: general {signed(stop.general)}, domain {signed(stop.domain)}"
        for stop in stops
    )
    alt = f"Mean change on domain tasks against mean change on general tasks. {told}."
    return trade_chart("trade-off", stops, AXES, alt=alt, joined=joined)


def steps_to_stops(steps: Sequence[Mapping[str, Any]], general: Collection[str]) -> list[Stop]:
    """Place the training steps, the first of which is the base model."""
    if not steps:
        return []
    points = [(str(step["name"]), step["tasks"]) for step in steps]
    return place_stops(points, steps[0]["tasks"], general)
