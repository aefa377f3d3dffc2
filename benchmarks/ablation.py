"""Which shifts move the domain benchmark, and which kinds of triplets?

One aligned model is adapted again and again by the adapt step of the run's recipe (objective,
anchoring, rates, share kept), each time on the same number of rows with the same seed::

    python benchmarks/ablation.py --run RUN --start RUN/training/steps/3-align-again/model \
        --data FOLDER --out FOLDER [--rows N] [--seeds 0,1,2] [--by shift] [--small]

``all``
    The recipe's mixture of shifted, mined and given triplets.
``without ...``
    A family of shifts (``--by shift``: a single shift) left out. Other shifted triplets stand in
    its place, the rest are the very rows of ``all``.
``rules only``, ``mined only``, ``rules and mined``, ``given only``
    The other parts of the recipe's mixture left out; ``given`` are contradictions of a premise.

Judged are development sets and, for the finding alone, the *test* split of FinSTS: it has no other,
and "which shifts move FinSTS" is the question. Nothing is chosen by it: no setting of this
repository may follow from that column.

Each change is against ``all`` with the interval of a paired bootstrap over the pairs of a set. It
knows nothing of what another draw of rows would do: ``--seeds`` shows that, and each seed draws
anew. Arms that stand in ``--out`` are not trained again; a killed run goes on.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from ablation_arms import (
    ALL,
    choose_arms,
    draw_rows,
    find_caps,
    is_wanted,
    share_left_out,
    sort_parts,
)
from ablation_figure import Bar, bars_chart
from experiment import (
    Lab,
    Rows,
    Trained,
    alone,
    compare_means,
    cut_file,
    cut_suite,
    read_mined,
    read_triplets,
    save_chart,
)
from measure import peak_mb
from nmixx.errors import DataError
from nmixx.evaluation import Suite
from nmixx.evaluation.comparison import holm
from nmixx.evaluation.runner import load_tasks
from nmixx.progress import stderr_console
from nmixx.recipe import read_recipe
from nmixx.storage import write_json
from nmixx.triplets.given import GIVEN
from nmixx.workspace import Workspace

QUESTION = "which shifts, and which kinds of triplets, move the domain benchmark?"
FINSTS = "finsts-en"
START = "start"


@dataclass(frozen=True)
class Result:
    """One arm over all seeds, with its changes against the whole mixture by task."""

    name: str
    rows: dict[str, int]
    replaced: float
    figures: dict[str, float]
    change: dict[str, dict[str, Any]]


def judge_arm(
    arm: str, models: Sequence[Trained], whole: Sequence[Trained]
) -> tuple[dict[str, float], dict[str, dict[str, Any]]]:
    """Give an arm's mean figures, and its changes against the whole mixture by task."""
    figures, change = {}, {}
    for task in models[0].examples:
        ours = [model.examples[task] for model in models]
        figures[task] = math.fsum(each.figure for each in ours) / len(ours)
        if arm == ALL:
            continue
        theirs = [model.examples[task] for model in whole]
        change[task] = asdict(compare_means(ours, theirs)) | {
            "by_seed": [a.figure - b.figure for a, b in zip(ours, theirs, strict=True)]
        }
    return figures, change


def correct(results: Sequence[Result]) -> None:
    """Add to each change its p after Holm's correction over the trained arms, task by task."""
    judged = [result for result in results if result.name not in (ALL, START)]
    for task in judged[0].figures if judged else ():
        changes = [result.change[task] for result in judged]
        for change, p in zip(changes, holm([change["p"] for change in changes]), strict=True):
            change["p_holm"] = p


def run(given: argparse.Namespace, console: Console) -> dict[str, Any]:
    """Train and measure all arms and sum them up."""
    began = time.perf_counter()
    workspace = Workspace(read_recipe(given.run / "recipe.yaml"), given.run)
    step = next((s for s in workspace.recipe.training.steps if s.name == given.step), None)
    if step is None:
        raise DataError(f"{given.run}: the recipe has no step {given.step!r}; name it by --step.")
    suite = cut_suite(given.data, given.out / "development", given.judged, small=given.small)
    finsts = given.data / "finsts_en" / "test.jsonl"
    if given.small:
        finsts = cut_file(finsts, given.out / f"{FINSTS}.jsonl", given.judged)
    test = {FINSTS: str(finsts)}
    lab = Lab.open(
        workspace,
        given.start,
        [*load_tasks(suite), *load_tasks(Suite.parse({"sts": test}, "test"))],
        given.out / "arms",
    )
    parts = sort_parts(read_triplets(given.run), read_mined(given.run))
    caps = find_caps(step, parts)
    listed = choose_arms(given.by, {t.negative_kind for t in parts["shifted"]}, given.arms)
    arms = [arm for arm in listed if is_wanted(arm, parts, caps)]
    models: dict[str, list[Trained]] = {START: [lab.measure_start()] * len(given.seeds)}
    counts: dict[str, dict[str, int]] = {START: {}}
    replaced: dict[str, float] = {START: 0.0}
    for seed in given.seeds:
        for arm in arms:
            drawn = draw_rows(arm, parts, caps, given.rows, seed)
            rows = Rows(
                triplets=[*drawn.get("shifted", ()), *drawn.get(GIVEN, ())],
                mined=drawn.get("mined", ()),
            )
            trained = lab.run(arm.name.replace(" ", "-"), alone(step), rows, seed=seed)
            models.setdefault(arm.name, []).append(trained)
            counts[arm.name] = {name: len(part) for name, part in drawn.items()}
            replaced[arm.name] = share_left_out(arm, parts["shifted"])
            stderr_console().print(
                f"{arm.name}, seed {seed}: {FINSTS} {trained.figures[FINSTS]:.4f}, "
                f"{time.perf_counter() - began:,.0f} s so far",
                soft_wrap=True,
            )
    results = [
        Result(name, counts[name], replaced[name], *judge_arm(name, found, models[ALL]))
        for name, found in models.items()
    ]
    correct(results)
    return {
        "question": QUESTION,
        "rows": given.rows,
        "seeds": given.seeds,
        "step": alone(step).model_dump(mode="json"),
        "judged_rows": {task.name: len(task.rows) for task in lab.tasks},
        "for_the_finding_only": [FINSTS],
        "arms": [asdict(result) for result in results],
        "skipped": [arm.name for arm in listed if arm not in arms],
        "peak_mb": {"all": round(peak_mb())},
        "seconds": round(time.perf_counter() - began),
    }


def show(console: Console, summary: Mapping[str, Any]) -> None:
    """Print the figures of all arms, and how each changes the domain benchmark."""
    tasks = list(summary["judged_rows"])
    table = Table("arm", *tasks, "change", "95 %", "by seed", "p, Holm")
    for arm in summary["arms"]:
        change = arm["change"].get(FINSTS)
        table.add_row(
            arm["name"],
            *(f"{arm['figures'][task]:.4f}" for task in tasks),
            *([""] * 4 if change is None else _tell(change)),
        )
    console.print(table)
    console.print(
        f"change, interval and p are of {FINSTS} (test split, for the finding only) against "
        f"{ALL!r}; {summary['rows']:,} rows an arm, seeds {summary['seeds']}"
    )
    if summary["skipped"]:
        console.print(f"no rows for: {', '.join(summary['skipped'])}")


def _tell(change: Mapping[str, Any]) -> list[str]:
    """Write a change in words of a table."""
    low, high = change["ci95"]
    seeds = change["by_seed"]
    return [
        f"{change['delta']:+.4f}",
        f"{low:+.3f} .. {high:+.3f}",
        f"{min(seeds):+.3f} .. {max(seeds):+.3f}" if len(seeds) > 1 else "",
        f"{change['p_holm']:.3f}" if "p_holm" in change else "",
    ]


def make_bars(summary: Mapping[str, Any]) -> list[Bar]:
    """Give a bar for every arm but ``all``."""
    return [
        Bar(arm["name"], change["delta"], tuple(change["ci95"]), tuple(change["by_seed"]))
        for arm in summary["arms"]
        if (change := arm["change"].get(FINSTS)) is not None
    ]


def _arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=QUESTION)
    parser.add_argument(
        "--run", type=Path, required=True, help="a run with recipe, triplets and mining"
    )
    parser.add_argument("--start", required=True, help="the aligned model that every arm adapts")
    parser.add_argument("--data", type=Path, required=True, help="folder of the public sets")
    parser.add_argument("--out", type=Path, required=True, help="scores and figure; resumable")
    parser.add_argument("--step", default="adapt", help="the recipe's step")
    parser.add_argument("--rows", type=int, default=2000, help="rows that each arm trains on")
    parser.add_argument("--judged", type=int, default=500, help="rows of each development set")
    parser.add_argument("--seeds", default="0", help="seeds of draw and training, by commas")
    parser.add_argument("--by", choices=("family", "shift"), default="family")
    parser.add_argument("--arms", default="", help="names of arms, by commas; all when not given")
    parser.add_argument("--small", action="store_true", help="two arms of few rows")
    given = parser.parse_args()
    given.seeds = [int(seed) for seed in given.seeds.split(",")]
    given.arms = [name.strip() for name in given.arms.split(",") if name.strip()]
    if given.small:
        given.rows, given.judged, given.seeds = 128, 40, given.seeds[:1]
        given.arms = given.arms or ["without detail"]
    return given


def main() -> None:
    """Train the arms, judge them, print the table and one line of JSON, draw the figure."""
    given, console = _arguments(), Console(width=150, highlight=False)
    os.environ["TQDM_DISABLE"] = "1"
    summary = run(given, console)
    write_json(given.out / "ablation.json", summary)
    save_chart(bars_chart("ablation", make_bars(summary)), given.out)
    show(console, summary)
    print(json.dumps(summary, ensure_ascii=False))


if __name__ == "__main__":
    main()
