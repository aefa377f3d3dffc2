"""Examples that moved most from one model to the other: worst losses and best gains alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from nmixx.errors import NmixxError
from nmixx.evaluation.results import ExampleScore, Results
from nmixx.evaluation.tasks import hash_data

SHOWN = 3
"""Losses, and as many gains, shown of a task."""

Array = npt.NDArray[np.float64]
Texts = tuple[str, str]


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
        name: _find_task_moves(by_task[name], _Texts(name, results, recipe))
        for name, task in results.tasks.items()
        if task.against is not None and len(by_task.get(name, ())) > 1
    }


def _find_task_moves(scores: Sequence[ExampleScore], texts: _Texts) -> Moves:
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
    return Moves(ranked, better, worse, len(nearer) - better - worse, losses, gains)


def _rank(values: Array) -> Array:
    """Give ranks from 0 to 1; equal values share their mean rank."""
    from scipy.stats import rankdata

    ranks: Array = (rankdata(values) - 1) / (len(values) - 1)
    return ranks


class _Texts:
    """The texts of a task's rows, read when the first one is asked for."""

    def __init__(self, name: str, results: Results, recipe: Mapping[str, Any]) -> None:
        self._rows: Sequence[Texts] | None = None
        self._read = partial(_read_texts, name, results, recipe)

    def of(self, row: int) -> Texts | None:
        """Give both texts of a row, counted from 1; None where they cannot be read."""
        if self._rows is None:
            self._rows = self._read()
        return self._rows[row - 1] if 0 < row <= len(self._rows) else None


def _read_texts(name: str, results: Results, recipe: Mapping[str, Any]) -> Sequence[Texts]:
    """Read a task's file where the recipe names it and it is what was measured on."""
    kind = results.tasks[name].kind
    evaluation = recipe.get("evaluation") or {}
    task = ((evaluation.get("test") or {}).get(kind) or {}).get(name)
    reader = _READERS.get(kind)
    if task is None or reader is None:
        return ()
    path, columns = (task, {}) if isinstance(task, str) else (task["path"], task.get("columns", {}))
    try:
        rows, texts = reader(path, columns)
    except (NmixxError, OSError):
        return ()
    digest = hash_data(path, [row.to_row() for row in rows])
    return texts if digest == results.manifest.get("data", {}).get(name) else ()


def _read_scored(path: str, columns: Mapping[str, str]) -> tuple[Sequence[Any], Sequence[Texts]]:
    """Read a similarity task's rows and their texts."""
    from nmixx.corpus.shapes import read_scored_pairs

    rows = read_scored_pairs(path, columns)
    return rows, [(row.sentence1, row.sentence2) for row in rows]


def _read_translations(
    path: str, columns: Mapping[str, str]
) -> tuple[Sequence[Any], Sequence[Texts]]:
    """Read a translation task's rows and their texts."""
    from nmixx.corpus.shapes import read_pairs

    rows = read_pairs(path, columns)
    return rows, [(row.anchor, row.positive) for row in rows]


_Reader = Callable[[str, Mapping[str, str]], tuple[Sequence[Any], Sequence[Texts]]]
_READERS: dict[str, _Reader] = {"sts": _read_scored, "bitext": _read_translations}
