"""How a model came to be what it is: each training step measured on the development tasks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from nmixx.encoding import Encoder
from nmixx.evaluation.settings import Suite

STEPS_NAME = "steps.json"


def measure_steps(
    encoders: Mapping[str, Callable[[], Encoder]], suite: Suite, *, store: Path | None = None
) -> list[dict[str, Any]]:
    """Measure models one after the other on the same tasks.

    Args:
        encoders: name to a function that loads the model, the base model first; only one is in
            memory at a time.
        suite: development tasks; test tasks choose nothing.
        store: a folder that keeps vectors for a killed run.

    Returns:
        The content of ``steps.json``: a row a model with its ``name`` and its figure by task
        under ``tasks``.
    """
    from nmixx.evaluation import evaluate

    rows = []
    for name, load in encoders.items():
        results = evaluate(load(), suite, model_name=name, bootstrap=1, store=store)
        rows.append({"name": name, "tasks": {t: r.value for t, r in results.tasks.items()}})
    return rows
