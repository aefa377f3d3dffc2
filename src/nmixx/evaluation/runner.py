"""Loading, encoding, measuring and comparing: the whole of an evaluation in order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from typing import Any

from nmixx.encoding import Encoder
from nmixx.errors import DataError
from nmixx.evaluation.bitext import BitextData
from nmixx.evaluation.bootstrap import Array, compare, interval, resample
from nmixx.evaluation.comparison import BOOTSTRAP, TESTS, holm, smallest_gain
from nmixx.evaluation.examples import Examples
from nmixx.evaluation.labelled import PairData
from nmixx.evaluation.leaks import TrainingTexts, find_leaks
from nmixx.evaluation.mteb_tasks import load_classes, load_clusters, load_named
from nmixx.evaluation.results import Against, ExampleScore, Part, Results, TaskResult
from nmixx.evaluation.retrieval import RetrievalData
from nmixx.evaluation.settings import Suite
from nmixx.evaluation.sts import StsData
from nmixx.evaluation.surface import LEAST_ROWS, warn_of_surface
from nmixx.evaluation.tasks import Task
from nmixx.evaluation.triplets import TripletData
from nmixx.evaluation.vectors import open_vectors

LOADERS: dict[str, Callable[[str, Any], Task]] = {
    "sts": StsData.load,
    "bitext": BitextData.load,
    "retrieval": RetrievalData.load,
    "pair_classification": PairData.load,
    "triplets": TripletData.load,
    "classification": load_classes,
    "clustering": load_clusters,
    "mteb": load_named,
}
"""Kind, which is the key in a suite, to what loads a task of it."""

UNTRAINED = TrainingTexts()
_NOT_A_NUMBER = float("nan")


def load_tasks(suite: Suite) -> list[Task]:
    """Read the data of all tasks, so that a broken file is found before anything is encoded.

    Raises:
        DataError: the suite has no task, or a task's data cannot be used.
    """
    if not suite.tasks:
        raise DataError(
            f"the suite has no tasks.\nGive at least one under one of: {', '.join(LOADERS)}."
        )
    return [
        LOADERS[kind](name, task)
        for kind, tasks in suite.kinds.items()
        for name, task in tasks.items()
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
    training: TrainingTexts = UNTRAINED,
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
        training: what the model was trained on.
    """
    ours = _measure(tasks, encoder, store, "encoding")
    theirs = None if other is None else _measure(tasks, other, store, "encoding, other model")
    results: dict[str, TaskResult] = {}
    scores: list[ExampleScore] = []
    for number, task in enumerate(tasks):
        pair = ours[number], None if theirs is None else theirs[number]
        judged = _judge(task, *pair, bootstrap=bootstrap, seed=seed)
        leaks = find_leaks(task, training)
        results[task.name] = replace(judged, warnings=(*leaks, *judged.warnings))
        scores += _list_scores(task, *pair)
    manifest = _describe(tasks, encoder, other, bootstrap, seed)
    return Results(names[0], _correct(results), manifest, names[1], scores)


def _measure(
    tasks: Sequence[Task], encoder: Encoder, store: Path | None, label: str
) -> list[Examples]:
    """Encode all texts once and score every task; the vectors are let go at the end."""
    texts = (text for task in tasks for text in task.texts())
    vectors = open_vectors(encoder, texts, store=store, label=label)
    return [task.measure(vectors) for task in tasks]


def _judge(
    task: Task, ours: Examples, theirs: Examples | None, *, bootstrap: int, seed: int
) -> TaskResult:
    """Turn scores of examples into a figure with its interval, parts and warnings."""
    value = _figure(task, ours)
    before = None if theirs is None else _figure(task, theirs)
    examples = (ours,) if theirs is None else (ours, theirs)
    statistics = tuple(each.statistic for each in examples)
    drawn = resample(len(ours), statistics, resamples=bootstrap, seed=seed)
    surface = task.surface()
    few = len(ours) < LEAST_ROWS
    return TaskResult(
        kind=task.kind,
        metric=task.metric,
        value=value,
        ci95=ours.rule.bounds if few else interval(drawn[0], value),
        n=len(ours),
        by=_break_down(ours, theirs),
        surface=surface,
        warnings=(*warn_of_surface(surface, value), *task.doubts()),
        against=None
        if theirs is None or before is None
        else _compare(task, (ours, theirs), drawn, (value, before)),
        metrics=ours.metrics,
        smallest_gain=None if few else smallest_gain(_differences(drawn)),
    )


def _compare(
    task: Task,
    examples: tuple[Examples, Examples],
    drawn: Sequence[Array],
    figures: tuple[float, float],
) -> Against:
    """Judge the difference of two models; of too few examples nothing is claimed."""
    ours, theirs = examples
    found = compare(drawn[0], drawn[1], figures[0] - figures[1])
    test = TESTS.get(task.kind, BOOTSTRAP)
    low, high = ours.rule.bounds
    if len(ours) < LEAST_ROWS:
        anything = (low - high, high - low)
        return Against(
            figures[1], found.delta, anything, 1.0, (low, high), test="none", metrics=theirs.metrics
        )
    return Against(
        figures[1],
        found.delta,
        found.ci95,
        test.p(ours.values, theirs.values, found),
        interval(drawn[1], figures[1]),
        test=test.name,
        metrics=theirs.metrics,
    )


def _differences(drawn: Sequence[Array]) -> Array:
    """Give the resampled differences of two models, or the figures of one."""
    return drawn[0] if len(drawn) == 1 else drawn[0] - drawn[1]


def _correct(results: Mapping[str, TaskResult]) -> dict[str, TaskResult]:
    """Correct the p values of a suite for their number."""
    compared = {name: task.against for name, task in results.items() if task.against is not None}
    adjusted = dict(zip(compared, holm([each.p for each in compared.values()]), strict=True))
    return {
        name: replace(task, against=replace(task.against, p_holm=adjusted[name]))
        if task.against is not None
        else task
        for name, task in results.items()
    }


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
