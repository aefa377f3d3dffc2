"""``nmixx report``: the page of a run made again, or one page that compares several runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nmixx.cli.output import JsonFlag, show
from nmixx.errors import DataError

if TYPE_CHECKING:
    from rich.table import Table

    from nmixx.report.comparison import Comparison


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    example = "Example: nmixx report runs/quickstart"
    several = "Several runs: nmixx report runs/a runs/b --out a-and-b.html"
    app.command("report", epilog=f"{example}\n\n{several}")(report)


def report(
    runs: Annotated[
        list[Path],
        typer.Argument(metavar="RUN...", help="Folders of runs, as made by `nmixx run`."),
    ],
    out: Annotated[
        Path | None,
        typer.Option(help="The page that compares several runs; comparison.html by default."),
    ] = None,
    general: Annotated[
        list[str] | None,
        typer.Option(help="A task of general ability, for the trade-off; may be repeated."),
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """Write a run's report.html, figures and model card again, or compare several runs."""
    for run in runs:
        if not (run / "evaluation" / "results.json").exists():
            raise DataError(
                f"{run}: holds no evaluation/results.json.\nExpected the folder of a finished run."
            )
    if len(runs) == 1:
        _report_one(runs[0], out, as_json)
    else:
        _compare(runs, out or Path("comparison.html"), general or [], as_json)


def _report_one(run: Path, out: Path | None, as_json: bool) -> None:
    """Write the files of one run."""
    from nmixx.report import build_report

    if out is not None:
        raise DataError(
            f"--out {out}: the report of one run lies in its folder.\n"
            "Give several runs to compare, or leave --out away."
        )
    page = build_report(run)
    show({"report": str(page)}, as_json, f"report  {page}")


def _compare(runs: list[Path], page: Path, general: list[str], as_json: bool) -> None:
    """Write the page of several runs and print its table."""
    from nmixx.report import build_comparison
    from nmixx.storage import require_absent

    require_absent(page, "a page")
    comparison = build_comparison(runs, page, general=general)
    result = {"report": str(page), **comparison.to_json()}
    show(result, as_json, _table(comparison), *comparison.doubts, f"report  {page}")


def _table(comparison: Comparison) -> Table:
    """Lay the runs out, a task a line."""
    from rich.table import Table

    from nmixx.report.words import figure

    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("task", overflow="fold")
    if comparison.bases:
        table.add_column("before", justify="right", style="dim")
    for name in comparison.names:
        table.add_column(name, justify="right", overflow="fold")
    for line in comparison.tasks:
        before = [figure(comparison.bases.get(line.name))] if comparison.bases else []
        cells = [figure(None if cell is None else cell.value) for cell in line.cells]
        table.add_row(line.name, *before, *cells)
    return table
