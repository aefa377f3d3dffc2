"""Mirrored histograms: one thing upwards, another downwards, a plot for each that is compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nmixx.report.charts.canvas import ACCENT, INK, MUTED, PAPER, RULE, Chart, bare
from nmixx.report.charts.fonts import find_fonts
from nmixx.report.words import fit

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_WIDE_FROM = 5.0
_NAMES = 0.27  # share of a wide figure that holds the words
_PLOT, _HEAD = 1.0, 0.19  # inches of a plot, and of its head, where the words at the ends stand
_TICKS, _KEY, _BOTTOM = 0.36, 0.3, 0.02
_LINE = 0.155  # inches a line of words above a narrow plot
_LOUD = 0.05  # a share from here on is written in ink


@dataclass(frozen=True)
class End:
    """What lies exactly at an end of the axis: its share, and the words for it."""

    share: float
    words: str


@dataclass(frozen=True)
class Panel:
    """One plot: its name, notes below it, and shares of two kinds over the same bins.

    ``edges`` has one entry more than ``up`` and ``down``.
    """

    label: str
    notes: Sequence[str]
    edges: Sequence[float]
    up: Sequence[float]
    down: Sequence[float]
    ends: tuple[End, End] | None = None


def histograms_chart(
    name: str, panels: Sequence[Panel], kinds: tuple[str, str], *, alt: str
) -> Chart:
    """Prepare mirrored histograms.

    Args:
        name: of the file, and the prefix of ids.
        panels: from top to bottom, each with an axis of its own.
        kinds: what goes up and what goes down.
        alt: the text alternative.
    """
    return Chart(name, alt, lambda width: _paint(width, panels, kinds))


def _paint(width: float, panels: Sequence[Panel], kinds: tuple[str, str]) -> Figure:
    """Draw the panels; words stand beside a plot where there is room, else above it."""
    from matplotlib.figure import Figure

    wide = width >= _WIDE_FROM
    above = [0.0 if wide else _LINE * (1 + len(panel.notes)) + 0.06 for panel in panels]
    height = _KEY + _BOTTOM + sum(above) + (_PLOT + _TICKS) * len(panels)
    figure = Figure(figsize=(width, height))
    left, right = (_NAMES, 0.975) if wide else (0.03, 0.965)
    _paint_key(figure, kinds, (left, right), 1 - 0.5 * _KEY / height)
    top = height - _KEY
    for panel, room in zip(panels, above, strict=True):
        _paint_words(figure, panel, top / height, wide=wide)
        top -= room + _PLOT
        axes = figure.add_axes((left, top / height, right - left, _PLOT / height))
        _paint_panel(axes, panel)
        top -= _TICKS
    return figure


def _paint_key(
    figure: Figure, kinds: tuple[str, str], across: tuple[float, float], y: float
) -> None:
    """Say in its own colour what goes up and what goes down."""
    fonts = find_fonts()
    words = zip(("▲", "▼"), kinds, across, ("left", "right"), (ACCENT, MUTED), strict=True)
    for sign, kind, x, side, colour in words:
        told = fonts.drawable(f"{sign} {kind}")
        figure.text(x, y, told, color=colour, size=8, va="center", ha=side)


def _paint_words(figure: Figure, panel: Panel, top: float, *, wide: bool) -> None:
    """Write the name and the notes, line by line."""
    fonts = find_fonts()
    line = _LINE / figure.get_figheight()
    y = top - (0.5 if wide else 0) * line
    x = 0.0 if wide else 0.02
    figure.text(x, y, fonts.drawable(fit(panel.label, 28)), color=INK, va="top", ha="left")
    for number, note in enumerate(panel.notes, start=1):
        down = y - number * line - 0.2 * line
        figure.text(x, down, fonts.drawable(note), color=MUTED, size=7.5, va="top", ha="left")


def _paint_panel(axes: Axes, panel: Panel) -> None:
    """Draw both histograms from a common base, on one scale."""
    from matplotlib.ticker import MaxNLocator

    axes.stairs(panel.up, panel.edges, fill=True, color=ACCENT, linewidth=0)
    down = [-share for share in panel.down]
    axes.stairs(down, panel.edges, fill=True, color=RULE, linewidth=0, zorder=1.9)
    axes.stairs(down, panel.edges, color=MUTED, linewidth=0.8)
    highest, deepest = max(panel.up, default=0), max(panel.down, default=0)
    depth = 1.05 * deepest
    axes.set_ylim(-depth, highest + (highest + depth or 1.0) * _HEAD / (_PLOT - _HEAD))
    margin = 0.01 * (panel.edges[-1] - panel.edges[0])
    axes.set_xlim(panel.edges[0] - margin, panel.edges[-1] + margin)
    axes.axhline(0, color=RULE, linewidth=0.8)
    axes.set_yticks([])
    axes.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 2.5, 5, 10]))
    axes.tick_params(axis="x", length=0, pad=3, labelsize=8)
    bare(axes, rules="x")
    if panel.ends is not None:
        _paint_end(axes, panel.ends[0], panel.edges[1], left=True)
        _paint_end(axes, panel.ends[1], panel.edges[-2], left=False)


def _paint_end(axes: Axes, end: End, x: float, *, left: bool) -> None:
    """Write the share at an end beside the bar that it stands in."""
    axes.annotate(
        find_fonts().drawable(end.words),
        (x, axes.get_ylim()[1]),
        textcoords="offset points",
        xytext=(4 if left else -4, -1),
        ha="left" if left else "right",
        va="top",
        fontsize=8,
        color=INK if end.share >= _LOUD else MUTED,
        # Paper behind the words keeps the verticals from running through them.
        bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1},
    )
