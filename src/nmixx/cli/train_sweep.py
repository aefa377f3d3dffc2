"""``nmixx train --sweep``: a grid of settings on development tasks, as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from rich.table import Table

from nmixx.cli.output import show
from nmixx.progress import stderr_console

if TYPE_CHECKING:
    from nmixx.training.sweep import Point


def sweep(path: Path, out: Path, changes: Sequence[str], as_json: bool) -> None:
    """Run a sweep file and show its points; finished ones are not run again."""
    from nmixx.sweep import read_sweep, sweep_points
    from nmixx.training.sweep import best_point

    settings = read_sweep(path, changes)
    console = stderr_console()
    points: list[Point] = []
    for point in sweep_points(settings, out):
        points.append(point)
        told = "failed" if point.figure is None else f"{point.figure:.4f}"
        console.print(f"{_changes(point)}  {told}", highlight=False)
    best = best_point(points)
    result = {
        "sweep": settings.name,
        "figure": list(settings.figure or settings.development.tasks),
        "points": [asdict(point) for point in points],
        "best": None if best is None else asdict(best),
        "model": None if best is None else str(out / "points" / best.key[:16] / "model"),
    }
    show(result, as_json, sweep_table(points, best), f"model   {result['model'] or 'none'}")


def sweep_table(points: Sequence[Point], best: Point | None) -> Table:
    """Lay the points out in the grid's order, the best one marked."""
    names = list(points[0].changes) if points else []
    tasks = list(dict.fromkeys(task for point in points for task in point.figures))
    table = Table(box=None, pad_edge=False)
    for name in names:
        table.add_column(name)
    for task in [*tasks, "figure", "seconds"]:
        table.add_column(task, justify="right")
    table.add_column("")
    for point in points:
        figures = [f"{point.figures[t]:.4f}" if t in point.figures else "" for t in tasks]
        table.add_row(
            *(str(point.changes[name]) for name in names),
            *figures,
            "" if point.figure is None else f"{point.figure:.4f}",
            f"{point.seconds:,.1f}",
            "best" if point is best else (point.error or ""),
        )
    return table


def _changes(point: Point) -> str:
    """Name a point by what it changes."""
    return ", ".join(f"{name} {value}" for name, value in point.changes.items())
