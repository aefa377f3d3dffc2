"""The figure of the learning curve: development figures over the number of pairs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from curve_fit import Line
from nmixx.report.charts import Chart
from nmixx.report.charts.canvas import ACCENT, INK, MUTED, bare

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_WIDE_FROM = 5.0
_COLOURS = (ACCENT, MUTED)


@dataclass(frozen=True)
class Point:
    """A figure, and the distinct pairs, optimiser steps and rows behind it."""

    pairs: int
    figure: float
    steps: int
    rows: int


Panels = Mapping[str, Mapping[str, tuple[Sequence[Point], Line | None]]]
"""Development set to arm to its points and their line."""


def curve_chart(name: str, panels: Panels, until: int) -> Chart:
    """Prepare a small plot a development set; lines go on, dashed, until so many pairs."""
    told = "; ".join(
        f"{task}, {arm}: " + ", ".join(f"{p.figure:.3f} at {p.pairs:,}" for p in points)
        for task, arms in panels.items()
        for arm, (points, _) in arms.items()
    )
    alt = f"Line charts over the number of translation pairs. {told}."
    return Chart(name, alt, lambda width: _paint(width, panels, until))


def _paint(width: float, panels: Panels, until: int) -> Figure:
    """Draw the plots, two abreast where there is room."""
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    across = 2 if width >= _WIDE_FROM else 1
    down = -(-len(panels) // across)
    figure = Figure(
        figsize=(width, 2.2 * down), layout=ConstrainedLayoutEngine(w_pad=0.08, h_pad=0.08)
    )
    places: list[Axes] = list(figure.subplots(down, across, squeeze=False).flat)
    for axes, (task, arms) in zip(places, panels.items(), strict=False):
        _paint_panel(axes, task, arms, until)
    for axes in places[len(panels) :]:
        axes.set_visible(False)
    places[0].legend(frameon=False, fontsize=7.5, labelcolor=INK)
    return figure


def _paint_panel(
    axes: Axes, task: str, arms: Mapping[str, tuple[Sequence[Point], Line | None]], until: int
) -> None:
    """Draw the points of both arms, and the line through each beyond its last point."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator, NullLocator

    for colour, (arm, (points, line)) in zip(_COLOURS, arms.items(), strict=False):
        sizes = [point.pairs for point in points]
        figures = [point.figure for point in points]
        axes.plot(sizes, figures, "o-", color=colour, linewidth=1.4, markersize=3.5, label=arm)
        if line is not None:
            beyond = np.geomspace(sizes[-1], max(until, sizes[-1] + 1), 40)
            axes.plot(beyond, [line.at(size) for size in beyond], ":", color=colour, linewidth=1.2)
    axes.set_xscale("log")
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.yaxis.set_major_locator(MaxNLocator(4))
    axes.set_title(f"{task}, Spearman", loc="left", fontsize=9, color=INK)
    axes.set_xlabel("translation pairs; dotted: drawn on, not measured", fontsize=8, color=MUTED)
    axes.tick_params(length=0, labelsize=8, colors=MUTED)
    bare(axes, rules="y")
