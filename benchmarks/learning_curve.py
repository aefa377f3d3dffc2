"""Can the data carry more? Development figures over the number of translation pairs.

From the grown model of a run, the recipe's first step is trained on shares of the pairs that it
draws, the smaller ones within the larger ones::

    python benchmarks/learning_curve.py --run RUN --data FOLDER --out FOLDER \
        [--shares 0.125,0.25,0.5,1] [--small]

``same passes``
    As many passes over the pairs as the recipe has: less data is less training, too.
``same steps``
    As many optimiser steps as the largest share takes: more passes over less data. What is between
    the two is training; what is left is data.

Judged are development sets alone. For each set and arm a line is fitted to the figure over the
logarithm of the number of pairs and drawn on to all, twice and ten times the pairs that the recipe
draws. That is an extrapolation and told as one: with the 95 % interval of a new point (Student's,
as many degrees of freedom as points less two), with the largest distance of a point from the line,
and with the gain of the last doubling, which is smaller than the line's where a curve flattens.
Correlations end at 1 and people agree with themselves at less; a line knows neither.

Arms that stand in ``--out`` are not trained again; a killed run goes on.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from curve_figure import Point, curve_chart
from curve_fit import Line, fit_line
from experiment import Lab, Rows, Trained, alone, cut_suite, save_chart
from measure import peak_mb
from nmixx.errors import DataError
from nmixx.evaluation.runner import load_tasks
from nmixx.progress import stderr_console
from nmixx.recipe import Recipe, read_recipe
from nmixx.records import Pair
from nmixx.storage import write_json
from nmixx.training import StepSettings
from nmixx.training.objectives import OBJECTIVES
from nmixx.training.rows import draw_pairs
from nmixx.workspace import Workspace

QUESTION = "can the data carry more, and what would more of it bring?"
PASSES, STEPS = "same passes", "same steps"
BEYOND = (1, 2, 10)


@dataclass(frozen=True)
class Curve:
    """One arm on one development set: a point a share, and the line through them."""

    arm: str
    task: str
    points: Sequence[Point]
    line: Line | None
    last_doubling: float | None


def find_step(recipe: Recipe, name: str | None) -> StepSettings:
    """Give the recipe's step of a name, its first one when none is given.

    Raises:
        DataError: there is no such step, or it does not train on pairs.
    """
    steps = [step for step in recipe.training.steps if name is None or step.name == name]
    if not steps or OBJECTIVES[steps[0].objective].rows != "pairs":
        raise DataError(f"recipe {recipe.name!r}: no step {name or ''} that trains on pairs.")
    return steps[0]


def nest(pairs: Sequence[Pair], share: float, seed: int) -> list[Pair]:
    """Give a share of drawn pairs; a smaller one lies within a larger one.

    A pair that was drawn twice is taken twice or not at all. Weights are 1: they were used when
    the pairs were drawn.
    """
    names = sorted({pair.id for pair in pairs})
    random.Random(seed).shuffle(names)
    chosen = set(names[: round(share * len(names))])
    return [
        replace(pair, extra=pair.extra | {"weight": 1.0}) for pair in pairs if pair.id in chosen
    ]


def train_curve(
    lab: Lab, step: StepSettings, drawn: Sequence[Pair], shares: Sequence[float], seed: int
) -> dict[str, list[tuple[int, Trained]]]:
    """Train both arms on every share; the largest share is one point of both."""
    free = alone(step)
    found: dict[str, list[tuple[int, Trained]]] = {PASSES: [], STEPS: []}
    began = time.perf_counter()
    for arm, trained in found.items():
        for at, share in enumerate(shares):
            passes = free.epochs
            if arm == STEPS:
                most, own = found[PASSES][-1][1].steps, found[PASSES][at][1].steps
                if own == most:
                    trained.append(found[PASSES][at])
                    continue
                passes *= most / own * (1 - 1e-9)  # steps are rounded up
            pairs = nest(drawn, share, seed)
            name = f"{share:g}-{arm}".replace(" ", "-")
            changed = free.model_copy(update={"name": name, "epochs": passes})
            one = lab.run(name, changed, Rows(pairs=pairs), seed=seed)
            trained.append((len({pair.id for pair in pairs}), one))
            told = ", ".join(f"{task} {value:.4f}" for task, value in one.figures.items())
            stderr_console().print(
                f"{name}: {trained[-1][0]:,} pairs, {one.steps} steps, {told}; "
                f"{time.perf_counter() - began:,.0f} s so far",
                soft_wrap=True,
            )
    return found


def make_curves(found: Mapping[str, Sequence[tuple[int, Trained]]]) -> list[Curve]:
    """Lay the figures out by arm and task, and fit the lines."""
    curves = []
    for arm, trained in found.items():
        for task in trained[0][1].figures:
            points = [
                Point(pairs, each.figures[task], each.steps, each.rows) for pairs, each in trained
            ]
            line = fit_line([point.pairs for point in points], [point.figure for point in points])
            curves.append(Curve(arm, task, points, line, _last_doubling(points)))
    return curves


def _last_doubling(points: Sequence[Point]) -> float | None:
    """Give what a doubling brought between the last two points."""
    line = fit_line([p.pairs for p in points[-2:]], [p.figure for p in points[-2:]])
    return None if line is None else line.per_doubling


def tell(curve: Curve, whole: int) -> dict[str, Any]:
    """Give a curve as plain data, with its extrapolation."""
    line = curve.line
    return {
        "arm": curve.arm,
        "task": curve.task,
        "points": [asdict(point) for point in curve.points],
        "per_doubling": None if line is None else line.per_doubling,
        "last_doubling": curve.last_doubling,
        "largest_deviation": None if line is None else line.largest_deviation,
        "extrapolated": {}
        if line is None
        else {
            f"{times}x": {
                "pairs": times * whole,
                "figure": line.at(times * whole),
                "ci95": line.interval(times * whole),
            }
            for times in BEYOND
            if times * whole > curve.points[-1].pairs
        },
    }


def show(console: Console, summary: Mapping[str, Any]) -> None:
    """Print the points of each curve and, apart from them, where the lines lead."""
    measured = Table("task", "arm", "pairs", "steps", "figure", title="measured")
    for task, value in summary["start"].items():
        measured.add_row(task, "no training", "0", "0", f"{value:.4f}")
    for curve in summary["curves"]:
        for point in curve["points"]:
            measured.add_row(
                curve["task"],
                curve["arm"],
                f"{point['pairs']:,}",
                f"{point['steps']:,}",
                f"{point['figure']:.4f}",
            )
    console.print(measured)
    beyond = sorted({key for c in summary["curves"] for key in c["extrapolated"]}, key=_times)
    drawn_on = Table(
        "task",
        "arm",
        "a doubling, by the line",
        "the last one",
        "farthest point",
        *(f"{key}, {_times(key) * summary['pairs']:,} pairs" for key in beyond),
        title="drawn on by a line over the logarithm: no measurement",
    )
    for curve in summary["curves"]:
        if curve["per_doubling"] is not None:
            drawn_on.add_row(
                curve["task"],
                curve["arm"],
                f"{curve['per_doubling']:+.4f}",
                f"{curve['last_doubling']:+.4f}",
                f"{curve['largest_deviation']:.4f}",
                *(_tell_point(curve["extrapolated"].get(key)) for key in beyond),
            )
    console.print(drawn_on)


def _times(key: str) -> int:
    """Read ``10x``."""
    return int(key.removesuffix("x"))


def _tell_point(point: Mapping[str, Any] | None) -> str:
    """Write an extrapolated figure with its interval."""
    if point is None:
        return ""
    if point["ci95"] is None:
        return f"{point['figure']:.3f}"
    low, high = point["ci95"]
    return f"{point['figure']:.3f} ({low:.2f} .. {high:.2f})"


def _arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=QUESTION)
    parser.add_argument("--run", type=Path, required=True, help="a run with corpus and vocabulary")
    parser.add_argument("--data", type=Path, required=True, help="folder of the development sets")
    parser.add_argument("--out", type=Path, required=True, help="scores and figure; resumable")
    parser.add_argument("--step", help="the recipe's step; its first when not given")
    parser.add_argument("--shares", default="0.125,0.25,0.5,1", help="of the pairs, by commas")
    parser.add_argument("--judged", type=int, default=500, help="rows of each development set")
    parser.add_argument("--seed", type=int, default=0, help="of the draw and of training")
    parser.add_argument("--small", action="store_true", help="two shares of few pairs")
    given = parser.parse_args()
    given.shares = sorted({float(share) for share in given.shares.split(",")})
    if not 0 < given.shares[0] <= given.shares[-1] <= 1:
        parser.error("--shares must be above 0 and at most 1")
    return given


def main() -> None:
    """Train the shares, print the tables and one line of JSON, draw the figure."""
    given, console = _arguments(), Console(width=150, highlight=False)
    os.environ["TQDM_DISABLE"] = "1"
    began = time.perf_counter()
    workspace = Workspace(read_recipe(given.run / "recipe.yaml"), given.run)
    step = find_step(workspace.recipe, given.step)
    drawn = draw_pairs(workspace.pairs(), step, given.seed)
    if given.small:
        drawn, given.shares, given.judged = drawn[:: max(1, len(drawn) // 256)], [0.5, 1.0], 40
    grown = given.run / "vocabulary" / "model"
    start = str(grown) if grown.exists() else workspace.recipe.model
    suite = cut_suite(given.data, given.out / "development", given.judged, small=given.small)
    lab = Lab.open(workspace, start, load_tasks(suite), given.out / "arms")
    untrained = lab.measure_start().figures
    curves = make_curves(train_curve(lab, step, drawn, given.shares, given.seed))
    whole = len({pair.id for pair in drawn})
    summary = {
        "question": QUESTION,
        "pairs": whole,
        "rows": len(drawn),
        "shares": given.shares,
        "seed": given.seed,
        "step": step.model_dump(mode="json"),
        "judged_rows": {task.name: len(task.rows) for task in lab.tasks},
        "start": untrained,
        "curves": [tell(curve, whole) for curve in curves],
        "peak_mb": {"all": round(peak_mb())},
        "seconds": round(time.perf_counter() - began),
    }
    write_json(given.out / "learning-curve.json", summary)
    panels = {
        task: {c.arm: (c.points, c.line) for c in curves if c.task == task} for task in untrained
    }
    save_chart(curve_chart("learning-curve", panels, BEYOND[-1] * whole), given.out)
    show(console, summary)
    print(json.dumps(summary, ensure_ascii=False))


if __name__ == "__main__":
    main()
