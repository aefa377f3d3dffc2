"""Loading, encoding, measuring and comparing: the whole of an evaluation in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from nmixx.encoding import Encoder
from nmixx.errors import DataError
from nmixx.evaluation.bitext import BitextData
from nmixx.evaluation.bootstrap import compare, interval, resample
from nmixx.evaluation.examples import Examples
from nmixx.evaluation.results import Against, ExampleScore, Part, Results, TaskResult
from nmixx.evaluation.retrieval import RetrievalData
from nmixx.evaluation.settings import Suite
from nmixx.evaluation.sts import StsData
from nmixx.evaluation.surface import warn_of_surface
from nmixx.evaluation.tasks import Task
from nmixx.evaluation.vectors import Vectors

_NOT_A_NUMBER = float("nan")


def load_tasks(suite: Suite) -> list[Task]:
    """Read the data of all tasks, so that a broken file is found before anything is encoded.

    Raises:
        DataError: the suite has no task, or a task's data cannot be used.
    """
    if not suite.tasks:
        raise DataError(
            "the suite has no tasks.\nGive at least one under sts, bitext or retrieval."
        )
    return [
        *(StsData.load(name, task) for name, task in suite.sts.items()),
        *(BitextData.load(name, task) for name, task in suite.bitext.items()),
        *(RetrievalData.load(name, task) for name, task in suite.retrieval.items()),
    ]


def run_tasks(
    tasks: Sequence[Task],
    encoder: Encoder,
    other: Encoder | None,
    *,
    names: tuple[str, str | None],
    bootstrap: int,
    seed: int,
    store: Path | None,
) -> Results:
    """Measure one model on loaded tasks, and another on the same ones.

    Args:
        tasks: at least one.
        encoder: the model.
        other: the model to compare with.
        names: of both models.
        bootstrap: resamples.
        seed: of the resamples.
        store: where vectors are kept.
    """
    ours = _measure(tasks, encoder, store, "encoding")
    theirs = None if other is None else _measure(tasks, other, store, "encoding, other model")
    results: dict[str, TaskResult] = {}
    scores: list[ExampleScore] = []
    for number, task in enumerate(tasks):
        pair = ours[number], None if theirs is None else theirs[number]
        results[task.name] = _judge(task, *pair, bootstrap=bootstrap, seed=seed)
        scores += _list_scores(task, *pair)
    manifest = _describe(tasks, encoder, other, bootstrap, seed)
    return Results(names[0], results, manifest, names[1], scores)


def _measure(
    tasks: Sequence[Task], encoder: Encoder, store: Path | None, label: str
) -> list[Examples]:
    """Encode all texts once and score every task; the vectors are let go at the end."""
    texts = (text for task in tasks for text in task.texts())
    vectors = Vectors(encoder, texts, store=store, label=label)
    return [task.measure(vectors) for task in tasks]


def _judge(
    task: Task, ours: Examples, theirs: Examples | None, *, bootstrap: int, seed: int
) -> TaskResult:
    """Turn scores of examples into a figure with its interval, parts and warnings."""
    value = _figure(task, ours)
    examples = (ours,) if theirs is None else (ours, theirs)
    statistics = tuple(each.statistic for each in examples)
    drawn = resample(len(ours), statistics, resamples=bootstrap, seed=seed)
    against = None
    if theirs is not None:
        before = _figure(task, theirs)
        difference = compare(drawn[0], drawn[1], value - before)
        against = Against(
            before, difference.delta, difference.ci95, difference.p, interval(drawn[1], before)
        )
    surface = task.surface()
    return TaskResult(
        kind=task.kind,
        metric=task.metric,
        value=value,
        ci95=interval(drawn[0], value),
        n=len(ours),
        by=_break_down(ours, theirs),
        surface=surface,
        warnings=(*warn_of_surface(surface, value), *task.doubts()),
        against=against,
    )


def _figure(task: Task, examples: Examples) -> float:
    """Compute a task's figure; the error of one that has none names the task."""
    try:
        return examples.figure
    except DataError as error:
        raise DataError(f"task {task.name!r}: {error}") from None


def _break_down(ours: Examples, theirs: Examples | None) -> dict[str, dict[str, Part]]:
    """Compute the figure of every group."""
    return {
        dimension: {
            name: Part(
                part.figure_or_none,
                len(part),
                None if theirs is None else theirs.parts[dimension][name].figure_or_none,
            )
            for name, part in parts.items()
        }
        for dimension, parts in ours.parts.items()
    }


def _list_scores(task: Task, ours: Examples, theirs: Examples | None) -> list[ExampleScore]:
    """Write the scores of examples down, one line each."""
    blank = [_NOT_A_NUMBER] * len(ours)
    columns = (
        ours.values.tolist(),
        blank if theirs is None else theirs.values.tolist(),
        blank if ours.labels is None else ours.labels.tolist(),
    )
    return [
        ExampleScore(task.name, row, value, against, label)
        for row, value, against, label in zip(task.rows, *columns, strict=True)
    ]


def _describe(
    tasks: Sequence[Task], encoder: Encoder, other: Encoder | None, bootstrap: int, seed: int
) -> Mapping[str, Any]:
    """Give everything that the figures follow from."""
    from nmixx.storage.manifest import library_versions

    return {
        "model": encoder.fingerprint,
        "against": None if other is None else other.fingerprint,
        "data": {task.name: task.data for task in tasks},
        "bootstrap": bootstrap,
        "seed": seed,
        "nmixx": metadata.version("nmixx"),
        "libraries": {**library_versions(), "scipy": metadata.version("scipy")},
    }
