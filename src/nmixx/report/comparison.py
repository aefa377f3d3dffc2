"""Several runs beside each other: their figures, and the settings in which they differ."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nmixx.errors import DataError
from nmixx.evaluation.results import TaskResult
from nmixx.report.charts import Chart, Row, Stop, dumbbell_chart
from nmixx.report.figures import METRICS
from nmixx.report.folder import RunFolder
from nmixx.report.tradeoff import place_stops
from nmixx.report.words import figure, signed

_UNSAID = frozenset({"name", "description", "data"})  # differences that say nothing


@dataclass(frozen=True)
class TaskLine:
    """A task's result in each run; None where a run lacks it."""

    name: str
    metric: str
    n: int
    cells: Sequence[TaskResult | None]

    @property
    def best(self) -> float:
        """The highest figure."""
        return max(cell.value for cell in self.cells if cell is not None)


@dataclass(frozen=True)
class Comparison:
    """Runs by name, a line a task, and what differs.

    ``bases`` has the figures of the model that all runs began from, where it is one and the
    same; ``settings`` has a value a run by the setting's dotted key.
    """

    names: Sequence[str]
    tasks: Sequence[TaskLine]
    bases: Mapping[str, float]
    settings: Mapping[str, Sequence[str]]
    general: Sequence[str]
    doubts: Sequence[str]

    def to_json(self) -> dict[str, Any]:
        """Give the comparison as plain data."""
        return {
            "runs": list(self.names),
            "tasks": {
                line.name: {
                    name: None if cell is None else {"value": cell.value, "ci95": list(cell.ci95)}
                    for name, cell in zip(self.names, line.cells, strict=True)
                }
                for line in self.tasks
            },
            "before": dict(self.bases),
            "settings": {key: list(values) for key, values in self.settings.items()},
            "doubts": list(self.doubts),
        }


def compare_runs(runs: Sequence[RunFolder], general: Collection[str] = ()) -> Comparison:
    """Lay runs out beside each other.

    Args:
        runs: at least two.
        general: names of the general tasks; where empty, those that the recipes name.

    Raises:
        DataError: no run has a task of such a name.
    """
    every = dict.fromkeys(name for run in runs for name in run.results.tasks)
    lines = []
    for name in every:
        cells = [run.results.tasks.get(name) for run in runs]
        first = next(cell for cell in cells if cell is not None)
        lines.append(TaskLine(name, first.metric, first.n, cells))
    _require_tasks(general, every)
    chosen = set(general) or {name for run in runs for name in run.general}
    return Comparison(
        names=name_runs(runs),
        tasks=lines,
        bases=_find_bases(runs),
        settings=differing_settings([run.recipe for run in runs]),
        general=[name for name in every if name in chosen],
        doubts=_find_doubts(runs, list(every)),
    )


def _require_tasks(names: Iterable[str], known: Iterable[str]) -> None:
    """Refuse a name that is no task's; the nearest one is given."""
    known = list(known)
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            raise DataError(
                f"task {name!r}: in none of the runs.{hint}\nTasks: {', '.join(known)}."
            )


def name_runs(runs: Sequence[RunFolder]) -> list[str]:
    """Name runs by their recipes; by their folders where a recipe's name comes twice."""
    for names in (
        [run.name for run in runs],
        [run.path.resolve().name for run in runs],
        [str(run.path) for run in runs],
    ):
        if len(set(names)) == len(names):
            return names
    return [f"{run.path} ({number})" for number, run in enumerate(runs, start=1)]


def differing_settings(recipes: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Find the settings that are not the same in all recipes, by dotted key."""
    flat = [dict(_flatten(recipe)) for recipe in recipes]
    keys = dict.fromkeys(key for each in flat for key in each)
    rows = {key: [each.get(key, "–") for each in flat] for key in keys}
    return {
        key: values
        for key, values in rows.items()
        if len(set(values)) > 1 and key.split(".")[0] not in _UNSAID
    }


def _flatten(value: Any, key: str = "") -> Iterator[tuple[str, str]]:  # noqa: ANN401 - YAML
    """Yield every single setting with its dotted key."""
    inner = (
        value.items()
        if isinstance(value, Mapping)
        else enumerate(value)
        if isinstance(value, list)
        else None
    )
    if inner is None:
        yield key, str(value)
        return
    for name, each in inner:
        yield from _flatten(each, f"{key}.{name}" if key else str(name))


def _find_bases(runs: Sequence[RunFolder]) -> dict[str, float]:
    """Give the base model's figures where all runs were compared with the same one."""
    bases = {run.results.manifest.get("against") or run.results.against for run in runs}
    if len(bases) != 1 or None in bases:
        return {}
    return {
        name: task.against.value
        for run in runs
        for name, task in run.results.tasks.items()
        if task.against is not None
    }


def _find_doubts(runs: Sequence[RunFolder], tasks: Sequence[str]) -> list[str]:
    """Say which tasks were not measured on the same data in all runs that have them."""
    doubts = []
    for name in tasks:
        digests = {run.results.manifest.get("data", {}).get(name) for run in runs}
        counts = {run.results.tasks[name].n for run in runs if name in run.results.tasks}
        if len(digests - {None}) > 1 or len(counts) > 1:
            doubts.append(f"{name} is not the same data in all runs: its figures do not compare.")
    return doubts


def chart_runs(comparison: Comparison) -> Chart:
    """A line for each task and run, with its interval and where it began."""
    rows = []
    for line in comparison.tasks:
        for name, cell in zip(comparison.names, line.cells, strict=True):
            if cell is None:
                continue
            before = comparison.bases.get(line.name)
            change = figure(cell.value) if before is None else signed(cell.value - before)
            certain = cell.against is None or cell.against.certain
            label, note = f"{line.name} · {name}", METRICS.get(line.metric, line.metric)
            rows.append(
                Row(label, note, cell.value, before, cell.ci95, change=change, certain=certain)
            )
    told = "; ".join(f"{row.label} {figure(row.after)}" for row in rows)
    axis = " · ".join(dict.fromkeys(METRICS.get(t.metric, t.metric) for t in comparison.tasks))
    alt = f"Runs compared, with 95 % intervals. {told}."
    return dumbbell_chart("runs", rows, axis, alt=alt, zero=True)


def place_runs(comparison: Comparison) -> list[Stop]:
    """Place the base model and each run by what they gained and lost; none without a base."""
    if not comparison.bases:
        return []
    points: list[tuple[str, Mapping[str, float]]] = [("before", comparison.bases)]
    for number, name in enumerate(comparison.names):
        cells = ((line.name, line.cells[number]) for line in comparison.tasks)
        points.append((name, {task: cell.value for task, cell in cells if cell is not None}))
    return place_stops(points, comparison.bases, comparison.general)
