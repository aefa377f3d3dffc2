"""One sentence on a comparison: what rose, what fell, what is within noise."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from nmixx.evaluation.results import Against, Results
from nmixx.report.words import join, signed

Compared = Mapping[str, Against]

_CLAUSES: tuple[tuple[Callable[[Against], bool], str, str], ...] = (
    (lambda a: a.certain and a.delta > 0, "rose", "rose"),
    (lambda a: a.certain and a.delta < 0, "fell", "fell"),
    (lambda a: not a.certain, "is within noise", "are within noise"),
)


def state_verdict(results: Results) -> str:
    """Say in one sentence what the intervals say; nothing is claimed beyond them.

    A change counts when the 95 % interval of the difference leaves out zero.
    """
    compared = {name: task.against for name, task in results.tasks.items() if task.against}
    if not compared:
        return "Measured alone: without a second model nothing can be said about change."
    clauses = [
        f"{join(names)} {one if len(names) == 1 else many}"
        for holds, one, many in _CLAUSES
        if (names := _name(compared, holds))
    ]
    return "; ".join(clauses) + "."


def _name(compared: Compared, holds: Callable[[Against], bool]) -> list[str]:
    """Name the tasks for which something holds, with their change, the largest first."""
    chosen = [(name, against) for name, against in compared.items() if holds(against)]
    chosen.sort(key=lambda item: -abs(item[1].delta))
    return [f"{name} ({signed(against.delta)})" for name, against in chosen]
