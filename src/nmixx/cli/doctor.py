"""``nmixx doctor``: what is installed, what will be used, what is missing."""

from __future__ import annotations

import typer
from rich.markup import escape
from rich.table import Table

from nmixx.cli.output import JsonFlag, show


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("doctor", epilog="Example: nmixx doctor --json")(doctor)


def doctor(as_json: JsonFlag = False) -> None:
    """Say what is installed, which device and precision will be used, and what is missing."""
    from nmixx.diagnosis import diagnose

    found = diagnose()
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column("what", style="bold")
    table.add_column("finding")
    for name, value in found.facts.items():
        table.add_row(name, value)
    for need in found.packages:
        state = need.version or f"[yellow]missing[/]: {escape(need.install)}"
        table.add_row(need.package, f"{state}  [dim]{need.purpose}[/]")
    show(found.to_json(), as_json, table)
