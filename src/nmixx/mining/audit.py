"""An audit of policies: how many planted positives each of them mines as negatives.

A policy that mines easier negatives mines fewer false ones too, so policies are compared at equal
hardness: against the curve that TopK-PercPos draws as its margin goes from strict to loose.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from nmixx.errors import InputError
from nmixx.mining.choices import Choice, choose, compares_documents
from nmixx.mining.positives import PositiveScores
from nmixx.mining.rules import BoolArray, IntArray, Rules
from nmixx.mining.teachers.protocol import Hits, Query, Scorer

if TYPE_CHECKING:
    from rich.console import RenderableType

GRID: tuple[Choice, ...] = (
    choose("naive"),
    choose("shifted", 10),
    choose("absolute", 0.7),
    choose("margin_pos", 0.05),
    choose("margin_pos", 0.1),
    *(choose("perc_pos", margin) for margin in (0.95, 0.90, 0.80)),
    *(choose("perc_pos_apart", 0.95, apart) for apart in (0.9, 0.85, 0.8, 0.75, 0.7)),
)
"""What is audited when nothing else is asked for."""

REFERENCE: tuple[Choice, ...] = tuple(
    choose("perc_pos", hundredths / 100) for hundredths in range(70, 100)
)
"""The curve of TopK-PercPos that other policies are held against."""


@dataclass(frozen=True)
class Outcome:
    """What a policy mined."""

    choice: Choice
    queries_hit: float
    """Share of queries whose negatives hold a planted positive."""
    negatives_planted: float
    """Share of all negatives that are planted positives."""
    mean_score: float | None
    """Mean score of the negatives, their hardness; None when there are none."""
    complete: float
    """Share of queries that got all their negatives."""


@dataclass(frozen=True)
class Audit:
    """What every policy mined of what was planted; prints as a table."""

    queries: int
    """Queries with something planted that the rules do not keep out anyway."""
    planted: int
    """Pairs of such a query and a planted document."""
    kept_out: int
    """Planted pairs that the rules keep out, whatever the policy."""
    negatives: int
    outcomes: tuple[Outcome, ...]
    reference: tuple[Outcome, ...]
    left_out: tuple[Choice, ...]
    """Choices that the teacher cannot answer, as it does not compare documents."""

    def to_dict(self) -> dict[str, Any]:
        """Give everything as plain values for JSON, each outcome with :func:`at_equal_hardness`."""
        values = asdict(self)
        for row, outcome in zip(values["outcomes"], self.outcomes, strict=True):
            row["reference_queries_hit"] = at_equal_hardness(self, outcome)
        return values

    def __rich__(self) -> RenderableType:
        from nmixx.mining.audit_table import audit_table

        return audit_table(self)


def audit_policies(
    scorer: Scorer,
    queries: Sequence[Query],
    planted: Sequence[Sequence[int]],
    choices: Sequence[Choice],
    rules: Rules,
    *,
    negatives: int,
) -> Audit:
    """Mine with every policy in one search, and count the planted positives among the negatives.

    Figures are over the queries that have something planted. A ceiling is reckoned from the lowest
    positive of a query.

    Args:
        scorer: a teacher opened on the queries and the pool.
        queries: as the teacher was opened on.
        planted: for each query, rows of the pool that are positives but not told.
        choices: what to audit, :data:`GRID` for example.
        rules: which documents a query may not find; its positives are forbidden besides.
        negatives: wanted for each query.

    Raises:
        InputError: no query has a planted positive that the rules let it find.
    """
    rules = rules.banning([frozenset(query.positives) for query in queries])
    danger = _findable(planted, rules)
    total = sum(map(len, planted))
    rows = np.array([row for row, some in enumerate(danger) if len(some)], dtype=np.int64)
    if not len(rows):
        raise InputError(
            f"audit: none of {len(queries):,} queries has a planted positive that it may find; "
            f"{total:,} are planted.\n"
            "Plant texts that stand in the pool, in groups other than the query's own."
        )
    able = compares_documents(scorer)
    asked = [choice for choice in choices if able or choice.apart is None]
    every = list(dict.fromkeys([*asked, *REFERENCE]))
    lowest = PositiveScores.of(scorer, queries).lowest
    found = scorer.search([choice.tier(lowest, negatives) for choice in every], rules)
    outcomes = {
        choice: _judge(choice, choice.take(hits), danger, rows)
        for choice, hits in zip(every, found, strict=True)
    }
    findable = sum(map(len, danger))
    return Audit(
        len(rows),
        findable,
        total - findable,
        negatives,
        tuple(outcomes[choice] for choice in asked),
        tuple(outcomes[choice] for choice in REFERENCE),
        tuple(choice for choice in choices if choice not in asked),
    )


def at_equal_hardness(audit: Audit, outcome: Outcome) -> float | None:
    """Share of queries hit by TopK-PercPos at the margin where it mines equally hard negatives.

    Interpolated linearly between margins by the mean score of negatives; None where the outcome's
    mean score lies outside the curve.
    """
    curve = sorted(
        (point.mean_score, point.queries_hit)
        for point in audit.reference
        if point.mean_score is not None
    )
    score = outcome.mean_score
    if score is None or not curve or not curve[0][0] <= score <= curve[-1][0]:
        return None
    scores, shares = zip(*curve, strict=True)
    return float(np.interp(score, scores, shares))


def _findable(planted: Sequence[Sequence[int]], rules: Rules) -> list[IntArray]:
    """Keep the planted rows that a query may find."""
    rows = [np.unique(np.asarray(some, dtype=np.int64)) for some in planted]
    return [some[rules.allowed(query, some)] for query, some in enumerate(rows)]


def _judge(choice: Choice, found: Hits, danger: Sequence[IntArray], rows: IntArray) -> Outcome:
    """Look for what was planted among the negatives of the queries in ``rows``."""
    indices, scores = found.indices[rows], found.scores[rows]
    real = indices >= 0
    wrong: BoolArray = np.array(
        [np.isin(some, danger[row]) for some, row in zip(indices, rows, strict=True)],
        dtype=np.bool_,
    ).reshape(indices.shape)
    mined = int(real.sum())
    return Outcome(
        choice,
        queries_hit=float(wrong.any(axis=1).mean()),
        negatives_planted=float(wrong.sum() / mined) if mined else 0.0,
        mean_score=float(scores[real].mean(dtype=np.float64)) if mined else None,
        complete=float(real.all(axis=1).mean()),
    )
