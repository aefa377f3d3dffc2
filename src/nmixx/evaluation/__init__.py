"""Evaluation stage: how good a model is, how sure that is, and whether it got better."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nmixx.evaluation.results import Results, read_results, write_results
from nmixx.evaluation.settings import (
    BitextTask,
    EvaluationSettings,
    LabelTask,
    MtebTask,
    PairTask,
    RetrievalTask,
    StsTask,
    Suite,
    TripletTask,
)

if TYPE_CHECKING:
    from nmixx.encoding import Encoder

__all__ = [
    "BitextTask",
    "EvaluationSettings",
    "LabelTask",
    "MtebTask",
    "PairTask",
    "Results",
    "RetrievalTask",
    "StsTask",
    "Suite",
    "TripletTask",
    "evaluate",
    "read_results",
    "write_results",
]


def evaluate(
    encoder: Encoder,
    suite: Suite,
    *,
    model_name: str,
    bootstrap: int = 1000,
    seed: int = 0,
    against: Encoder | None = None,
    against_name: str | None = None,
    store: Path | None = None,
    training: Sequence[str | Path] = (),
    mteb: Path | None = None,
) -> Results:
    """Measure a model on a suite of tasks, alone or against another model.

    Each distinct text of the whole suite is encoded once a model. Intervals are percentile
    bootstrap intervals over a task's examples; two models are compared on the same resamples.

    Args:
        encoder: the model.
        suite: the tasks.
        model_name: the model's name in the results.
        bootstrap: resamples behind each interval and p.
        seed: of the resamples.
        against: the model to compare with.
        against_name: its name in the results.
        store: a folder that keeps vectors, so that a killed evaluation goes on.
        training: files of what the model was trained on; rows of the tasks that stand there are
            warned of.
        mteb: a folder for the results in mteb's format; not written by default.

    Raises:
        DataError: a task's data is missing or broken, or has no order to agree with.
        MissingExtraError: a task or ``mteb`` needs mteb, which is not installed.
    """
    from nmixx.evaluation.leaks import read_training_texts
    from nmixx.evaluation.runner import load_tasks, run_tasks

    tasks = load_tasks(suite)
    other_name = None if against is None else (against_name or "the other model")
    results = run_tasks(
        tasks,
        encoder,
        against,
        names=(model_name, other_name),
        bootstrap=bootstrap,
        seed=seed,
        store=store,
        training=read_training_texts(training),
    )
    if mteb is not None:
        from nmixx.evaluation.mteb_export import write_mteb_results

        write_mteb_results(tasks, results, mteb, revision=encoder.fingerprint[:16])
    return results
