"""``nmixx report``: the page of a run, made again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nmixx.cli.output import JsonFlag, show
from nmixx.errors import DataError


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("report", epilog="Example: nmixx report runs/quickstart")(report)


def report(
    run: Annotated[Path, typer.Argument(help="A run's folder, as made by `nmixx run`.")],
    as_json: JsonFlag = False,
) -> None:
    """Write a run's report.html, figures and model card again from its files."""
    from nmixx.report import build_report

    if not (run / "evaluation" / "results.json").exists():
        raise DataError(
            f"{run}: holds no evaluation/results.json.\nExpected the folder of a finished run."
        )
    page = build_report(run)
    show({"report": str(page)}, as_json, f"report  {page}")
