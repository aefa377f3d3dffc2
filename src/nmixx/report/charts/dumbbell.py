"""The dumbbell chart: where each thing was, where it is, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nmixx.report.charts.canvas import ACCENT, INK, MUTED, PAPER, Chart, bare, paint_dots
from nmixx.report.charts.fonts import find_fonts
from nmixx.report.words import fit

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Span = tuple[float, float]

_WIDE_FROM = 5.0
_ROW = {True: 0.46, False: 0.62}  # inches a row, wide and narrow
_TOP, _BOTTOM = 0.08, 0.5
_NAMES = 0.25  # share of a wide figure that holds the names


@dataclass(frozen=True)
class Row:
    """One line: its name, a note below it, both values with their intervals, and the change."""

    label: str
    note: str
    after: float
    before: float | None = None
    after_span: Span | None = None
    before_span: Span | None = None
    change: str = ""
    certain: bool = True


def dumbbell_chart(name: str, rows: Sequence[Row], axis: str, *, alt: str, zero: bool) -> Chart:
    """Prepare a dumbbell chart.

    Args:
        name: of the file, and the prefix of ids.
        rows: from top to bottom.
        axis: what is measured.
        alt: the text alternative.
        zero: begin the axis at zero even where no value is near it.
    """
    return Chart(name, alt, lambda width: _paint(width, rows, axis, zero=zero))


def _paint(width: float, rows: Sequence[Row], axis: str, *, zero: bool) -> Figure:
    """Draw the rows; names stand beside the plot where there is room, else above each line."""
    from matplotlib.figure import Figure

    wide = width >= _WIDE_FROM
    height = _TOP + _BOTTOM + _ROW[wide] * len(rows)
    figure = Figure(figsize=(width, height))
    left, right = (_NAMES, 0.89) if wide else (0.015, 0.985)
    axes = figure.add_axes((left, _BOTTOM / height, right - left, _ROW[wide] * len(rows) / height))
    _set_limits(axes, rows, zero=zero)
    _strip(axes, axis)
    drop = 0.0 if wide else 0.22
    for place, row in enumerate(rows):
        _paint_row(axes, row, place + drop)
        _paint_words(axes, row, place, wide=wide)
    return figure


def _set_limits(axes: Axes, rows: Sequence[Row], *, zero: bool) -> None:
    """Fit the axis around all values and intervals."""
    values = [
        value
        for row in rows
        for value in (row.after, row.before, *(row.after_span or ()), *(row.before_span or ()))
        if value is not None
    ]
    low, high = min(values), max(values)
    if zero:
        low, high = min(low, 0.0), max(high, 0.0)
    margin = max((high - low) * 0.05, 0.01)
    axes.set_xlim(low - margin, high + margin)
    axes.set_ylim(len(rows) - 0.5, -0.5)


def _strip(axes: Axes, axis: str) -> None:
    """Leave a few light verticals and the axis' name."""
    from matplotlib.ticker import MaxNLocator

    axes.set_yticks([])
    axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.tick_params(axis="x", length=0, pad=5, labelsize=8)
    bare(axes, rules="x")
    axes.set_xlabel(find_fonts().drawable(axis), fontsize=8, color=MUTED, labelpad=4)
    if axes.get_xlim()[0] < 0 < axes.get_xlim()[1]:
        axes.axvline(0, color=MUTED, linewidth=0.6)


def _paint_row(axes: Axes, row: Row, y: float) -> None:
    """Draw both dots, the line between them and their intervals."""
    if row.before is not None:
        axes.plot([row.before, row.after], [y, y], color=ACCENT, linewidth=1.4, zorder=2)
        _paint_span(axes, row.before_span, y, MUTED)
    _paint_span(axes, row.after_span, y, ACCENT)
    paint_dots(axes, row.before, row.after, y)


def _paint_span(axes: Axes, span: Span | None, y: float, colour: str) -> None:
    """Draw an interval as a broad pale band behind its dot."""
    if span is not None:
        axes.plot(
            span, [y, y], color=colour, alpha=0.25, linewidth=7, solid_capstyle="round", zorder=1
        )


def _paint_words(axes: Axes, row: Row, place: int, *, wide: bool) -> None:
    """Write the name, the note and the change."""
    fonts = find_fonts()
    axis = axes.get_yaxis_transform()
    colour = INK if row.certain else MUTED
    label, note, change = map(fonts.drawable, (row.label, row.note, row.change))
    if wide:
        label = fit(label, 28)
        up = place - (0.18 if note else 0)
        edge = -_NAMES / (axes.get_position().width)
        axes.text(edge, up, label, transform=axis, ha="left", va="center", color=INK)
        axes.text(
            edge, place + 0.21, note, transform=axis, ha="left", va="center", color=MUTED, size=7.5
        )
        end = (1 - axes.get_position().x0) / axes.get_position().width
        axes.text(end, place, change, transform=axis, ha="right", va="center", color=colour)
        return
    # Paper behind the words keeps the verticals from running through them.
    paper = {"facecolor": PAPER, "edgecolor": "none", "pad": 1.5}
    y = place - 0.22
    name = fit(label, 28)
    axes.text(0.0, y, name, transform=axis, ha="left", va="center", color=INK, bbox=paper)
    axes.text(1.0, y, change, transform=axis, ha="right", va="center", color=colour, bbox=paper)
