"""A choice: a policy with its numbers, put as a tier, so that one search answers many of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nmixx.encoding import FloatArray
from nmixx.errors import InputError
from nmixx.mining.policies import Policy, find_policy, perc_pos
from nmixx.mining.teachers.protocol import Hits, Scorer, Tier


@dataclass(frozen=True)
class Choice:
    """A policy with its margin; :func:`choose` fills in the policy's defaults."""

    policy: str
    margin: float | None = None
    apart: float | None = None
    """Highest similarity to the query's positives, as a share of the positive's score."""

    @property
    def name(self) -> str:
        """Name with its numbers, such as ``perc_pos_apart 0.95, 0.7``."""
        margin = "" if self.margin is None else f" {self.margin:g}"
        apart = "" if self.apart is None else f", {self.apart:g}"
        return f"{self.policy}{margin}{apart}"

    @property
    def row(self) -> Policy:
        """The policy's row of the table."""
        return find_policy(self.policy)

    @property
    def passed_over(self) -> int:
        """Best documents that are left alone."""
        return int(self.margin or 0) if self.row.shifts else 0

    def tier(self, lowest: FloatArray, negatives: int) -> Tier:
        """Put the choice as a question to a search.

        Args:
            lowest: score of each query's lowest positive, shape (queries,); NaN where no score is
                known, and a policy that reckons from it then allows nothing.
            negatives: wanted for each query.
        """
        ceilings = _nothing_for_nan(self.row.ceiling(lowest, self.margin or 0.0))
        apart = None if self.apart is None else _nothing_for_nan(perc_pos(lowest, self.apart))
        return Tier(negatives + self.passed_over, ceilings, apart)

    def take(self, hits: Hits) -> Hits:
        """Give the negatives among what the search found for the choice's tier."""
        return Hits(hits.indices[:, self.passed_over :], hits.scores[:, self.passed_over :])


def _nothing_for_nan(ceilings: FloatArray) -> FloatArray:
    """Let nothing be below a ceiling that is not known."""
    known: FloatArray = np.where(np.isnan(ceilings), -np.inf, ceilings).astype(np.float32)
    return known


def choose(policy: str, margin: float | None = None, apart: float | None = None) -> Choice:
    """Make a choice; numbers not given are the policy's own.

    Raises:
        InputError: there is no such policy, or it does not take the number.
    """
    row = find_policy(policy)
    for name, given, default in (("margin", margin, row.margin), ("apart", apart, row.apart)):
        if given is not None and default is None:
            raise InputError(f"policy {policy}: takes no {name}, but {name} {given:g} was given.")
    return Choice(
        policy,
        row.margin if margin is None else margin,
        row.apart if apart is None else apart,
    )


def compares_documents(scorer: Scorer) -> bool:
    """Tell whether a teacher can compare documents with each other, as ``apart`` needs."""
    row = np.zeros(1, dtype=np.int64)
    try:
        scorer.similarity(row, row)
    except InputError:
        return False
    return True
