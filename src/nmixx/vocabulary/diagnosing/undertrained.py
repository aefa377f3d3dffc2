"""Rows of the embedding table that training hardly moved, or that have an unusual length."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from nmixx.encoding import FloatArray
from nmixx.vocabulary.diagnosing.outliers import OUTLIER, modified_z

Why = Literal["like never-used rows", "short row", "long row"]

_REFERENCES = 10
_LEAST, _MOST = 5, 95


@dataclass(frozen=True)
class OddRow:
    """A row that stands out.

    Attributes:
        token: its id.
        why: what it stands out by.
        norm: its length.
        z: modified z-score of the logarithm of its length among all reachable rows.
        closeness: cosine with the mean of the never-used rows, the mean of all rows taken off both;
            None where there are too few of those.
    """

    token: int
    why: Why
    norm: float
    z: float
    closeness: float | None


@dataclass(frozen=True)
class RowSearch:
    """Rows that stand out, and what they were measured against.

    Attributes:
        found: by token.
        references: rows that no text leads to.
        closeness_from: at which closeness a row is like them; None where they are too few or do
            not lie together.
        typical_norm: the median length of reachable rows.
    """

    found: Sequence[OddRow]
    references: int
    closeness_from: float | None
    typical_norm: float


def find_odd_rows(
    table: FloatArray,
    reachable: Sequence[int],
    never_used: Sequence[int],
    output: FloatArray | None = None,
) -> RowSearch:
    """Find under-trained rows by the indicators of Land and Bartolo, 2024 ("Fishing for Magikarp").

    Rows of entries that no text leads to got no signal but that they are never right; a reachable
    row that lies among them was hardly trained either. Where the output layer is tied to the table
    or lost, as in most sentence models, closeness is measured in the table; with an output layer of
    its own, in that, and the length in the table. A row is like the never-used ones when its
    closeness reaches what all but a twentieth of those have to their mean, or when it is no longer
    than all but a twentieth of them while nearly all reachable rows are. Other rows stand out by a
    modified z-score of the logarithm of their length beyond 3.5.

    Args:
        table: input embeddings, shape (rows, dimensions).
        reachable: ids that texts lead to, without added tokens.
        never_used: ids that no text leads to, rows beyond the vocabulary included.
        output: the output layer, if it is not tied to the table.
    """
    rows = np.asarray(reachable, dtype=np.int64)
    references = np.asarray(never_used, dtype=np.int64)
    norms = np.linalg.norm(table, axis=1).astype(np.float64)
    z = np.zeros(len(table))
    z[rows] = modified_z(np.log(np.maximum(norms[rows], 1e-12)))
    closeness, least = _measure_closeness(table if output is None else output, rows, references)
    like = np.zeros(len(table), dtype=bool)
    if closeness is not None and least is not None:
        like[rows] = closeness[rows] >= least
        longest = np.percentile(norms[references], _MOST)
        if longest < np.percentile(norms[rows], 100 - _MOST):
            like[rows] |= norms[rows] <= longest
    found = []
    for number in rows[like[rows] | (np.abs(z[rows]) > OUTLIER)].tolist():
        why: Why = (
            "like never-used rows" if like[number] else "short row" if z[number] < 0 else "long row"
        )
        close = None if closeness is None else float(closeness[number])
        found.append(OddRow(number, why, float(norms[number]), float(z[number]), close))
    typical = float(np.median(norms[rows])) if len(rows) else 0.0
    return RowSearch(found, len(references), least, typical)


def _measure_closeness(
    table: FloatArray, rows: npt.NDArray[np.int64], references: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.float64] | None, float | None]:
    """Give every row's cosine with the mean never-used row, and the least that counts as like it.

    The least is None where the never-used rows are no nearer to each other than most others are.
    """
    if len(references) < _REFERENCES or not len(rows):
        return None, None
    centred = table.astype(np.float64) - table.mean(axis=0, dtype=np.float64)
    centred /= np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-12)
    middle = centred[references].mean(axis=0)
    middle /= max(float(np.linalg.norm(middle)), 1e-12)
    closeness = centred @ middle
    # What each never-used row has to the mean of the others, so that it does not count for itself.
    total = centred[references].sum(axis=0)
    others = total - centred[references]
    others /= np.maximum(np.linalg.norm(others, axis=1, keepdims=True), 1e-12)
    own = np.einsum("rd,rd->r", centred[references], others)
    least = float(np.percentile(own, _LEAST))
    apart = least > float(np.percentile(closeness[rows], 75)) and least > 0
    return closeness, least if apart else None
