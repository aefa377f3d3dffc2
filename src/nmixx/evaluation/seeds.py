"""Several models of one recipe, as with other seeds: mean and spread of each figure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from rich.table import Table

from nmixx.errors import DataError
from nmixx.evaluation.results import Results
from nmixx.evaluation.tables import METRICS

SEEDS_NAME = "seeds.json"


@dataclass(frozen=True)
class Spread:
    """A figure over models: mean, standard deviation, range, and the mean's 95 % interval.

    The interval is Student's, so two seeds give a wide one; it is of the recipe over its seeds and
    says nothing of other rows.
    """

    metric: str
    models: int
    mean: float
    sd: float
    low: float
    high: float
    ci95: tuple[float, float]
    delta: float | None = None
    delta_sd: float | None = None


@dataclass(frozen=True)
class Summary:
    """The figures of a recipe over its seeds, and how many of the gains go the same way."""

    models: tuple[str, ...]
    tasks: dict[str, Spread]

    def to_json(self) -> dict[str, Any]:
        """Give the summary as plain data."""
        return {
            "models": list(self.models),
            "tasks": {name: asdict(spread) for name, spread in self.tasks.items()},
        }


def summarise(results: Sequence[Results]) -> Summary:
    """Sum up the results of several models on the tasks that all of them have.

    Raises:
        DataError: there are fewer than two, they share no task, or were measured on other data.
    """
    if len(results) < 2:
        raise DataError(f"{len(results)} result; at least 2 are needed for a spread.")
    shared = [name for name in results[0].tasks if all(name in each.tasks for each in results)]
    if not shared:
        raise DataError("the results share no task; give those of one suite.")
    for name in shared:
        data = {each.manifest.get("data", {}).get(name) for each in results}
        if len(data) > 1:
            raise DataError(
                f"task {name!r}: the results were measured on different data under this name.\n"
                "Measure all models on the same suite."
            )
    return Summary(
        tuple(each.model for each in results), {name: _spread(name, results) for name in shared}
    )


def summary_table(summary: Summary) -> Table:
    """Lay a summary out for people."""
    count = len(summary.models)
    table = Table(
        title=f"{count} models of one recipe",
        title_justify="left",
        box=None,
        pad_edge=False,
        header_style="dim",
    )
    table.add_column("task", overflow="fold")
    table.add_column("", style="dim", no_wrap=True)
    for name in ("mean", "± sd", "lowest", "highest"):
        table.add_column(name, justify="right", no_wrap=True)
    compared = any(spread.delta is not None for spread in summary.tasks.values())
    if compared:
        table.add_column("gain ± sd", justify="right", no_wrap=True)
    for name, spread in summary.tasks.items():
        gain = "" if spread.delta is None else f"{spread.delta:+.3f} ± {spread.delta_sd:.3f}"
        table.add_row(
            name,
            METRICS.get(spread.metric, spread.metric),
            f"[bold]{spread.mean:.3f}[/]",
            f"{spread.sd:.3f}",
            f"{spread.low:.3f}",
            f"{spread.high:.3f}",
            *([gain] if compared else []),
        )
    return table


def _spread(name: str, results: Sequence[Results]) -> Spread:
    """Sum up one task."""
    from scipy.stats import t

    tasks = [each.tasks[name] for each in results]
    values = np.array([task.value for task in tasks])
    deltas = [task.against.delta for task in tasks if task.against is not None]
    count, sd = len(values), float(values.std(ddof=1))
    margin = float(t.ppf(0.975, count - 1)) * sd / math.sqrt(count)
    mean = float(values.mean())
    all_compared = len(deltas) == count
    return Spread(
        tasks[0].metric,
        count,
        mean,
        sd,
        float(values.min()),
        float(values.max()),
        (mean - margin, mean + margin),
        float(np.mean(deltas)) if all_compared else None,
        float(np.std(deltas, ddof=1)) if all_compared else None,
    )
