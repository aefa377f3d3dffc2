"""The figure of vocabulary sizes: what more pieces gain, before and after alignment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from nmixx.report.charts import Chart
from nmixx.report.charts.canvas import ACCENT, INK, MUTED, bare

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_WIDE_FROM = 5.0
PANELS = {
    "korsts": "KorSTS, Spearman",
    "sts_en_ko": "English-Korean STS, Spearman",
    "tokens_per_word": "tokens per Korean word",
}
SERIES = {False: (MUTED, "not trained"), True: (ACCENT, "one epoch of alignment")}


@dataclass(frozen=True)
class Point:
    """One size's figures; ``aligned_rows`` is how many rows it was trained on."""

    size: int
    aligned_rows: int
    korsts: float
    sts_en_ko: float
    tokens_per_word: float

    @classmethod
    def names(cls) -> list[str]:
        """Give the names of the figures."""
        return [one.name for one in fields(cls)]


def sizes_chart(name: str, points: Sequence[Point]) -> Chart:
    """Prepare three small plots over the number of new pieces."""
    told = "; ".join(
        f"{p.size:,} pieces{' aligned' if p.aligned_rows else ''}: KorSTS {p.korsts:.3f}, "
        f"English-Korean STS {p.sts_en_ko:.3f}, {p.tokens_per_word:.2f} tokens per word"
        for p in points
    )
    alt = f"Line charts over the number of new pieces. {told}."
    return Chart(name, alt, lambda width: _paint(width, points))


def _paint(width: float, points: Sequence[Point]) -> Figure:
    """Draw the plots, three abreast where there is room."""
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    across = len(PANELS) if width >= _WIDE_FROM else 1
    down = -(-len(PANELS) // across)
    figure = Figure(
        figsize=(width, 2.3 * down), layout=ConstrainedLayoutEngine(w_pad=0.08, h_pad=0.08)
    )
    places: list[Axes] = list(figure.subplots(down, across, squeeze=False).flat)
    for axes, (name, title) in zip(places, PANELS.items(), strict=True):
        _paint_panel(axes, name, title, points)
    places[0].legend(frameon=False, fontsize=7.5, labelcolor=INK, loc="lower right")
    return figure


def _paint_panel(axes: Axes, name: str, title: str, points: Sequence[Point]) -> None:
    """Draw one figure over the size; tokens are the same before and after training."""
    from matplotlib.ticker import MaxNLocator

    for trained, (colour, label) in SERIES.items():
        chosen = [point for point in points if bool(point.aligned_rows) == trained]
        if not chosen or (trained and name == "tokens_per_word"):
            continue
        sizes = [point.size / 1000 for point in chosen]
        values = [float(getattr(point, name)) for point in chosen]
        axes.plot(sizes, values, "o-", color=colour, linewidth=1.4, markersize=3.5, label=label)
    axes.set_title(title, loc="left", fontsize=9, color=INK)
    axes.set_xlabel("new pieces, thousands", fontsize=8, color=MUTED)
    axes.yaxis.set_major_locator(MaxNLocator(4))
    axes.set_ylim(bottom=min(0.0, 2 * axes.dataLim.ymin))  # room for a dot below zero
    axes.tick_params(length=0, labelsize=8, colors=MUTED)
    bare(axes, rules="y")
