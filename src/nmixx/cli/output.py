"""What commands print: tables for people, JSON for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import Annotated, Any

import typer
from rich.console import Console, RenderableType
from rich.table import Table

JsonFlag = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


def show(result: Mapping[str, Any], as_json: bool, *renderables: RenderableType) -> None:
    """Print a result: JSON to a program, tables and lines to a person."""
    if as_json:
        sys.stdout.write(json.dumps(result, ensure_ascii=False, indent=2) + "\n")
        return
    console = Console()
    for renderable in renderables:
        console.print(renderable, soft_wrap=isinstance(renderable, str), highlight=False)


def counts_table(title: str, counts: Mapping[str, int]) -> Table:
    """Lay counts out in two columns."""
    table = Table(title=title, title_justify="left", box=None, show_header=False, pad_edge=False)
    table.add_column("what")
    table.add_column("count", justify="right")
    for name, count in counts.items():
        table.add_row(name.replace("_", " "), f"{count:,}")
    return table
