"""What a teacher is: something that scores documents for queries, and finds the best of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from nmixx.encoding import FloatArray
from nmixx.mining.rules import FREE, IntArray, Rules
from nmixx.records import Document


@dataclass(frozen=True)
class Query:
    """A text to mine negatives for, and which rows of the pool are its positives.

    ``merged_ids`` are those of pairs that became part of the query, as they share its text.
    """

    id: str
    text: str
    lang: str
    positives: tuple[int, ...]
    merged_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tier:
    """One question to a search: the best ``k`` documents below each query's ceiling.

    ``ceilings`` has shape (queries,), infinite where no score is too high. ``apart``, of the same
    shape, bounds the similarity of a document to the query's positives in the same way.
    """

    k: int
    ceilings: FloatArray
    apart: FloatArray | None = None


@dataclass(frozen=True)
class Hits:
    """Found documents, best first; index -1 and score -inf where a query has too few.

    Both arrays have shape (queries, k). Documents that score the same stand in the pool's order.
    """

    indices: IntArray
    scores: FloatArray


class Scorer(Protocol):
    """A teacher opened on a fixed list of queries and a fixed pool of documents."""

    def pairs(self, queries: IntArray, documents: IntArray) -> FloatArray:
        """Score query row ``queries[i]`` with document row ``documents[i]``, shape (n,).

        NaN where the teacher does not know the pair, as a run file may not.
        """
        ...

    def search(self, tiers: Sequence[Tier], rules: Rules) -> list[Hits]:
        """Answer all tiers in one pass over the pool; one :class:`Hits` a tier."""
        ...

    def similarity(self, one: IntArray, other: IntArray) -> FloatArray:
        """Score document row ``one[i]`` with document row ``other[i]``, shape (n,).

        Raises:
            InputError: the teacher cannot compare documents with each other.
        """
        ...


class Teacher(Protocol):
    """Anything that can be opened on queries and documents."""

    @property
    def name(self) -> str:
        """What stands in the files beside its scores."""
        ...

    @property
    def bounded(self) -> bool:
        """Whether scores are bounded as cosines are, so that a margin means the same anywhere."""
        ...

    def open(
        self, queries: Sequence[Query], documents: Sequence[Document], rules: Rules = FREE
    ) -> Scorer:
        """Read queries and documents, encoding or indexing them.

        Args:
            queries: rows of queries are their places here.
            documents: rows of documents are their places here.
            rules: what a query will not be allowed to find. A teacher that keeps a shortlist for
                each query leaves its places to what may be found, and to the positives; any other
                teacher need not look at them.
        """
        ...
