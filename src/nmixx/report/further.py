"""Figures in ``results.json`` beyond those that the page lays out itself, by kind of task."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Figure = float | int | str

KINDS = {
    "sts": "Similarity",
    "bitext": "Translation",
    "retrieval": "Search",
    "pair_classification": "Labelled pairs",
    "triplets": "Triplets",
    "classification": "Classes",
    "clustering": "Clusters",
}
"""Kind of task to what the page calls it; another kind goes by its own name."""

_LAID_OUT = frozenset({"kind", "metric", "value", "n"})
_AGAINST_LAID_OUT = frozenset({"value", "delta", "p", "p_holm"})


@dataclass(frozen=True)
class Cell:
    """A figure of a task, and that of the other model where it has one; None where it has none."""

    value: Figure | None
    before: Figure | None = None


@dataclass(frozen=True)
class Group:
    """The tasks of a kind: a column a figure, a row of cells a task."""

    title: str
    columns: Sequence[str]
    rows: Mapping[str, Sequence[Cell]]


def find_further(results: Mapping[str, Any]) -> list[Group]:
    """Gather each kind's single figures that have no place of their own on the page.

    A figure is any number or word directly under a task, its comparison or ``metrics``, so a new
    metric shows without a change here.

    Args:
        results: the content of ``results.json``.

    Returns:
        A group a kind of task, in the order of the tasks; kinds without any figure are left out.
    """
    by_kind: dict[str, dict[str, Mapping[str, Cell]]] = {}
    for name, task in results["tasks"].items():
        by_kind.setdefault(str(task.get("kind")), {})[name] = _gather(task)
    groups = []
    for kind, tasks in by_kind.items():
        columns = list(dict.fromkeys(column for cells in tasks.values() for column in cells))
        if columns:
            rows = {
                name: [cells.get(column, Cell(None)) for column in columns]
                for name, cells in tasks.items()
            }
            groups.append(Group(KINDS.get(kind, kind), columns, rows))
    return groups


def _gather(task: Mapping[str, Any]) -> dict[str, Cell]:
    """Gather one task's figures: metrics first, of both models where there are two."""
    against = task.get("against") or {}
    main = frozenset({task.get("metric")})
    before = _single(against.get("metrics") or {}, main)
    cells = {
        name: Cell(value, before.get(name))
        for name, value in _single(task.get("metrics") or {}, main).items()
    }
    for values, known in ((task, _LAID_OUT), (against, _AGAINST_LAID_OUT)):
        cells |= {name: Cell(value) for name, value in _single(values, known).items()}
    return cells


def _single(values: Mapping[str, Any], known: frozenset[Any]) -> dict[str, Figure]:
    """Keep single figures that are not known; an interval is not a single figure."""
    return {
        name: value
        for name, value in values.items()
        if name not in known and isinstance(value, float | int | str) and value is not True
    }
