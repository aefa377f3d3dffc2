"""From a drawing function to SVG for the page, SVG for a file, and PNG."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any, Literal

from nmixx.report.charts.fonts import find_fonts

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK = "#1d2022"
MUTED = "#6a7075"
RULE = "#dfe2e4"
ACCENT = "#0b6b63"
PAPER = "#fefefe"
COLOURS = {INK: "ink", MUTED: "muted", RULE: "rule", ACCENT: "accent", PAPER: "paper"}
"""Fixed colours of the drawing, and the CSS variables that they become on the page."""

WIDE, NARROW = 7.2, 3.5
"""Inches; the page shows a figure at about 100 pixels to the inch."""

Painter = Callable[[float], "Figure"]
"""Draws a figure that is so many inches wide."""


@dataclass(frozen=True)
class Chart:
    """What is to be drawn, what it is called, and what it says to those who cannot see it."""

    name: str
    alt: str
    paint: Painter


@dataclass(frozen=True)
class Picture:
    """A drawn chart: two SVGs for the page, one for a file, and a PNG."""

    name: str
    alt: str
    wide: str
    narrow: str
    file: str
    png: bytes


def draw(chart: Chart) -> Picture:
    """Draw a chart at both widths; the same chart gives the same bytes."""
    import matplotlib as mpl

    style: Any = {
        "font.family": list(find_fonts().families),
        "font.size": 9.5,
        "svg.fonttype": "path",
        "svg.hashsalt": chart.name,
        "text.parse_math": False,  # a dollar in a name is a dollar
        "axes.unicode_minus": True,
        "axes.edgecolor": RULE,
        "text.color": INK,
        "xtick.color": MUTED,
        "ytick.color": MUTED,
    }
    with mpl.rc_context(style):
        wide, narrow = chart.paint(WIDE), chart.paint(NARROW)
        file = _save_svg(wide)
        return Picture(
            name=chart.name,
            alt=chart.alt,
            wide=embed_svg(file, f"{chart.name}-wide", chart.alt),
            narrow=embed_svg(_save_svg(narrow), f"{chart.name}-narrow", chart.alt),
            file=file,
            png=_save_png(wide),
        )


def bare(axes: Axes, *, rules: Literal["x", "y"]) -> None:
    """Leave axes nothing but faint rules behind the drawing, across one axis."""
    axes.grid(axis=rules, color=RULE, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.set_facecolor("none")
    for side in axes.spines.values():
        side.set_visible(False)


def embed_svg(svg: str, prefix: str, alt: str) -> str:
    """Make a figure's SVG part of a page: own ids, colours as variables, a text alternative.

    Args:
        svg: as matplotlib writes it.
        prefix: put before every id, so that figures on one page do not clash.
        alt: what the figure says.
    """
    body = svg[svg.index("<svg") :]
    body = re.sub(r"<metadata>.*?</metadata>", "", body, flags=re.DOTALL)
    body = re.sub(r"<!--.*?-->", "", body, flags=re.DOTALL)
    body = re.sub(r'\s(?:xmlns|xmlns:\w+|version)="[^"]*"', "", body)
    body = re.sub(r'\b(?:xlink:)?href="#', f'href="#{prefix}-', body)
    body = re.sub(r'\bid="', f'id="{prefix}-', body)
    body = re.sub(r"url\(#", f"url(#{prefix}-", body)
    for colour, variable in COLOURS.items():
        body = body.replace(colour, f"var(--{variable})")
    body = re.sub(r'^<svg[^>]*?viewBox="([^"]*)"[^>]*>', _opening(alt), body, count=1)
    return re.sub(r">\s+<", "><", body).strip()


def _opening(alt: str) -> Callable[[re.Match[str]], str]:
    """Write the opening tag anew: sized by the page, and named for a screen reader."""
    label = escape(" ".join(alt.split()), quote=True)
    return lambda found: f'<svg viewBox="{found[1]}" role="img" aria-label="{label}">'


def _save_svg(figure: Figure) -> str:
    """Write a figure as SVG text without date or creator."""
    stream = io.StringIO()
    blank: dict[str, Any] = {"Date": None, "Creator": None, "Format": None, "Type": None}
    figure.savefig(stream, format="svg", transparent=True, metadata=blank)
    return stream.getvalue()


def _save_png(figure: Figure) -> bytes:
    """Write a figure as PNG on white paper."""
    stream = io.BytesIO()
    figure.savefig(stream, format="png", dpi=200, facecolor="white", metadata={"Software": None})
    return stream.getvalue()


def paint_dots(axes: Axes, before: float | None, after: float, y: float) -> None:
    """Draw a figure as a full dot, and what it was before, where known, as an open one."""
    if before is not None:
        axes.plot(
            [before],
            [y],
            "o",
            markersize=6,
            markerfacecolor=PAPER,
            markeredgecolor=MUTED,
            markeredgewidth=1.3,
            zorder=4,
        )
    axes.plot([after], [y], "o", markersize=7, color=ACCENT, markeredgewidth=0, zorder=5)
