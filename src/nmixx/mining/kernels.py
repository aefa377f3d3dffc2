"""Compiled kernels of the search: skim approximate scores, and settle the few that may matter.

Approximate scores are read as integers whose order is that of the numbers, so one kernel serves
float32 (viewed as int32), bfloat16 (viewed as int16) and products of whole numbers. A score is
skimmed over unless it lies between the query's bounds, widened by the largest error it can have;
what remains is scored again exactly, so the answer does not depend on the product's precision.
"""

# mypy: disable-error-code="no-any-return,return-value,assignment"
from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

import numba
import numpy as np

from nmixx.mining.rules import MISSING

Array: TypeAlias = Any
"""An array of whatever type and shape the kernel is compiled for."""


class State(NamedTuple):
    """The best documents found so far, and what decides on more; of all queries and documents."""

    ceilings: Array
    """Shape (queries, tiers)."""
    aparts: Array
    """Ceilings of the similarity to the positives, shape (queries, tiers)."""
    positives: Array
    """Vectors of all positives, float32, shape (positives, dimensions)."""
    positive_starts: Array
    """Where each query's positives begin, shape (queries + 1,)."""
    query_codes: Array
    """Shape (queries, rules)."""
    document_codes: Array
    """Shape (documents, rules)."""
    relations: Array
    """0 same, 1 other, 2 within, shape (rules,)."""
    widths: Array
    """Of the relation within, shape (rules,)."""
    banned: Array
    """Rows of documents that single queries must not find, shape (any,)."""
    banned_starts: Array
    """Where each query's begin, shape (queries + 1,)."""
    sizes: Array
    """Documents wanted of each tier, shape (tiers,)."""
    best_scores: Array
    """Changed in place, shape (queries, tiers, largest size)."""
    best_documents: Array
    """Changed in place, of the same shape."""


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


@numba.njit(nogil=True, cache=True, fastmath=_any_order)
def _highest(vector: Array) -> np.float32:
    """Give the largest magnitude of a vector's components."""
    highest = np.float32(0)
    for at in range(vector.shape[0]):
        highest = max(highest, abs(vector[at]))
    return highest


@numba.njit(nogil=True, cache=True, fastmath=_any_order)
def _round_row(vector: Array, scale: np.float32, numbers: Array) -> tuple[float, float]:
    """Round a vector to whole numbers; give the length of the result and of what it is off."""
    inverse, squares, errors = np.float32(1) / scale, 0.0, 0.0
    for at in range(vector.shape[0]):
        number = np.rint(vector[at] * inverse)
        numbers[at] = np.int8(number)
        rounded = np.float64(number) * np.float64(scale)
        off = np.float64(vector[at]) - rounded
        squares += rounded * rounded
        errors += off * off
    return np.sqrt(squares), np.sqrt(errors)


@numba.njit(nogil=True, cache=True)
def round_rows(
    vectors: Array, one_scale: bool, largest: np.float32, smallest: np.float32
) -> tuple[Array, Array, Array, Array]:
    """Round vectors to whole numbers.

    Args:
        vectors: float32, finite, shape (vectors, dimensions).
        one_scale: use one scale for all of them.
        largest: what the largest magnitude becomes.
        smallest: of a scale.

    Returns:
        The numbers, int8 of the vectors' shape; the scales, one or one a vector; the lengths of
        the rounded vectors and of their differences from the exact ones, shape (vectors,).
    """
    numbers = np.empty(vectors.shape, dtype=np.int8)
    scales = np.empty(vectors.shape[0], dtype=np.float32)
    lengths, errors = np.empty_like(scales), np.empty_like(scales)
    for row in range(vectors.shape[0]):
        scales[row] = max(_highest(vectors[row]) / largest, smallest)
    if one_scale:
        scales = np.full(1, scales.max(), dtype=np.float32)
    for row in range(vectors.shape[0]):
        scale = scales[0] if one_scale else scales[row]
        lengths[row], errors[row] = _round_row(vectors[row], scale, numbers[row])
    return numbers, scales, lengths, errors


@numba.njit(nogil=True, cache=True)
def order_key(value: np.float32, unit: np.float32, dropped: int, scratch: Array) -> int:
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
def _is_allowed(state: State, query: int, document: int) -> bool:
    """Tell whether all rules hold; see :meth:`nmixx.mining.rules.Rules.allowed`."""
    for rule in range(state.relations.shape[0]):
        code, other = state.query_codes[query, rule], state.document_codes[document, rule]
        if code == MISSING or other == MISSING:
            continue
        if state.relations[rule] == 0:
            holds = code == other
        elif state.relations[rule] == 1:
            holds = code != other
        else:
            holds = abs(code - other) <= state.widths[rule]
        if not holds:
            return False
    for at in range(state.banned_starts[query], state.banned_starts[query + 1]):
        if state.banned[at] == document:
            return False
    return True


@numba.njit(nogil=True, cache=True)
def _insert(scores: Array, documents: Array, size: int, score: np.float32, document: int) -> None:
    """Put a score into its place among the best; of equal ones the earlier document is first."""
    at = size - 1
    while at > 0 and scores[at - 1] < score:
        scores[at], documents[at] = scores[at - 1], documents[at - 1]
        at -= 1
    scores[at], documents[at] = score, document


@numba.njit(nogil=True, cache=True)
def _nearest_positive(state: State, query: int, document: Array) -> np.float32:
    """Give the highest product of a document with the query's positives, if any tier asks."""
    highest = np.float32(-np.inf)
    if state.aparts[query].min() < np.inf:
        for at in range(state.positive_starts[query], state.positive_starts[query + 1]):
            highest = max(highest, dot(state.positives[at], document))
    return highest


@numba.njit(nogil=True, cache=True)
def lowest_kept(state: State, query: int) -> np.float32:
    """Give the score that a document must beat to enter any tier of a query."""
    bound = np.float32(np.inf)
    for tier in range(state.sizes.shape[0]):
        bound = min(bound, state.best_scores[query, tier, state.sizes[tier] - 1])
    return bound


@numba.njit(nogil=True, cache=True)
def settle(
    state: State, query: int, query_vector: Array, document: int, document_vector: Array
) -> bool:
    """Score a candidate exactly, and put it into each tier of its query that it fits into.

    Returns:
        Whether it was put into any.
    """
    if not _is_allowed(state, query, document):
        return False
    score = dot(query_vector, document_vector)
    if score <= lowest_kept(state, query) or score >= state.ceilings[query].max():
        return False
    nearest = _nearest_positive(state, query, document_vector)
    entered = False
    for tier in range(state.sizes.shape[0]):
        size = state.sizes[tier]
        if (
            score < state.ceilings[query, tier]
            and nearest < state.aparts[query, tier]
            and score > state.best_scores[query, tier, size - 1]
        ):
            scores, documents = state.best_scores[query, tier], state.best_documents[query, tier]
            _insert(scores, documents, size, score, document)
            entered = True
    return entered


@numba.njit(nogil=True, cache=True)
def merge_block(
    state: State,
    approximate: Array,
    dropped: int,
    units: Array,
    slack: Array,
    queries: Array,
    first_query: int,
    documents: Array,
    first_document: int,
) -> None:
    """Merge one block of documents into the best of some queries.

    Args:
        state: of all queries and documents.
        approximate: products as integers, shape (queries, documents of the block).
        dropped: 16 where they view bfloat16, 0 where they view float32, -1 for whole numbers.
        units: what one whole number is worth, shape (queries,).
        slack: the most that a product may be off, shape (queries,).
        queries: float32, shape (queries, dimensions).
        first_query: row of the first of them.
        documents: float32, shape (documents of the block, dimensions).
        first_document: row of the first of them.
    """
    sign = 15 if dropped == 16 else 31
    # Floats of a sign bit and a magnitude are put into the order of whole numbers.
    mask = 0 if dropped < 0 else (1 << sign) - 1
    scratch = np.empty(1, dtype=np.float32)
    for at in range(approximate.shape[0]):
        row, query, unit = approximate[at], first_query + at, units[at]
        low = order_key(lowest_kept(state, query) - slack[at], unit, dropped, scratch)
        ceiling = state.ceilings[query].max()
        high = order_key(ceiling + slack[at], unit, dropped, scratch) + 1
        for start in range(0, row.shape[0], _CHUNK):
            stop = min(start + _CHUNK, row.shape[0])
            if not _count_between(row, start, stop, low, high, sign, mask):
                continue
            for place in range(start, stop):
                value = np.int64(row[place])
                key = value ^ ((value >> sign) & mask)
                if low <= key <= high and settle(
                    state, query, queries[at], first_document + place, documents[place]
                ):
                    bound = lowest_kept(state, query)
                    low = order_key(bound - slack[at], unit, dropped, scratch)
