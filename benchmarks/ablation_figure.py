"""The figure of an ablation: how much each arm changes the domain benchmark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nmixx.report.charts import Chart
from nmixx.report.charts.canvas import ACCENT, INK, MUTED, PAPER, bare

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_ROW, _AROUND = 0.34, 0.75  # inches
_AXIS = "change of FinSTS against all triplets, Spearman"


@dataclass(frozen=True)
class Bar:
    """One arm's change, its 95 % interval, and the change of each seed."""

    name: str
    delta: float
    ci95: tuple[float, float]
    seeds: tuple[float, ...] = ()


def bars_chart(name: str, bars: Sequence[Bar]) -> Chart:
    """Prepare horizontal bars; those whose interval leaves out zero are in colour."""
    told = "; ".join(
        f"{b.name} {b.delta:+.3f} ({b.ci95[0]:+.3f} to {b.ci95[1]:+.3f})" for b in bars
    )
    alt = f"Bar chart: {_AXIS}, with 95 % intervals. {told}."
    return Chart(name, alt, lambda width: _paint(width, bars))


def _paint(width: float, bars: Sequence[Bar]) -> Figure:
    """Draw the bars from top to bottom, and a dot for each of several seeds."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    figure = Figure(figsize=(width, _AROUND + _ROW * len(bars)), layout="constrained")
    axes = figure.subplots()
    places = range(len(bars))
    certain = [bar.ci95[0] > 0 or bar.ci95[1] < 0 for bar in bars]
    axes.barh(
        places,
        [bar.delta for bar in bars],
        height=0.6,
        color=[ACCENT if sure else MUTED for sure in certain],
        alpha=0.55,
    )
    for place, bar in zip(places, bars, strict=True):
        axes.plot(bar.ci95, [place, place], color=INK, linewidth=1.0)
        if len(bar.seeds) > 1:
            axes.plot(
                bar.seeds,
                [place] * len(bar.seeds),
                "o",
                markersize=4,
                markerfacecolor=PAPER,
                markeredgecolor=INK,
                markeredgewidth=0.8,
            )
    axes.axvline(0, color=MUTED, linewidth=0.8)
    axes.set_yticks(places, [bar.name for bar in bars], fontsize=8.5, color=INK)
    axes.invert_yaxis()
    axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.set_xlabel(_AXIS, fontsize=8, color=MUTED)
    axes.tick_params(length=0, labelsize=8)
    bare(axes, rules="x")
    return figure
