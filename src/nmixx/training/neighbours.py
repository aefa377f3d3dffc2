"""Terms that are spelled alike: the hardest to tell apart in a glossary."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

_BLOCK = 1024
"""Rows of the similarity matrix held at once."""


def nearest_spelling(terms: Sequence[str], groups: Sequence[str]) -> list[int | None]:
    """Find for each term the one of another group that shares most of its pairs of letters.

    Likeness is the cosine of the counts of adjacent letters, spaces included; of several that are
    as like, the first is taken.

    Args:
        terms: in any language.
        groups: of the terms; those of one group mean the same.

    Returns:
        The place of each term's neighbour, None where nothing of another group shares a pair.
    """
    if not terms:
        return []
    counts = _count_pairs(terms)
    numbers = np.unique(np.asarray(groups), return_inverse=True)[1]
    found: list[int | None] = []
    for start in range(0, len(terms), _BLOCK):
        likeness = (counts[start : start + _BLOCK] @ counts.T).toarray()
        likeness[numbers[start : start + _BLOCK, None] == numbers[None, :]] = 0
        # Equal likenesses differ in their last bits, by the order of adding up.
        best = np.round(likeness, 6).argmax(axis=1)
        known = likeness[np.arange(len(best)), best] > 0
        found += [int(at) if is_known else None for at, is_known in zip(best, known, strict=True)]
    return found


def _count_pairs(terms: Sequence[str]) -> Any:  # noqa: ANN401 - scipy is untyped
    """Count each term's pairs of letters in a sparse matrix with rows of length one."""
    from scipy.sparse import csr_array

    columns: dict[str, int] = {}
    rows: list[int] = []
    places: list[int] = []
    for number, term in enumerate(terms):
        text = f" {term.casefold()} "
        for at in range(len(text) - 1):
            rows.append(number)
            places.append(columns.setdefault(text[at : at + 2], len(columns)))
    counts = csr_array(
        (np.ones(len(rows), dtype=np.float32), (rows, places)), shape=(len(terms), len(columns))
    )
    lengths = np.sqrt(counts.multiply(counts).sum(axis=1))
    return counts.multiply(1 / lengths[:, None]).tocsr()
