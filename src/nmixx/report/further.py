"""Figures in ``results.json`` beyond those that the page lays out itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Figures = Mapping[str, float | int | str]

_LAID_OUT = frozenset({"kind", "metric", "value", "n"})
_AGAINST_LAID_OUT = frozenset({"value", "delta", "p"})


def find_further(results: Mapping[str, Any]) -> dict[str, Figures]:
    """Gather each task's single figures that have no place of their own on the page.

    A figure is any number, word or interval directly under a task or its comparison, so a new
    metric shows without a change here; one under ``metrics`` counts too.

    Args:
        results: the content of ``results.json``.

    Returns:
        Task to the figure's name to its value; tasks without any are left out.
    """
    found = {name: _gather(task) for name, task in results["tasks"].items()}
    return {name: figures for name, figures in found.items() if figures}


def _gather(task: Mapping[str, Any]) -> dict[str, float | int | str]:
    """Gather one task's figures; those of the comparison are marked as of the change."""
    figures = _single(task, _LAID_OUT)
    for key in ("metrics", "scores", "further"):
        inner = task.get(key)
        if isinstance(inner, Mapping):
            figures |= _single(inner, frozenset({task.get("metric")}))
    against = task.get("against")
    if isinstance(against, Mapping):
        of_change = _single(against, _AGAINST_LAID_OUT)
        figures |= {f"{name} of the change": value for name, value in of_change.items()}
    return figures


def _single(values: Mapping[str, Any], known: frozenset[Any]) -> dict[str, float | int | str]:
    """Keep single figures that are not known; an interval is not a single figure."""
    return {
        name.replace("_", " "): value
        for name, value in values.items()
        if name not in known and isinstance(value, float | int | str) and value is not True
    }
