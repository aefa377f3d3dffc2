"""``nmixx triplets inspect``: look at triplets in the terminal or as a page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from nmixx.cli.output import JsonFlag, show
from nmixx.errors import InputError

_WANTED, _OUTPUT = "Which ones", "Output"


def inspect(
    folder: Annotated[Path, typer.Argument(help="A folder of triplets, as make writes it.")],
    shift: Annotated[
        list[str] | None, typer.Option(help="May be repeated.", rich_help_panel=_WANTED)
    ] = None,
    category: Annotated[
        list[str] | None, typer.Option(help="May be repeated.", rich_help_panel=_WANTED)
    ] = None,
    direction: Annotated[
        list[str] | None,
        typer.Option(help="Anchor's and positive's language: ko-en.", rich_help_panel=_WANTED),
    ] = None,
    min_confidence: Annotated[float, typer.Option(rich_help_panel=_WANTED)] = 0.0,
    max_confidence: Annotated[float, typer.Option(rich_help_panel=_WANTED)] = 1.0,
    status: Annotated[
        str, typer.Option(help="kept, dropped or all.", rich_help_panel=_WANTED)
    ] = "all",
    reason: Annotated[
        list[str] | None,
        typer.Option(help="Dropped for this reason; may be repeated.", rich_help_panel=_WANTED),
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option(
            help="Shown at most, drawn evenly over shifts; 10, and 2,000 on a page.",
            min=0,
            rich_help_panel=_OUTPUT,
        ),
    ] = None,
    html: Annotated[
        Path | None, typer.Option(help="Write a page to this file.", rich_help_panel=_OUTPUT)
    ] = None,
    seed: Annotated[int, typer.Option(help="Of the drawing.", rich_help_panel=_OUTPUT)] = 0,
    as_json: JsonFlag = False,
) -> None:
    """Show triplets with the changed words marked: how each shift fares, then some of each."""
    from nmixx.storage import write_text
    from nmixx.triplets.inspection import Wanted, choose_rows, list_rows
    from nmixx.triplets.inspection.page import render_page
    from nmixx.triplets.inspection.terminal import render_counts, render_rows
    from nmixx.triplets.stored import find_threshold, list_borderline, read_stored

    if status not in ("kept", "dropped", "all"):
        raise InputError(f"--status {status!r}: expected kept, dropped or all.")
    stored = read_stored(folder)
    threshold = find_threshold(stored)
    rows = list_rows(stored)
    wanted = Wanted(
        tuple(shift or ()),
        tuple(category or ()),
        tuple(direction or ()),
        tuple(reason or ()),
        (min_confidence, max_confidence),
        status,
    )
    wanted.require_known(rows)
    found = [row for row in rows if wanted.wants(row)]
    chosen = choose_rows(found, limit if limit is not None else 2000 if html else 10, seed=seed)
    if html is not None:
        title = folder.resolve().name
        write_text(html, render_page(chosen, title=title, total=len(found), threshold=threshold))
    result = {
        "folder": str(folder),
        "threshold": threshold,
        "found": len(found),
        "kept": sum(not row.reason for row in found),
        "page": None if html is None else str(html),
        "triplets": [] if html else [row.to_dict() for row in chosen],
    }
    signs = not Console().is_terminal
    counts = render_counts(list_borderline(stored, threshold), threshold)
    told = f"\n{len(chosen):,} of {len(found):,} triplets" + ("" if html is None else f": {html}")
    show(result, as_json, counts, *([] if html else render_rows(chosen, signs=signs)), told)
