"""Compiled kernels of the search: skim approximate scores, and settle the few that may matter.

Approximate scores are read as integers whose order is that of the numbers, so one kernel serves
float32 (viewed as int32), bfloat16 (viewed as int16) and products of whole numbers. A score is
skimmed over unless it lies between the query's bounds, widened by the largest error it can have;
what remains is scored again exactly, so the answer does not depend on the product's precision.
"""

# mypy: disable-error-code="no-any-return,return-value,assignment"
from __future__ import annotations

from typing import Any, TypeAlias

import numba
import numpy as np

from nmixx.mining.rules import MISSING

Array: TypeAlias = Any
"""An array of whatever type and shape the kernel is compiled for."""

_CHUNK = 256
"""Scores skimmed at once; a chunk without a survivor costs one vectorised pass."""

# The sum of a dot product may be taken in any order: it is held in float64 and rounded once, so
# the float32 result is the same whatever the order.
_any_order = {"reassoc", "contract", "nsz"}


@numba.njit(nogil=True, cache=True, fastmath=_any_order)
def dot(one: Array, other: Array) -> np.float32:
    """Give the dot product of two float32 vectors, summed in float64 and rounded to float32."""
    total = 0.0
    for at in range(one.shape[0]):
        total += np.float64(one[at]) * np.float64(other[at])
    return np.float32(total)


@numba.njit(nogil=True, cache=True)
def paired_dots(one: Array, other: Array, out: Array) -> None:
    """Fill ``out[i]`` with the product of ``one[i]`` and ``other[i]``."""
    for at in range(out.shape[0]):
        out[at] = dot(one[at], other[at])


@numba.njit(nogil=True, cache=True)
def _order_key(value: np.float32, unit: np.float32, dropped: int, scratch: Array) -> int:
    """Turn a score into the integer at or below it in the order of the products."""
    if dropped < 0:
        whole = np.floor(np.float64(value) / np.float64(unit))
        return np.int64(min(max(whole, -(2.0**40)), 2.0**40))
    scratch[0] = value
    bits = np.int64(scratch.view(np.int32)[0])
    return (bits ^ ((bits >> 31) & 0x7FFFFFFF)) >> dropped


@numba.njit(nogil=True, cache=True)
def _count_between(
    row: Array, start: int, stop: int, low: int, high: int, sign: int, mask: int
) -> int:
    """Count the scores of a chunk between two keys, both included."""
    count = 0
    for at in range(start, stop):
        value = np.int64(row[at])
        key = value ^ ((value >> sign) & mask)
        count += (key >= low) & (key <= high)
    return count


@numba.njit(nogil=True, cache=True)
def _is_allowed(
    query_codes: Array,
    document_codes: Array,
    relations: Array,
    widths: Array,
    banned: Array,
    document: int,
) -> bool:
    """Tell whether all rules hold; see :meth:`nmixx.mining.rules.Rules.allowed`."""
    for rule in range(relations.shape[0]):
        code, other = query_codes[rule], document_codes[rule]
        if code == MISSING or other == MISSING:
            continue
        if relations[rule] == 0:
            holds = code == other
        elif relations[rule] == 1:
            holds = code != other
        else:
            holds = abs(code - other) <= widths[rule]
        if not holds:
            return False
    return not np.any(banned == document)


@numba.njit(nogil=True, cache=True)
def _insert(scores: Array, documents: Array, size: int, score: np.float32, document: int) -> None:
    """Put a score into its place among the best; of equal ones the earlier document is first."""
    at = size - 1
    while at > 0 and scores[at - 1] < score:
        scores[at], documents[at] = scores[at - 1], documents[at - 1]
        at -= 1
    scores[at], documents[at] = score, document


@numba.njit(nogil=True, cache=True)
def _highest_dot(vectors: Array, start: int, stop: int, document: Array) -> np.float32:
    """Give the highest product of a document with some vectors."""
    highest = np.float32(-np.inf)
    for at in range(start, stop):
        highest = max(highest, dot(vectors[at], document))
    return highest


@numba.njit(nogil=True, cache=True)
def _lowest_kept(best_scores: Array, sizes: Array) -> np.float32:
    """Give the score that a document must beat to enter any tier of a query."""
    bound = np.float32(np.inf)
    for tier in range(sizes.shape[0]):
        bound = min(bound, best_scores[tier, sizes[tier] - 1])
    return bound


@numba.njit(nogil=True, cache=True)
def _offer(
    score: np.float32,
    nearest: np.float32,
    document: int,
    ceilings: Array,
    aparts: Array,
    sizes: Array,
    best_scores: Array,
    best_documents: Array,
) -> None:
    """Put a document into each tier of a query that it fits into."""
    for tier in range(sizes.shape[0]):
        size = sizes[tier]
        if (
            score < ceilings[tier]
            and nearest < aparts[tier]
            and score > best_scores[tier, size - 1]
        ):
            _insert(best_scores[tier], best_documents[tier], size, score, document)


@numba.njit(nogil=True, cache=True)
def merge_block(
    approximate: Array,
    dropped: int,
    units: Array,
    slack: Array,
    queries: Array,
    documents: Array,
    first: int,
    ceilings: Array,
    aparts: Array,
    positives: Array,
    positive_starts: Array,
    query_codes: Array,
    document_codes: Array,
    relations: Array,
    widths: Array,
    banned: Array,
    banned_starts: Array,
    sizes: Array,
    best_scores: Array,
    best_documents: Array,
) -> int:
    """Merge one block of documents into the best of each query and tier.

    Args:
        approximate: products as integers, shape (queries, documents of the block).
        dropped: 16 where they view bfloat16, 0 where they view float32, -1 for whole numbers.
        units: what one whole number is worth, shape (queries,).
        slack: the most that a product may be off, shape (queries,).
        queries: float32, shape (queries, dimensions).
        documents: float32, shape (documents of the block, dimensions).
        first: the pool's row of the block's first document.
        ceilings: shape (queries, tiers).
        aparts: ceilings of the similarity to the positives, shape (queries, tiers).
        positives: vectors of all positives, shape (positives, dimensions).
        positive_starts: where each query's positives begin, shape (queries + 1,).
        query_codes: shape (queries, rules).
        document_codes: shape (documents of the block, rules).
        relations: 0 same, 1 other, 2 within, shape (rules,).
        widths: of the relation within, shape (rules,).
        banned: the pool's rows that queries must not find, shape (any,).
        banned_starts: where each query's begin, shape (queries + 1,).
        sizes: documents wanted of each tier, shape (tiers,).
        best_scores: changed in place, shape (queries, tiers, largest size).
        best_documents: changed in place, of the same shape.

    Returns:
        How many products were taken again exactly.
    """
    sign = 15 if dropped == 16 else 31
    # Floats of a sign bit and a magnitude are put into the order of whole numbers.
    mask = 0 if dropped < 0 else (1 << sign) - 1
    scratch = np.empty(1, dtype=np.float32)
    rescored = 0
    for query in range(approximate.shape[0]):
        row, best, unit = approximate[query], best_scores[query], units[query]
        off_limits = banned[banned_starts[query] : banned_starts[query + 1]]
        look_apart = aparts[query].min() < np.inf
        ceiling = ceilings[query].max()
        bound = _lowest_kept(best, sizes)
        low = _order_key(bound - slack[query], unit, dropped, scratch)
        high = _order_key(ceiling + slack[query], unit, dropped, scratch) + 1
        for start in range(0, row.shape[0], _CHUNK):
            stop = min(start + _CHUNK, row.shape[0])
            if not _count_between(row, start, stop, low, high, sign, mask):
                continue
            for at in range(start, stop):
                value = np.int64(row[at])
                key = value ^ ((value >> sign) & mask)
                if key < low or key > high:
                    continue
                document = first + at
                if not _is_allowed(
                    query_codes[query], document_codes[at], relations, widths, off_limits, document
                ):
                    continue
                score = dot(queries[query], documents[at])
                rescored += 1
                if score <= bound or score >= ceiling:
                    continue
                nearest = np.float32(-np.inf)
                if look_apart:
                    begin, end = positive_starts[query], positive_starts[query + 1]
                    nearest = _highest_dot(positives, begin, end, documents[at])
                _offer(
                    score,
                    nearest,
                    document,
                    ceilings[query],
                    aparts[query],
                    sizes,
                    best,
                    best_documents[query],
                )
                bound = _lowest_kept(best, sizes)
                low = _order_key(bound - slack[query], unit, dropped, scratch)
    return rescored
