"""Triplets in a terminal: a table of counts, and a block for each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from nmixx.triplets.inspection.differences import Stretch
from nmixx.triplets.inspection.rows import Row
from nmixx.triplets.stored import Borderline

_STYLES = {"same": "", "gone": "red strike", "new": "bold green"}
_SIGNS = {"same": ("", ""), "gone": ("[-", "-]"), "new": ("{+", "+}")}


def render_counts(borders: Sequence[Borderline], threshold: float) -> Table:
    """Lay out how the triplets of each shift lie about the threshold."""
    table = Table(
        title=f"triplets by shift, threshold {threshold:g}",
        title_justify="left",
        box=None,
        pad_edge=False,
    )
    table.add_column("shift")
    for column in ("kept", "dropped", "near it"):
        table.add_column(column, justify="right")
    table.add_column("weakest check of the nearest")
    for border in borders:
        weakest = dict.fromkeys(filter(None, (one.weakest for one in border.nearest)))
        counts = (border.kept, border.dropped, border.near)
        table.add_row(_spaced(border.shift), *(f"{n:,}" for n in counts), ", ".join(weakest))
    return table


def render_rows(rows: Sequence[Row], *, signs: bool = False) -> Iterator[RenderableType]:
    """Yield a block for each row: a headline, three texts, and what lowered its confidence.

    Args:
        rows: what is shown.
        signs: mark changes by ``[-gone-]`` and ``{+new+}`` too, where no colours are to be had.
    """
    for number, row in enumerate(rows, start=1):
        yield Text()
        yield _headline(row, number)
        yield Padding(_texts(row, signs), (0, 0, 0, 2))


def _headline(row: Row, number: int) -> Text:
    """Name shift, category, direction, confidence and reason."""
    confidence = row.assessment.confidence
    style = "green" if confidence >= 0.9 else "yellow" if not row.reason else "red"
    line = Text(f"{number:>3} ", style="dim")
    line.append(_spaced(row.shift), style="bold cyan")
    line.append(f"  {row.category} · {row.direction} · ", style="dim")
    line.append(f"{confidence:.2f}", style=style)
    weakest = row.assessment.weakest
    if row.reason:
        line.append(f"  dropped: {row.reason}", style="red")
    elif weakest:
        line.append(f"  {weakest}", style="yellow")
    return line


def _texts(row: Row, signs: bool) -> Table:
    """Set the three texts under each other."""
    triplet = row.assessment.triplet
    table = Table.grid(padding=(0, 1))
    table.add_column(style="dim", width=8)
    table.add_column(overflow="fold")
    table.add_row("anchor", Text(triplet.anchor))
    table.add_row("positive", _mark(row.positive_changes(), signs))
    table.add_row("negative", _mark(row.negative_changes(), signs))
    return table


def _mark(stretches: Sequence[Stretch], signs: bool) -> Text:
    """Colour what was taken away and what was put in."""
    text = Text()
    for stretch in stretches:
        opening, closing = _SIGNS[stretch.kind] if signs else ("", "")
        kept = stretch.text.rstrip()
        marked = f"{opening}{kept}{closing}{stretch.text[len(kept) :]}"
        text.append(marked, style=_STYLES[stretch.kind])
    return text


def _spaced(name: str) -> str:
    """Write a name with spaces."""
    return name.replace("_", " ")
