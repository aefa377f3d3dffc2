"""Loss curves: one small plot a training step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nmixx.report.charts.canvas import ACCENT, INK, MUTED, Chart, bare
from nmixx.report.charts.fonts import find_fonts

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_WIDE_FROM = 5.0
_ACROSS = 3
_HEIGHT = 1.75


@dataclass(frozen=True)
class Curve:
    """The loss of one training step over its optimiser steps."""

    name: str
    points: Sequence[tuple[float, float]]


def curves_chart(name: str, curves: Sequence[Curve], *, alt: str) -> Chart:
    """Prepare small plots, three abreast where there is room."""
    return Chart(name, alt, lambda width: _paint(width, curves))


def _paint(width: float, curves: Sequence[Curve]) -> Figure:
    """Draw the plots in rows."""
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    across = min(len(curves), _ACROSS) if width >= _WIDE_FROM else 1
    down = -(-len(curves) // across)
    figure = Figure(
        figsize=(width, _HEIGHT * down), layout=ConstrainedLayoutEngine(w_pad=0.08, h_pad=0.08)
    )
    grid = figure.subplots(down, across, squeeze=False)
    places: list[Axes] = list(grid.flat)
    for axes, curve in zip(places, curves, strict=False):
        _paint_curve(axes, curve)
    for axes in places[len(curves) :]:
        axes.set_visible(False)
    return figure


def _paint_curve(axes: Axes, curve: Curve) -> None:
    """Draw one curve from zero, its last value written at its end."""
    from matplotlib.ticker import MaxNLocator

    steps = [step for step, _ in curve.points]
    losses = [loss for _, loss in curve.points]
    axes.plot(steps, losses, color=ACCENT, linewidth=1.4)
    axes.plot(steps[-1:], losses[-1:], "o", color=ACCENT, markersize=4)
    axes.annotate(
        f"{losses[-1]:.3f}",
        (steps[-1], losses[-1]),
        textcoords="offset points",
        xytext=(0, 6),
        ha="right",
        fontsize=8,
        color=INK,
    )
    axes.set_title(find_fonts().drawable(curve.name), loc="left", fontsize=9.5, color=INK)
    axes.set_ylim(min(0.0, *losses), max(losses) * 1.12 or 1)
    axes.xaxis.set_major_locator(MaxNLocator(3, integer=True))
    axes.yaxis.set_major_locator(MaxNLocator(3))
    axes.tick_params(length=0, labelsize=8, colors=MUTED)
    bare(axes, rules="y")
