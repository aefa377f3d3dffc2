"""Evaluation stage: how good a model is, how sure that is, and whether it got better."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from nmixx.evaluation.results import Results, read_results, write_results
from nmixx.evaluation.settings import (
    BitextTask,
    EvaluationSettings,
    RetrievalTask,
    StsTask,
    Suite,
)

if TYPE_CHECKING:
    from nmixx.encoding import Encoder

__all__ = [
    "BitextTask",
    "EvaluationSettings",
    "Results",
    "RetrievalTask",
    "StsTask",
    "Suite",
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

    Raises:
        DataError: a task's data is missing or broken, or has no order to agree with.
    """
    from nmixx.evaluation.runner import load_tasks, run_tasks

    other_name = None if against is None else (against_name or "the other model")
    return run_tasks(
        load_tasks(suite),
        encoder,
        against,
        names=(model_name, other_name),
        bootstrap=bootstrap,
        seed=seed,
        store=store,
    )
