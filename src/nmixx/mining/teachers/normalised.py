"""A teacher whose scores are brought to a scale, query by query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nmixx.mining.normalisation import find_normalisation, normalise_run
from nmixx.mining.rules import FREE, Rules
from nmixx.mining.teachers.protocol import Query, Teacher
from nmixx.mining.teachers.shortlist import WINDOW, list_known
from nmixx.mining.teachers.table import TableScorer
from nmixx.records import Document


@dataclass(frozen=True)
class NormalisedTeacher:
    """Normalises the scores of another teacher's best and of the positives.

    What stands below the window is not found: a scale that is made from a query's best says
    nothing of the rest.

    Attributes:
        inner: the other teacher.
        normalisation: a row of :data:`nmixx.mining.normalisation.NORMALISATIONS`.
        window: candidates a query.
    """

    inner: Teacher
    normalisation: str
    window: int = WINDOW

    def __post_init__(self) -> None:
        """Refuse an unknown normalisation before any work is done."""
        find_normalisation(self.normalisation)

    @property
    def name(self) -> str:
        """The normalisation, and the other teacher in brackets."""
        return f"{self.normalisation}({self.inner.name})"

    @property
    def bounded(self) -> bool:
        """Whether the normalisation bounds scores, or leaves them as bounded as they were."""
        return find_normalisation(self.normalisation).bounded([self.inner])

    def open(
        self, queries: Sequence[Query], documents: Sequence[Document], rules: Rules = FREE
    ) -> TableScorer:
        """Open the other teacher and normalise its best."""
        scorer = self.inner.open(queries, documents, rules)
        known = list_known(scorer, queries, self.window, rules)
        run = normalise_run(known, self.normalisation)
        return TableScorer(self.name, run, queries, scorer.similarity)
