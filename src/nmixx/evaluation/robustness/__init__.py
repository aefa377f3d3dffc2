"""Robustness: how far a model's figures move when texts are written another way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nmixx.encoding import FloatArray

if TYPE_CHECKING:
    from nmixx.encoding import Encoder
    from nmixx.evaluation.tasks import Role, Task
    from nmixx.evaluation.vectors import Vectors

__all__ = ["ROBUSTNESS_NAME", "measure_robustness"]

ROBUSTNESS_NAME = "robustness.json"


def measure_robustness(
    encoders: Mapping[str, Encoder],
    tasks: Sequence[Task],
    names: Iterable[str],
    *,
    draws: int = 3,
    seed: int = 0,
    store: Path | None = None,
) -> dict[str, Any]:
    """Measure tasks again with all their texts perturbed, several times.

    The protocol is that of the Paraphrasing Text Embedding Benchmark (Frank and Afli, 2025):
    the labels stand, the texts are drawn anew, and a figure is a mean with a spread. Every model
    sees the same draws.

    Args:
        encoders: models by name.
        tasks: loaded tasks of any kind.
        names: keys of :data:`nmixx.evaluation.robustness.perturbations.PERTURBATIONS`.
        draws: of every perturbation.
        seed: of all draws.
        store: a folder that keeps vectors for a killed run.

    Returns:
        The content of ``robustness.json``: ``draws``, ``changed`` (task to perturbation to the
        share of texts that it changed), and ``models``: name to task to ``as it is`` or a
        perturbation to ``mean``, ``spread`` (standard deviation over draws) and ``values``.
    """
    from nmixx.evaluation.vectors import Vectors

    chosen = list(names)
    texts = list(dict.fromkeys(text for task in tasks for text in task.texts()))
    drawn = {
        (name, draw): _perturb_all(name, texts, draw, seed)
        for name in chosen
        for draw in range(draws)
    }
    every = {*texts, *(text for table in drawn.values() for text in table.values())}
    models: dict[str, Any] = {}
    for model, encoder in encoders.items():
        vectors = Vectors(encoder, every, store=store, label=f"encoding perturbed, {model}")
        models[model] = {
            task.name: _measure_task(task, vectors, drawn, chosen, draws) for task in tasks
        }
    return {
        "draws": draws,
        "changed": {task.name: _share_changed(task, drawn, chosen, draws) for task in tasks},
        "models": models,
    }


_Tables = Mapping[tuple[str, int], Mapping[str, str]]


def _perturb_all(name: str, texts: Iterable[str], draw: int, seed: int) -> dict[str, str]:
    """Give each text its perturbed form."""
    from nmixx.evaluation.robustness.perturbations import perturb

    return {text: perturb(name, text, draw=draw, seed=seed) for text in texts}


@dataclass(frozen=True)
class _Perturbed:
    """Looks the perturbed form of a text up in place of the text."""

    vectors: Vectors
    table: Mapping[str, str]

    def __call__(self, texts: Sequence[str], role: Role = "", /) -> FloatArray:
        """Give the vectors of the perturbed texts, shape (texts, dimensions)."""
        return self.vectors([self.table[text] for text in texts], role)


def _measure_task(
    task: Task, vectors: Vectors, drawn: _Tables, names: Sequence[str], draws: int
) -> dict[str, Any]:
    """Measure a task as it is and under every perturbation."""
    rows = {"as it is": _summarise([task.measure(vectors).figure_or_none])}
    for name in names:
        values = []
        for draw in range(draws):
            lookup = _Perturbed(vectors, drawn[name, draw])

            values.append(task.measure(lookup).figure_or_none)
        rows[name] = _summarise(values)
    return rows


def _summarise(values: Sequence[float | None]) -> dict[str, Any]:
    """Give the mean and the spread of the figures that are defined."""
    import numpy as np

    known = np.array([value for value in values if value is not None], dtype=np.float64)
    return {
        "mean": float(known.mean()) if len(known) else None,
        "spread": float(known.std(ddof=1)) if len(known) > 1 else 0.0,
        "values": list(values),
    }


def _share_changed(
    task: Task, drawn: _Tables, names: Sequence[str], draws: int
) -> dict[str, float]:
    """Give the share of a task's texts that each perturbation changed, over all draws."""
    texts = set(task.texts())
    return {
        name: sum(drawn[name, draw][text] != text for draw in range(draws) for text in texts)
        / (draws * len(texts))
        for name in names
    }
