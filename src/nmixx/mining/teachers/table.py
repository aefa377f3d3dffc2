"""A scorer over a table of known scores: what a run file, a fusion or a rescoring gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nmixx.encoding import FloatArray
from nmixx.errors import InputError
from nmixx.mining.rules import IntArray, Rules
from nmixx.mining.runs import Run
from nmixx.mining.selection import Compare, answer
from nmixx.mining.teachers.protocol import Hits, Query, Tier


@dataclass(frozen=True, eq=False)
class TableScorer:
    """Scores what a run holds, and knows nothing else.

    Attributes:
        name: the teacher's, for its errors.
        run: the known scores.
        queries: all queries, in the order of their rows.
        compare: another scorer's similarity of documents, where there is one.
    """

    name: str
    run: Run
    queries: Sequence[Query]
    compare: Compare | None = None

    def pairs(self, queries: IntArray, documents: IntArray) -> FloatArray:
        """Give the known scores, NaN where the run has none, shape (n,)."""
        return self.run.lookup(queries, documents)

    def search(self, tiers: Sequence[Tier], rules: Rules) -> list[Hits]:
        """Find the best that the run holds below each query's ceiling."""
        return answer(self.run.of, self.queries, tiers, rules, self.similarity)

    def similarity(self, one: IntArray, other: IntArray) -> FloatArray:
        """Compare documents as the other scorer does.

        Raises:
            InputError: none was given.
        """
        return (self.compare or refuse_comparison(self.name))(one, other)


def refuse_comparison(name: str) -> Compare:
    """Make the similarity of a teacher that cannot compare documents: it raises an error."""

    def refuse(one: IntArray, other: IntArray) -> FloatArray:
        raise InputError(
            f"teacher {name!r}: cannot compare documents with each other, as a bound on the "
            "similarity to the positive needs.\n"
            "Take a dense teacher, or a policy without that bound, such as perc_pos or naive."
        )

    return refuse
