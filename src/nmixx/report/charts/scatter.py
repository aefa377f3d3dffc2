"""Points in a plane: the map of two languages, and the trade-off of gain and loss."""

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
_HEAD, _KEY = 0.28, 0.3  # inches above each map, and of the key
_GAP = 0.03
Place = tuple[float, float]


@dataclass(frozen=True)
class Map:
    """One map: its title, and where each pair's two texts lie."""

    title: str
    first: Sequence[Place]
    second: Sequence[Place]


@dataclass(frozen=True)
class Stop:
    """A point of the trade-off: its name, general change, domain change."""

    name: str
    general: float
    domain: float


def map_chart(name: str, maps: Sequence[Map], languages: tuple[str, str], *, alt: str) -> Chart:
    """Prepare maps of the same pairs, abreast where there is room; a line joins each pair.

    Args:
        name: of the file, and the prefix of ids.
        maps: each with a scale of its own, equal along both axes.
        languages: of the first and of the second text of every pair.
        alt: the text alternative.
    """
    return Chart(name, alt, lambda width: _paint_maps(width, maps, languages))


def trade_chart(
    name: str, stops: Sequence[Stop], axes: tuple[str, str], *, alt: str, joined: bool = True
) -> Chart:
    """Prepare the trade-off: points, and a line through them where one follows from another.

    Args:
        name: of the file, and the prefix of ids.
        stops: from the first to the last.
        axes: what goes to the right, and what goes up.
        alt: the text alternative.
        joined: draw the line.
    """
    return Chart(name, alt, lambda width: _paint_trade(width, stops, axes, joined=joined))


def _paint_maps(width: float, maps: Sequence[Map], languages: tuple[str, str]) -> Figure:
    """Draw the maps under a common key."""
    from matplotlib.figure import Figure

    across = len(maps) if width >= _WIDE_FROM else 1
    down = -(-len(maps) // across)
    side = width * (1 - _GAP * (across - 1)) / across if across > 1 else width
    height = _KEY + down * (side + _HEAD)
    figure = Figure(figsize=(width, height))
    _paint_key(figure, languages, 1 - 0.5 * _KEY / height)
    for number, each in enumerate(maps):
        row, column = divmod(number, across)
        left = column * (side / width + _GAP)
        top = height - _KEY - row * (side + _HEAD) - _HEAD
        box = figure.add_axes((left, (top - side) / height, side / width, side / height))
        _paint_map(box, each)
        figure.text(
            left,
            (top + 0.45 * _HEAD) / height,
            find_fonts().drawable(fit(each.title, 44)),
            color=INK,
            va="center",
        )
    return figure


def _paint_key(figure: Figure, languages: tuple[str, str], y: float) -> None:
    """Say which mark is which language."""
    fonts = find_fonts()
    figure.text(0.0, y, fonts.drawable(f"● {languages[0]}"), color=ACCENT, size=8, va="center")
    figure.text(0.09, y, fonts.drawable(f"○ {languages[1]}"), color=MUTED, size=8, va="center")


def _paint_map(axes: Axes, each: Map) -> None:
    """Draw one map: lines below, the second language's rings, the first one's dots."""
    from matplotlib.collections import LineCollection

    places = [*each.first, *each.second]
    joined = [list(ends) for ends in zip(each.first, each.second, strict=True)]
    axes.add_collection(LineCollection(joined, colors=MUTED, linewidths=0.4, alpha=0.35))
    x, y = zip(*each.second, strict=True)
    axes.plot(
        x, y, "o", markersize=3.2, markerfacecolor=PAPER, markeredgecolor=MUTED, markeredgewidth=0.7
    )
    x, y = zip(*each.first, strict=True)
    axes.plot(x, y, "o", markersize=3.0, color=ACCENT, markeredgewidth=0)
    across = [place[0] for place in places]
    upward = [place[1] for place in places]
    middle = (max(across) + min(across)) / 2, (max(upward) + min(upward)) / 2
    reach = 0.54 * max(max(across) - min(across), max(upward) - min(upward), 1e-9)
    axes.set_xlim(middle[0] - reach, middle[0] + reach)
    axes.set_ylim(middle[1] - reach, middle[1] + reach)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set_facecolor("none")
    for line in axes.spines.values():
        line.set_color(RULE)
        line.set_linewidth(0.8)


def _paint_trade(
    width: float, stops: Sequence[Stop], names: tuple[str, str], *, joined: bool
) -> Figure:
    """Draw the points, and maybe the way from one to the next, zero marked on both axes."""
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine
    from matplotlib.ticker import MaxNLocator

    wide = width >= _WIDE_FROM
    figure = Figure(
        figsize=(width, 3.4 if wide else 3.1), layout=ConstrainedLayoutEngine(w_pad=0.08)
    )
    axes = figure.subplots()
    fonts = find_fonts()
    x = [stop.general for stop in stops]
    y = [stop.domain for stop in stops]
    if joined:
        axes.plot(x, y, color=ACCENT, linewidth=1.2, alpha=0.6)
    axes.plot(x, y, "o", color=ACCENT, markersize=6, markeredgewidth=0)
    axes.axhline(0, color=MUTED, linewidth=0.6)
    axes.axvline(0, color=MUTED, linewidth=0.6)
    axes.margins(0.22, 0.16)
    for number, stop in enumerate(stops):
        # A label stands to the upper right, but where the line goes that way: then below.
        following = stops[number + 1 : number + 2] if joined else ()
        crossed = any(n.general > stop.general and n.domain > stop.domain for n in following)
        axes.annotate(
            fonts.drawable(fit(stop.name, 28)),
            (stop.general, stop.domain),
            textcoords="offset points",
            xytext=(7, -12 if crossed else 5),
            fontsize=8,
            color=INK,
        )
    axes.set_xlabel(fonts.drawable(names[0]), fontsize=8, color=MUTED)
    axes.set_ylabel(fonts.drawable(names[1]), fontsize=8, color=MUTED)
    axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.yaxis.set_major_locator(MaxNLocator(5))
    axes.tick_params(length=0, labelsize=8, colors=MUTED)
    bare(axes, rules="x")
    axes.grid(axis="y", color=RULE, linewidth=0.6)
    return figure
