"""Rules: which documents may never be a query's negatives, whatever they score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

Relation = Literal["same", "other", "within"]
RELATIONS: tuple[Relation, ...] = ("same", "other", "within")

MISSING = np.iinfo(np.int64).min
"""The code of a value that a row does not have; a rule on it forbids nothing."""


@dataclass(frozen=True)
class Rule:
    """What must hold between a query's code and a document's: same, other, or within a width."""

    relation: Relation
    queries: IntArray
    documents: IntArray
    width: int = 0


@dataclass(frozen=True)
class Rules:
    """All rules of a search, and single pairs of query and document that are forbidden besides."""

    rules: tuple[Rule, ...]
    banned: tuple[frozenset[int], ...] = ()
    """For each query the rows of documents that it must not find; empty when there are none."""

    def allowed(self, query: int, documents: IntArray) -> BoolArray:
        """Tell which documents a query may find.

        Args:
            query: row of the query.
            documents: rows of documents, shape (n,).
        """
        allowed: BoolArray = np.ones(len(documents), dtype=np.bool_)
        for rule in self.rules:
            code, codes = rule.queries[query], rule.documents[documents]
            known = (codes != MISSING) & (code != MISSING)
            allowed &= ~known | _holds(rule, code, codes)
        if self.banned and self.banned[query]:
            allowed &= ~np.isin(documents, np.fromiter(self.banned[query], dtype=np.int64))
        return allowed

    def of(self, queries: IntArray) -> Rules:
        """Give the rules of some queries only, in the order given."""
        return Rules(
            tuple(replace(rule, queries=rule.queries[queries]) for rule in self.rules),
            tuple(self.banned[row] for row in queries) if self.banned else (),
        )

    def banning(self, banned: Sequence[frozenset[int]]) -> Rules:
        """Give the same rules with these pairs forbidden besides."""
        before = self.banned or (frozenset(),) * len(banned)
        return replace(self, banned=tuple(a | b for a, b in zip(before, banned, strict=True)))


FREE = Rules(())
"""Nothing is forbidden."""


def _holds(rule: Rule, code: np.int64, codes: IntArray) -> BoolArray:
    """Tell where a rule's relation holds."""
    holds: dict[Relation, BoolArray] = {
        "same": codes == code,
        "other": codes != code,
        "within": np.abs(codes - code) <= rule.width,
    }
    return holds[rule.relation]
