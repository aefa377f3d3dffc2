"""The funnel: rows that go in, what takes rows away, and what is left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nmixx.report.charts.canvas import ACCENT, INK, MUTED, Chart
from nmixx.report.charts.fonts import find_fonts
from nmixx.report.words import fit

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_WIDE_FROM = 5.0
_ROW = {True: 0.33, False: 0.5}  # inches a line, wide and narrow
_NAMES = 0.36  # share of a wide figure that holds the names
_COUNTS = 0.12
_THIN = 0.004  # a bar is never thinner than this share of the axis
_EDGE = 0.06
_FAINT = {INK: 0.7, MUTED: 0.45}  # how solid a bar is


@dataclass(frozen=True)
class Funnel:
    """A flow of rows; what ``taken`` leaves of ``entered`` is ``kept``.

    ``taken`` has a reason and a count each, in the order in which they are drawn.
    """

    entered: tuple[str, int]
    taken: Sequence[tuple[str, int]]
    kept: tuple[str, int]


def funnel_chart(name: str, funnel: Funnel, *, alt: str) -> Chart:
    """Prepare a funnel: a full bar, what falls away from its end, and the bar that is left.

    Args:
        name: of the file, and the prefix of ids.
        funnel: the flow.
        alt: the text alternative.
    """
    return Chart(name, alt, lambda width: _paint(width, funnel))


def _paint(width: float, funnel: Funnel) -> Figure:
    """Draw a line for each step; names stand beside the bars where there is room, else above."""
    from matplotlib.figure import Figure

    wide = width >= _WIDE_FROM
    lines = len(funnel.taken) + 2
    height = 2 * _EDGE + _ROW[wide] * lines
    figure = Figure(figsize=(width, height))
    left, right = (_NAMES, 1 - _COUNTS) if wide else (0.015, 0.985)
    axes = figure.add_axes((left, _EDGE / height, right - left, 1 - 2 * _EDGE / height))
    axes.set_axis_off()
    total = max(funnel.entered[1], 1)
    axes.set_xlim(0, total)
    axes.set_ylim(lines - 0.5, -0.5)
    place, end = 0, funnel.entered[1]
    _paint_line(axes, place, funnel.entered, (0, end), wide=wide, tone=INK)
    for reason, count in funnel.taken:
        place += 1
        _paint_line(axes, place, (reason, count), (end - count, end), wide=wide, tone=MUTED)
        end -= count
    _paint_line(axes, place + 1, funnel.kept, (0, funnel.kept[1]), wide=wide, tone=ACCENT)
    return figure


def _paint_line(
    axes: Axes,
    place: int,
    step: tuple[str, int],
    bar: tuple[float, float],
    *,
    wide: bool,
    tone: str,
) -> None:
    """Draw one bar with its name and its count."""
    name, count = step
    least = _THIN * axes.get_xlim()[1]
    length = max(bar[1] - bar[0], least if count else 0)
    start = max(0, bar[1] - length)
    down, thick = (0.0, 0.42) if wide else (0.22, 0.3)
    strong = tone != MUTED
    faint = _FAINT.get(tone, 1)
    axes.barh(place + down, length, left=start, height=thick, color=tone, alpha=faint, linewidth=0)
    colour = INK if strong else MUTED
    written = find_fonts().drawable(fit(name, 46 if wide else 34))
    axis = axes.get_yaxis_transform()
    if wide:
        span = axes.get_position()
        at = -span.x0 / span.width
        end = (1 - span.x0) / span.width
        axes.text(at, place, written, transform=axis, ha="left", va="center", color=colour)
        axes.text(end, place, f"{count:,}", transform=axis, ha="right", va="center", color=colour)
        return
    y = place - 0.18
    axes.text(0, y, written, transform=axis, ha="left", va="center", color=colour, size=9)
    axes.text(1, y, f"{count:,}", transform=axis, ha="right", va="center", color=colour, size=9)
