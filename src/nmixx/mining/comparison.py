"""Comparing teachers on one's own data: what they score, what policies leave, where they agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from nmixx.encoding import FloatArray
from nmixx.errors import InputError
from nmixx.mining.choices import Choice, choose, compares_documents
from nmixx.mining.distribution import Distribution, Extremes, Histogram
from nmixx.mining.policies import POLICIES
from nmixx.mining.positives import PositiveScores
from nmixx.mining.rules import BoolArray, IntArray, Rules
from nmixx.mining.teachers.protocol import Hits, Query, Scorer, Teacher, Tier
from nmixx.progress import track
from nmixx.records import Document

if TYPE_CHECKING:
    from rich.console import RenderableType

NO_MARGIN = "margin means nothing"
"""Said of a policy that reckons from the positive's score, where scores have no fixed scale."""
NO_COMPARISON = "cannot compare texts"
"""Said of a policy that looks at the positive too, where the teacher only scores for queries."""

CHOICES: tuple[Choice, ...] = tuple(
    sorted(
        [*map(choose, POLICIES), choose("perc_pos", 0.90), choose("perc_pos", 0.80)],
        key=lambda choice: list(POLICIES).index(choice.policy),
    )
)
"""Every policy at its default, and the paper's best one at stricter margins."""


@dataclass(frozen=True)
class Yield:
    """What a policy leaves of a teacher's candidates; no figures where ``left_out`` says why."""

    choice: Choice
    starved_window: int | None = None
    """Queries that get too few negatives from a fixed window of best candidates."""
    starved_corpus: int | None = None
    """Queries that get too few from the whole corpus."""
    mean_score: float | None = None
    """Of the negatives that the whole corpus gives."""
    left_out: str = ""


@dataclass(frozen=True)
class TeacherView:
    """What one teacher makes of the data."""

    name: str
    bounded: bool
    positives: Distribution | None
    """Scores of all positives that the teacher knows; None when it knows none."""
    others: Distribution | None
    """Score of each query's best document that is no positive."""
    histogram: Histogram | None
    extremes: Extremes | None
    unknown: int
    """Positives that the teacher has no score for."""
    outranked: float | None
    """Share of queries whose best other document scores at least as high as a positive."""
    yields: tuple[Yield, ...]


@dataclass(frozen=True)
class Agreement:
    """How alike two teachers are."""

    one: str
    other: str
    best: float | None
    """Share of documents in common among as many of the best as there are negatives."""
    window: float | None
    """The same among the best ``depth``."""
    spearman: float | None
    """Rank correlation of positive scores; None where one of the columns is constant."""


@dataclass(frozen=True)
class Comparison:
    """Teachers side by side; prints as a table."""

    queries: int
    documents: int
    negatives: int
    depth: int
    teachers: tuple[TeacherView, ...]
    agreements: tuple[Agreement, ...]

    def to_dict(self) -> dict[str, Any]:
        """Give everything as plain values for JSON."""
        return asdict(self)

    def __rich__(self) -> RenderableType:
        from nmixx.mining.comparison_table import comparison_table

        return comparison_table(self)


@dataclass(frozen=True)
class _Reading:
    """What is kept of a teacher to compare it with the next."""

    view: TeacherView
    positives: FloatArray
    window: IntArray


def compare_teachers(
    teachers: Sequence[Teacher],
    queries: Sequence[Query],
    documents: Sequence[Document],
    rules: Rules,
    *,
    negatives: int,
    depth: int,
) -> Comparison:
    """Let each teacher score the same data, and count what each policy would leave.

    A policy's ceiling is reckoned from the lowest positive of a query. Policies that need a margin
    are left out for teachers whose scores are not bounded.

    Args:
        teachers: each with a name of its own.
        queries: each with at least one positive.
        documents: the pool.
        rules: which documents a query may not find; its positives never count as found.
        negatives: wanted for each query.
        depth: the window of best candidates that other tools filter afterwards.

    Raises:
        InputError: there is nothing to compare, a query has no positive, two teachers share a
            name, or the window is smaller than the number of negatives.
    """
    _check(teachers, queries, documents, negatives, depth)
    rules = rules.banning([frozenset(query.positives) for query in queries])
    readings = [
        _read(teacher, queries, documents, rules, negatives, depth)
        for teacher in track(teachers, "comparing teachers")
    ]
    return Comparison(
        len(queries),
        len(documents),
        negatives,
        depth,
        tuple(reading.view for reading in readings),
        tuple(_agree(one, other, negatives) for one, other in combinations(readings, 2)),
    )


def _read(
    teacher: Teacher,
    queries: Sequence[Query],
    documents: Sequence[Document],
    rules: Rules,
    negatives: int,
    depth: int,
) -> _Reading:
    """Ask one teacher everything in one search."""
    scorer = teacher.open(queries, documents, rules)
    positives = PositiveScores.of(scorer, queries)
    left_out = _left_out(teacher, scorer)
    asked = [choice for choice in CHOICES if choice not in left_out]
    nowhere = np.full(len(queries), np.inf, dtype=np.float32)
    tiers = [Tier(depth, nowhere), *(choice.tier(positives.lowest, negatives) for choice in asked)]
    window, *found = scorer.search(tiers, rules)
    yields = {
        choice: _count(choice, choice.take(hits), window, negatives)
        for choice, hits in zip(asked, found, strict=True)
    }
    view = _view(
        teacher,
        positives,
        window,
        tuple(yields.get(c) or Yield(c, left_out=left_out[c]) for c in CHOICES),
    )
    return _Reading(view, positives.scores, window.indices)


def _left_out(teacher: Teacher, scorer: Scorer) -> dict[Choice, str]:
    """Say which choices make no sense with a teacher."""
    reasons = {choice: NO_MARGIN for choice in CHOICES if choice.row.relative}
    if not teacher.bounded:
        return reasons
    if compares_documents(scorer):
        return {}
    return {choice: NO_COMPARISON for choice in CHOICES if choice.apart is not None}


def _count(choice: Choice, found: Hits, window: Hits, negatives: int) -> Yield:
    """Count the queries that a choice starves."""
    real = found.indices >= 0
    # The window holds the best of all documents, so a filter of it keeps those of the best
    # below the ceiling that are in it.
    within = real & _contained(found.indices, window.indices)
    return Yield(
        choice,
        starved_window=int((within.sum(axis=1) < negatives).sum()),
        starved_corpus=int((real.sum(axis=1) < negatives).sum()),
        mean_score=float(found.scores[real].mean(dtype=np.float64)) if real.any() else None,
    )


def _view(
    teacher: Teacher, positives: PositiveScores, window: Hits, yields: tuple[Yield, ...]
) -> TeacherView:
    """Sum up a teacher's scores."""
    known = positives.scores[~np.isnan(positives.scores)]
    best = window.scores[:, 0]
    others = best[np.isfinite(best)]
    scored = ~np.isnan(positives.lowest)
    return TeacherView(
        name=teacher.name,
        bounded=teacher.bounded,
        positives=Distribution.of(known),
        others=Distribution.of(others),
        histogram=Histogram.of(known, others),
        extremes=Extremes.of(known, others),
        unknown=len(positives.scores) - len(known),
        outranked=float((best >= positives.lowest)[scored].mean()) if scored.any() else None,
        yields=yields,
    )


def _agree(one: _Reading, other: _Reading, negatives: int) -> Agreement:
    """Compare what two teachers found and how they order the positives."""
    known = ~np.isnan(one.positives) & ~np.isnan(other.positives)
    return Agreement(
        one.view.name,
        other.view.name,
        best=_overlap(one.window[:, :negatives], other.window[:, :negatives]),
        window=_overlap(one.window, other.window),
        spearman=_spearman(one.positives[known], other.positives[known]),
    )


def _overlap(one: IntArray, other: IntArray) -> float | None:
    """Share of documents in common, averaged over the queries for which any was found."""
    sizes = np.maximum((one >= 0).sum(axis=1), (other >= 0).sum(axis=1))
    common = (_contained(one, other) & (one >= 0)).sum(axis=1)
    if not sizes.any():
        return None
    return float((common[sizes > 0] / sizes[sizes > 0]).mean())


def _contained(some: IntArray, others: IntArray) -> BoolArray:
    """Tell, row by row, which values stand among the others of that row."""
    # Numbers made unique to their row let one flat comparison serve all rows.
    width = max(some.max(initial=0), others.max(initial=0)) + 2
    offsets = np.arange(len(some))[:, None] * width
    contained: BoolArray = np.isin(some + offsets, others + offsets)
    return contained


def _spearman(one: FloatArray, other: FloatArray) -> float | None:
    """Correlate the ranks of two columns."""
    from scipy.stats import spearmanr

    if len(one) < 2 or (one == one[0]).all() or (other == other[0]).all():
        return None
    return float(spearmanr(one, other).statistic)


def _check(
    teachers: Sequence[Teacher],
    queries: Sequence[Query],
    documents: Sequence[Document],
    negatives: int,
    depth: int,
) -> None:
    """Refuse what cannot be compared."""
    names = [teacher.name for teacher in teachers]
    for what, given in (("teachers", names), ("queries", queries), ("documents", documents)):
        if not given:
            raise InputError(f"comparing teachers: there are no {what}. Give at least one.")
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise InputError(f"comparing teachers: two are named {twice[0]!r}. Name each only once.")
    if not 1 <= negatives <= depth:
        raise InputError(
            f"comparing teachers: {negatives} negatives from a window of {depth}.\n"
            "Expected at least 1 negative and a window that is not smaller."
        )
    for query in queries:
        if not query.positives:
            raise InputError(
                f"query {query.id!r}: has no positive, so no ceiling can be reckoned for it.\n"
                "Give each query at least one positive."
            )
