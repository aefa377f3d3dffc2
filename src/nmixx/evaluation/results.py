"""Results: what was measured, as objects and as ``results.json``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from nmixx.errors import DataError
from nmixx.records import Record
from nmixx.storage import read_json, write_json, write_records

RESULTS_NAME = "results.json"
SCORES_NAME = "scores.parquet"
Interval = tuple[float, float]


@dataclass(frozen=True)
class Against:
    """Another model on the same examples.

    ``ci95`` and ``p`` are those of the difference ``delta``; ``value_ci95`` is that of ``value``.
    ``p_holm`` is ``p`` after Holm's correction over the tasks of the suite, ``test`` names the test
    and ``metrics`` holds the other model's further figures.
    """

    value: float
    delta: float
    ci95: Interval
    p: float
    value_ci95: Interval
    p_holm: float | None = None
    test: str = "paired bootstrap"
    metrics: Mapping[str, float] = field(default_factory=dict)

    @property
    def certain(self) -> bool:
        """Tell whether the interval of the difference leaves out zero."""
        return self.ci95[0] > 0 or self.ci95[1] < 0


@dataclass(frozen=True)
class Part:
    """The figure of one group of a task's examples; None where it is undefined."""

    value: float | None
    n: int
    against: float | None = None


@dataclass(frozen=True)
class TaskResult:
    """One task: the figure, how sure it is, how it splits, and what to doubt.

    ``metrics`` holds further figures without intervals; ``smallest_gain`` is the gain that a set of
    this size shows in four of five cases.
    """

    kind: str
    metric: str
    value: float
    ci95: Interval
    n: int
    by: Mapping[str, Mapping[str, Part]] = field(default_factory=dict)
    surface: Mapping[str, float] = field(default_factory=dict)
    warnings: Sequence[str] = ()
    against: Against | None = None
    metrics: Mapping[str, float] = field(default_factory=dict)
    smallest_gain: float | None = None

    def to_json(self) -> dict[str, Any]:
        """Give the result as plain data; ``against`` only where there is another model."""
        row = asdict(self) | {"ci95": list(self.ci95), "warnings": list(self.warnings)}
        for parts in row["by"].values():
            for part in parts.values():
                if part["against"] is None:
                    del part["against"]
        if self.against is None:
            del row["against"]
        else:
            row["against"]["ci95"] = list(self.against.ci95)
            row["against"]["value_ci95"] = list(self.against.value_ci95)
        return row

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> TaskResult:
        """Build a result from plain data."""
        against = row.get("against")
        by = {
            dimension: {name: Part(**part) for name, part in parts.items()}
            for dimension, parts in row.get("by", {}).items()
        }
        fields = {name: row[name] for name in ("kind", "metric", "value", "n")}
        return cls(
            **fields,
            ci95=_interval(row["ci95"]),
            by=by,
            surface=row.get("surface", {}),
            warnings=tuple(row.get("warnings", ())),
            against=None if against is None else _read_against(against),
            metrics=row.get("metrics", {}),
            smallest_gain=row.get("smallest_gain"),
        )


@dataclass(frozen=True)
class ExampleScore(Record):
    """A line of ``scores.parquet``: what each model scored on one example.

    ``label`` is people's score and NaN where a task has none; ``against`` is the other model's
    value and NaN where there is no other model.
    """

    optional: ClassVar[frozenset[str]] = frozenset()

    task: str
    row: int
    value: float
    against: float
    label: float
    extra: dict[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Results:
    """All tasks of a suite for one model, maybe against another."""

    model: str
    tasks: Mapping[str, TaskResult]
    manifest: Mapping[str, Any]
    against: str | None = None
    scores: Sequence[ExampleScore] = field(default=(), repr=False, compare=False)

    def to_json(self) -> dict[str, Any]:
        """Give the results in the shape of ``results.json``; scores of examples stay out."""
        named = {"model": self.model} if self.against is None else self._names()
        tasks = {name: task.to_json() for name, task in self.tasks.items()}
        return {**named, "tasks": tasks, "manifest": dict(self.manifest)}

    def _names(self) -> dict[str, str]:
        return {"model": self.model, "against": str(self.against)}

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Results:
        """Build results from the content of ``results.json``."""
        tasks = {name: TaskResult.from_json(task) for name, task in row["tasks"].items()}
        return cls(row["model"], tasks, row.get("manifest", {}), row.get("against"))


def write_results(results: Results, folder: Path) -> None:
    """Write ``scores.parquet``, one line an example, and then ``results.json``."""
    write_records(folder / SCORES_NAME, ExampleScore, results.scores)
    write_json(folder / RESULTS_NAME, results.to_json())


def read_results(path: Path) -> Results:
    """Read results back, without the scores of examples.

    Args:
        path: ``results.json`` or the folder it lies in.

    Raises:
        DataError: the file is missing, is not JSON or lacks something.
    """
    file = path / RESULTS_NAME if path.is_dir() else path
    row = read_json(file)
    try:
        return Results.from_json(row)
    except (KeyError, TypeError, ValueError) as error:
        raise DataError(
            f"{file}: not a results file ({type(error).__name__}: {error}).\n"
            "Expected what `nmixx evaluate` writes."
        ) from None


def _read_against(row: Mapping[str, Any]) -> Against:
    """Build the comparison from plain data."""
    return Against(
        value=row["value"],
        delta=row["delta"],
        ci95=_interval(row["ci95"]),
        p=row["p"],
        value_ci95=_interval(row.get("value_ci95", (row["value"], row["value"]))),
        p_holm=row.get("p_holm"),
        test=row.get("test", "paired bootstrap"),
        metrics=row.get("metrics", {}),
    )


def _interval(values: Sequence[float]) -> Interval:
    """Read the two ends of an interval."""
    low, high = values
    return float(low), float(high)
