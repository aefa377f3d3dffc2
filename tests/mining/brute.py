"""A scorer by brute force over vectors in memory: the reference that real ones are held against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from nmixx.encoding import FloatArray
from nmixx.errors import InputError
from nmixx.mining.rules import FREE, IntArray, Rules
from nmixx.mining.teachers.protocol import Hits, Query, Scorer, Tier
from nmixx.records import Document


@dataclass(frozen=True)
class BruteScorer:
    """Scores by dot product; every score is reckoned, sorted and only then cut."""

    queries: FloatArray
    documents: FloatArray
    positives: Sequence[tuple[int, ...]]
    compares: bool = True
    unknown: frozenset[tuple[int, int]] = frozenset()
    """Pairs of query and document that it has no score for."""

    def pairs(self, queries: IntArray, documents: IntArray) -> FloatArray:
        scores = np.einsum("ij,ij->i", self.queries[queries], self.documents[documents])
        for at, pair in enumerate(zip(queries.tolist(), documents.tolist(), strict=True)):
            if pair in self.unknown:
                scores[at] = np.nan
        return scores

    def similarity(self, one: IntArray, other: IntArray) -> FloatArray:
        if not self.compares:
            raise InputError("this teacher does not compare documents with each other.")
        scores: FloatArray = np.einsum("ij,ij->i", self.documents[one], self.documents[other])
        return scores

    def search(self, tiers: Sequence[Tier], rules: Rules) -> list[Hits]:
        return [self._answer(tier, rules) for tier in tiers]

    def _answer(self, tier: Tier, rules: Rules) -> Hits:
        indices = np.full((len(self.queries), tier.k), -1, dtype=np.int64)
        scores = np.full((len(self.queries), tier.k), -np.inf, dtype=np.float32)
        pool = np.arange(len(self.documents))
        for query in range(len(self.queries)):
            row = self.pairs(np.full_like(pool, query), pool)
            fit = rules.allowed(query, pool) & (row < tier.ceilings[query])
            if tier.apart is not None:
                fit &= self._nearness(query) < tier.apart[query]
            best = pool[fit][np.argsort(-row[fit], kind="stable")][: tier.k]
            indices[query, : len(best)], scores[query, : len(best)] = best, row[best]
        return Hits(indices, scores)

    def _nearness(self, query: int) -> FloatArray:
        """Highest similarity of each document to any of the query's positives."""
        pool = np.arange(len(self.documents))
        rows = [self.similarity(pool, np.full_like(pool, row)) for row in self.positives[query]]
        nearest: FloatArray = np.max(rows, axis=0)
        return nearest


@dataclass(frozen=True)
class BruteTeacher:
    """A teacher that knows the vectors of its queries and documents beforehand."""

    queries: FloatArray
    documents: FloatArray
    name: str = "brute"
    bounded: bool = True
    compares: bool = True
    unknown: frozenset[tuple[int, int]] = field(default=frozenset())

    def open(
        self, queries: Sequence[Query], documents: Sequence[Document], rules: Rules = FREE
    ) -> Scorer:
        positives = [query.positives for query in queries]
        return BruteScorer(self.queries, self.documents, positives, self.compares, self.unknown)
