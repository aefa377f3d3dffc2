"""Examples that moved most from one model to the other: worst losses and best gains alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from nmixx.errors import NmixxError
from nmixx.evaluation.results import ExampleScore, Results
from nmixx.evaluation.sides import list_sides

SHOWN = 3
"""Losses, and as many gains, shown of a task."""

Array = npt.NDArray[np.float64]
Texts = tuple[str, ...]

SIDES = {"retrieval": ("query", "answer"), "triplets": ("anchor", "positive", "negative")}
"""Kind of task to what an example's texts are called, where that must be said."""

_LOCAL = frozenset({"sts", "bitext", "retrieval", "pair_classification", "triplets"})


@dataclass(frozen=True)
class Flip:
    """An example, where people and both models put it, and how much nearer it came.

    Where a task has labels, ``label``, ``before`` and ``after`` are ranks from 0 (least alike)
    to 1 and ``nearer`` is by how much the rank came closer to people's. Elsewhere ``label`` is
    None, the others are the models' own scores, and ``nearer`` is their difference.
    """

    row: int
    texts: Texts | None
    label: float | None
    before: float
    after: float
    nearer: float


@dataclass(frozen=True)
class Moves:
    """A task's examples counted by which way they moved, and the farthest of either way."""

    ranked: bool
    sides: Sequence[str]
    better: int
    worse: int
    same: int
    losses: Sequence[Flip]
    gains: Sequence[Flip]


def find_moves(
    results: Results, scores: Sequence[ExampleScore], recipe: Mapping[str, Any]
) -> dict[str, Moves]:
    """Find each compared task's moves.

    Args:
        results: of two models; nothing moves under one.
        scores: of all examples.
        recipe: as read; it says where the tasks' texts are. A task whose file is gone or is not
            what it was is told without texts.
    """
    by_task: dict[str, list[ExampleScore]] = {}
    for score in scores:
        by_task.setdefault(score.task, []).append(score)
    return {
        name: _find_task_moves(by_task[name], _Texts(name, results, recipe), task.kind)
        for name, task in results.tasks.items()
        if task.against is not None and len(by_task.get(name, ())) > 1
    }


def _find_task_moves(scores: Sequence[ExampleScore], texts: _Texts, kind: str) -> Moves:
    """Rank a task's examples by how far they moved."""
    before = np.array([score.against for score in scores], dtype=np.float64)
    after = np.array([score.value for score in scores], dtype=np.float64)
    labels = np.array([score.label for score in scores], dtype=np.float64)
    ranked = bool(np.isfinite(labels).all())
    if ranked:
        before, after, labels = _rank(before), _rank(after), _rank(labels)
        nearer = np.abs(before - labels) - np.abs(after - labels)
    else:
        nearer = after - before
    order = np.argsort(nearer, kind="stable")

    def flip(place: int) -> Flip:
        label = float(labels[place]) if ranked else None
        row = scores[place].row
        figures = float(before[place]), float(after[place]), float(nearer[place])
        return Flip(row, texts.of(row), label, *figures)

    losses = [flip(int(place)) for place in order[:SHOWN] if nearer[place] < 0]
    gains = [flip(int(place)) for place in order[::-1][:SHOWN] if nearer[place] > 0]
    better, worse = int((nearer > 0).sum()), int((nearer < 0).sum())
    same = len(nearer) - better - worse
    return Moves(ranked, SIDES.get(kind, ()), better, worse, same, losses, gains)


def _rank(values: Array) -> Array:
    """Give ranks from 0 to 1; equal values share their mean rank."""
    from scipy.stats import rankdata

    ranks: Array = (rankdata(values) - 1) / (len(values) - 1)
    return ranks


class _Texts:
    """The texts of a task's rows, read when the first one is asked for."""

    def __init__(self, name: str, results: Results, recipe: Mapping[str, Any]) -> None:
        self._rows: Mapping[int, Texts] | None = None
        self._read = partial(_read_texts, name, results, recipe)

    def of(self, row: int) -> Texts | None:
        """Give both texts of a row, counted from 1; None where they cannot be read."""
        if self._rows is None:
            self._rows = self._read()
        return self._rows.get(row)


def _read_texts(name: str, results: Results, recipe: Mapping[str, Any]) -> Mapping[int, Texts]:
    """Read a task's texts by row where the recipe names its file and that is what was measured."""
    from nmixx.evaluation.runner import load_tasks
    from nmixx.evaluation.settings import Suite

    kind = results.tasks[name].kind
    evaluation = recipe.get("evaluation") or {}
    settings = ((evaluation.get("test") or {}).get(kind) or {}).get(name)
    if settings is None or kind not in _LOCAL:
        return {}
    try:
        (task,) = load_tasks(Suite.parse({kind: {name: settings}}, name))
    except (NmixxError, OSError):
        return {}
    if task.data != results.manifest.get("data", {}).get(name):
        return {}
    return dict(zip(task.rows, list_sides(task) or (), strict=False))
