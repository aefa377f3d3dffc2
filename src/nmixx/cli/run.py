"""``nmixx run``: a recipe from corpus to report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from nmixx.cli.output import JsonFlag, show
from nmixx.cli.train_tables import alarms_table
from nmixx.progress import stderr_console


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("run", epilog="Example: nmixx run recipes/quickstart.yaml --dry-run")(run)


def run(
    recipe: Annotated[Path, typer.Argument(help="A YAML file; see recipes/.")],
    out: Annotated[
        Path | None, typer.Option(help="The run's folder; runs/NAME when not given.")
    ] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="Change a setting, e.g. seed=1."),
    ] = None,
    from_: Annotated[
        str | None, typer.Option("--from", metavar="STAGE", help="Do this stage and later again.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """Run a recipe: corpus, vocabulary, triplets, mining, training, evaluation, report.

    A stage that stands is skipped; an interrupted run goes on where it was.
    """
    from nmixx.recipe import read_recipe

    settings = read_recipe(recipe, set_ or ())
    folder = out or Path("runs") / settings.name
    if dry_run:
        from nmixx.plan import plan_run, plan_table

        plan = plan_run(settings, folder, start=from_)
        show(plan.to_json(), as_json, plan_table(plan))
        return
    from nmixx.evaluation.results import read_results
    from nmixx.evaluation.tables import results_table
    from nmixx.pipeline import StageReport, run_recipe
    from nmixx.processors import usable_processors

    console = stderr_console()
    reports: list[StageReport] = []
    for report in run_recipe(settings, folder, start=from_, workers=usable_processors()):
        reports.append(report)
        console.print(_line(report), highlight=False)
    results = read_results(folder / "evaluation")
    page = folder / "report.html"
    show(
        {
            "run": str(folder),
            "model": str(folder / "model"),
            "report": str(page),
            "stages": [vars(report) for report in reports],
            "results": results.to_json(),
        },
        as_json,
        "",
        results_table(results),
        "",
        *alarms_table(folder / "training"),
        f"model   {folder / 'model'}",
        f"report  {page}",
    )


def _line(report: object) -> Table:
    """One line a stage: its name, its time, what came out."""
    from nmixx.pipeline import StageReport

    line = Table.grid(padding=(0, 2))
    line.add_column(width=10)
    line.add_column(width=9, justify="right")
    line.add_column()
    if isinstance(report, StageReport):
        counts = [f"{name.replace('_', ' ')} {count:,}" for name, count in report.counts.items()]
        when = "stands" if report.skipped else f"{report.seconds:,.1f} s"
        shown = counts[:4] + ([f"and {len(counts) - 4} more"] if len(counts) > 4 else [])
        line.add_row(report.name, when, f"[dim]{', '.join(shown)}[/]")
    return line
