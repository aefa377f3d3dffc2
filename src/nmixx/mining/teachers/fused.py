"""Fused teachers: several teachers' rankings of the same documents made into one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from nmixx.encoding import FloatArray
from nmixx.errors import InputError
from nmixx.mining.normalisation import find_normalisation, normalise_run
from nmixx.mining.rules import FREE, IntArray, Rules
from nmixx.mining.runs import Run, distinct_pairs
from nmixx.mining.selection import Compare
from nmixx.mining.teachers.protocol import Query, Scorer, Teacher
from nmixx.mining.teachers.shortlist import WINDOW, list_best, list_known, list_positives
from nmixx.mining.teachers.table import TableScorer
from nmixx.records import Document

RANK_CONSTANT = 60
"""The k of reciprocal rank fusion, as its authors chose it."""


@dataclass(frozen=True)
class FusedTeacher:
    """Fuses the best of several teachers, and has a score for every positive.

    Attributes:
        children: the teachers.
        fusion: a row of :data:`FUSIONS`.
        weights: what each child counts, in the same order; all the same when not given.
        normalisation: of the children's scores where scores are fused, not ranks.
        window: candidates a query and child.
    """

    children: Sequence[Teacher]
    fusion: str = "rrf"
    weights: Sequence[float] | None = None
    normalisation: str = "minmax"
    window: int = WINDOW

    def __post_init__(self) -> None:
        """Refuse what does not fit together before any work is done."""
        find_normalisation(self.normalisation)
        if self.fusion not in FUSIONS:
            known = ", ".join(FUSIONS)
            raise InputError(f"fusion {self.fusion!r}: no such fusion.\nKnown: {known}.")
        if len(self.shares) != len(self.children) or not all(share > 0 for share in self.shares):
            raise InputError(
                f"weights {list(self.shares)}: expected one above 0 for each of the "
                f"{len(self.children)} teachers."
            )

    @property
    def name(self) -> str:
        """The fusion, and the children in brackets."""
        return f"{self.fusion}({','.join(child.name for child in self.children)})"

    @property
    def bounded(self) -> bool:
        """Whether a margin means something; never for ranks, which say nothing of distances."""
        row = find_normalisation(self.normalisation)
        return FUSIONS[self.fusion].measures and row.bounded(self.children)

    def open(
        self, queries: Sequence[Query], documents: Sequence[Document], rules: Rules = FREE
    ) -> TableScorer:
        """Open all children and fuse their best."""
        fusion = FUSIONS[self.fusion]
        scorers = [child.open(queries, documents, rules) for child in self.children]
        lists = [fusion.shortlist(scorer, queries, self, rules) for scorer in scorers]
        missing = [fusion.missing(run) for run in lists]
        run = fuse(lists, missing, self.shares, list_positives(queries))
        return TableScorer(self.name, run, queries, _first_able(scorers))

    @property
    def shares(self) -> Sequence[float]:
        """What each child counts, the same for all by default."""
        return [1.0] * len(self.children) if self.weights is None else self.weights


def fuse(
    runs: Sequence[Run],
    missing: Sequence[FloatArray],
    weights: Sequence[float],
    besides: tuple[IntArray, IntArray],
) -> Run:
    """Sum the weighted scores of runs on the same queries.

    Args:
        runs: what is fused.
        missing: for each run, what a document scores that it does not list, shape (queries,).
        weights: of each run.
        besides: rows of queries and documents that the result lists whatever the runs do.
    """
    count = len(runs[0].offsets) - 1
    queries, documents = distinct_pairs(
        np.concatenate([*(run.queries for run in runs), besides[0]]),
        np.concatenate([*(run.documents for run in runs), besides[1]]),
    )
    total = np.zeros(len(queries), dtype=np.float64)
    for run, default, weight in zip(runs, missing, weights, strict=True):
        scores = run.lookup(queries, documents)
        total += weight * np.where(np.isnan(scores), default[queries], scores)
    return Run.build(queries, documents, total.astype(np.float32), count=count)


@dataclass(frozen=True)
class Fusion:
    """A row of the table of fusions."""

    shortlist: Callable[[Scorer, Sequence[Query], FusedTeacher, Rules], Run]
    """A child's contribution: its best, each with what is summed."""
    missing: Callable[[Run], FloatArray]
    """What a document contributes that a child does not list, shape (queries,)."""
    measures: bool
    """Whether distances between fused scores mean anything."""


def _reciprocal_ranks(
    scorer: Scorer, queries: Sequence[Query], teacher: FusedTeacher, rules: Rules
) -> Run:
    """Give ``1 / (60 + rank)`` for a child's best.

    Reciprocal rank fusion (Cormack, Clarke and Buettcher 2009, SIGIR): a document that is not
    listed contributes nothing, a positive included, for its rank is not known.
    """
    best = list_best(scorer, queries, teacher.window, rules)
    return replace(best, scores=(1 / (RANK_CONSTANT + best.ranks)).astype(np.float32))


def _nothing(run: Run) -> FloatArray:
    """Give 0 for each query."""
    return np.zeros(len(run.offsets) - 1, dtype=np.float32)


def _normalised(
    scorer: Scorer, queries: Sequence[Query], teacher: FusedTeacher, rules: Rules
) -> Run:
    """Give a child's normalised scores, such that the sum over children is their mean."""
    known = list_known(scorer, queries, teacher.window, rules)
    run = normalise_run(known, teacher.normalisation)
    return replace(run, scores=(run.scores / sum(teacher.shares)).astype(np.float32))


def _lowest(run: Run) -> FloatArray:
    """Give each query's lowest score: a document that is not listed has at most that.

    It is 0 where a child knows nothing of a query.
    """
    lowest = _nothing(run)
    listed = np.diff(run.offsets) > 0
    lowest[listed] = run.scores[run.offsets[1:][listed] - 1]
    return lowest


FUSIONS: Mapping[str, Fusion] = {
    "rrf": Fusion(_reciprocal_ranks, _nothing, measures=False),
    "weighted": Fusion(_normalised, _lowest, measures=True),
}


def _first_able(scorers: Sequence[Scorer]) -> Compare:
    """Compare documents as the first child does that can; the last child's error otherwise."""

    def compare(one: IntArray, other: IntArray) -> FloatArray:
        for scorer in scorers[:-1]:
            try:
                return scorer.similarity(one, other)
            except InputError:
                continue
        return scorers[-1].similarity(one, other)

    return compare
