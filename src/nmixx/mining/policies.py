"""Selection policies: how a positive's score bounds the scores of its negatives.

The first five are those of NV-Retriever (arXiv 2407.15831, section 3). A policy turns the scores of
positives into ceilings; the search then finds the best documents below each query's own ceiling, so
a strict policy does not starve a query that has enough candidates further down.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nmixx.encoding import FloatArray
from nmixx.errors import InputError

Ceiling = Callable[[FloatArray, float], FloatArray]


def unbounded(positive_scores: FloatArray, margin: float) -> FloatArray:
    """Naive top-k, and top-k shifted by N: no score is too high."""
    return np.full_like(positive_scores, np.inf)


def absolute(positive_scores: FloatArray, margin: float) -> FloatArray:
    """TopK-Abs: a negative scores less than ``margin``, whatever its positive scores."""
    return np.full_like(positive_scores, margin)


def margin_pos(positive_scores: FloatArray, margin: float) -> FloatArray:
    """TopK-MarginPos: a negative scores at least ``margin`` less than its positive."""
    ceilings: FloatArray = (positive_scores - margin).astype(np.float32)
    return ceilings


def perc_pos(positive_scores: FloatArray, margin: float) -> FloatArray:
    """TopK-PercPos: a negative scores less than ``margin`` times what its positive scores.

    For a negative positive score the distance is taken off instead, so that a smaller margin is
    always stricter.
    """
    distance = np.abs(positive_scores) * (1 - margin)
    ceilings: FloatArray = (positive_scores - distance).astype(np.float32)
    return ceilings


@dataclass(frozen=True)
class Policy:
    """A row of the table of policies."""

    ceiling: Ceiling
    margin: float | None
    """The default margin; None where the policy takes none."""
    meaning: str
    """What the margin is, for help texts and errors."""
    relative: bool = False
    """Whether the ceiling is reckoned from the positive's score, which must then be bounded."""
    shifts: bool = False
    """Whether the margin is a number of best candidates to pass over."""
    apart: float | None = None
    """Default of the highest similarity to the positive, as a share of the positive's score.

    A text that means what the positive means is close to it even where the query is not: the
    positive is often in the same language, and always complete. Chosen by ``benchmarks/audit.py``.
    """

    def keep(
        self, scores: FloatArray, positive_score: float, margin: float
    ) -> npt.NDArray[np.bool_]:
        """Tell which of one query's candidates may be its negatives.

        Args:
            scores: of the candidates, best first, shape (candidates,).
            positive_score: of the query's positive.
            margin: as the policy's ``meaning`` says.
        """
        ceiling = self.ceiling(np.array([positive_score], dtype=np.float32), margin)[0]
        kept: npt.NDArray[np.bool_] = scores < ceiling
        if self.shifts:
            kept[: int(margin)] = False
        return kept


POLICIES: Mapping[str, Policy] = {
    "naive": Policy(unbounded, None, "takes no margin"),
    "shifted": Policy(unbounded, 10, "best candidates passed over", shifts=True),
    "absolute": Policy(absolute, 0.7, "score that a negative stays below"),
    "margin_pos": Policy(
        margin_pos, 0.05, "distance kept from the positive's score", relative=True
    ),
    "perc_pos": Policy(perc_pos, 0.95, "share of the positive's score", relative=True),
    "perc_pos_apart": Policy(
        perc_pos, 0.95, "share of the positive's score", relative=True, apart=0.75
    ),
}


def find_policy(name: str) -> Policy:
    """Give a row of the table.

    Raises:
        InputError: there is no such policy.
    """
    if name not in POLICIES:
        raise InputError(f"policy {name!r}: no such policy.\nKnown: {', '.join(POLICIES)}.")
    return POLICIES[name]
