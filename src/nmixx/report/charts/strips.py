"""Strips: a model among baselines, each baseline a tick on the model's line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nmixx.report.charts.canvas import INK, MUTED, PAPER, Chart, bare, paint_dots
from nmixx.report.charts.fonts import find_fonts
from nmixx.report.words import fit

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_WIDE_FROM = 5.0
_ROW = {True: 0.56, False: 0.8}  # inches a line, wide and narrow
_TOP, _BOTTOM = 0.1, 0.5
_NAMES = 0.25


@dataclass(frozen=True)
class Strip:
    """One line: its name, the model's figure, baselines by name, and the figure before."""

    label: str
    value: float
    baselines: Sequence[tuple[str, float]]
    before: float | None = None


def strips_chart(name: str, strips: Sequence[Strip], axis: str, *, alt: str) -> Chart:
    """Prepare strips; the baseline of largest size is named, the others are ticks.

    Args:
        name: of the file, and the prefix of ids.
        strips: from top to bottom.
        axis: what is measured.
        alt: the text alternative.
    """
    return Chart(name, alt, lambda width: _paint(width, strips, axis))


def _paint(width: float, strips: Sequence[Strip], axis: str) -> Figure:
    """Draw the strips; names stand beside the plot where there is room, else above each line."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    wide = width >= _WIDE_FROM
    inner = _ROW[wide] * len(strips)
    height = _TOP + _BOTTOM + inner
    figure = Figure(figsize=(width, height))
    left, right = (_NAMES, 0.985) if wide else (0.015, 0.985)
    axes = figure.add_axes((left, _BOTTOM / height, right - left, inner / height))
    values = [0.0]
    for strip in strips:
        values += [strip.value, *(value for _, value in strip.baselines)]
        values += [] if strip.before is None else [strip.before]
    margin = 0.05 * (max(values) - min(values)) or 0.05
    axes.set_xlim(min(values) - margin, max(values) + margin)
    axes.set_ylim(len(strips) - 0.5, -0.5)
    axes.set_yticks([])
    axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.tick_params(axis="x", length=0, pad=5, labelsize=8)
    bare(axes, rules="x")
    axes.axvline(0, color=MUTED, linewidth=0.6)
    axes.set_xlabel(find_fonts().drawable(axis), fontsize=8, color=MUTED, labelpad=4)
    for place, strip in enumerate(strips):
        _paint_strip(axes, place, strip, wide=wide)
    return figure


def _paint_strip(axes: Axes, place: int, strip: Strip, *, wide: bool) -> None:
    """Draw one line: ticks, the open dot before, the full dot after, the best baseline's name."""
    fonts = find_fonts()
    y = place + (-0.08 if wide else 0.1)
    best = max(strip.baselines, key=lambda item: abs(item[1]))
    for name, value in strip.baselines:
        strong = (name, value) == best
        axes.plot(
            [value, value],
            [y - 0.17, y + 0.17],
            color=INK if strong else MUTED,
            linewidth=1.6 if strong else 0.9,
            alpha=1 if strong else 0.7,
            zorder=3,
        )
    paint_dots(axes, strip.before, strip.value, y)
    low, high = axes.get_xlim()
    share = (best[1] - low) / (high - low)
    side = "left" if share < 0.15 else "right" if share > 0.85 else "center"
    told = fonts.drawable(f"{best[0]} {best[1]:.2f}".replace("-", "−"))
    paper = {"facecolor": PAPER, "edgecolor": "none", "pad": 1.0}
    axes.text(best[1], y + 0.31, told, ha=side, va="center", size=7.5, color=MUTED, bbox=paper)
    axis = axes.get_yaxis_transform()
    label = fonts.drawable(fit(strip.label, 28))
    if wide:
        edge = -_NAMES / axes.get_position().width
        axes.text(edge, y, label, transform=axis, ha="left", va="center", color=INK)
        return
    top = place - 0.3
    axes.text(0.0, top, label, transform=axis, ha="left", va="center", color=INK, bbox=paper)
