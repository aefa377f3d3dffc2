"""Products of whole numbers that are taken tile by tile in registers, and never written down.

A tile is a few queries by 64 documents: its sums are held against the queries' bounds and are
forgotten. Many tiles are given up on the way: what the remaining dimensions can still add is
bounded by the lengths of the remaining parts (Cauchy and Schwarz), and where even that is too
little for every pair of a tile, nothing of it can be found.
"""

# mypy: disable-error-code="no-any-return,return-value,assignment"
from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np

from nmixx.mining.kernels import Array, State, lowest_kept, order_key, settle
from nmixx.mining.products import Rounded
from nmixx.mining.registers import GROUP, TILE_DOCUMENTS, TILE_QUERIES, sum_tile
from nmixx.mining.rules import IntArray

CHECKPOINTS = (0.5625, 0.6875)
"""Shares of the dimensions after which a tile may be given up."""
MOST_QUERIES = 1020
"""So many lie in a cache of the second level, while tile after tile of documents is read."""

_SHIFT = 128
"""The instruction takes one side without signs, so documents are shifted by so much."""
_LOWEST, _HIGHEST = -(2**31), 2**31 - 1


class PackedQueries(NamedTuple):
    """Vectors of queries, their whole numbers, and what follows each checkpoint."""

    exact: Array
    """Float32, shape (queries, dimensions)."""
    numbers: Array
    """Int8, both sides filled up with zeros to whole tiles."""
    shifts: Array
    """What the documents' shift adds to a sum up to a checkpoint, shape (checkpoints, rows)."""
    rests: Array
    """Lengths of what follows each checkpoint, shape (checkpoints, rows)."""


class PackedDocuments(NamedTuple):
    """Vectors of documents, and their whole numbers in the order in which a tile reads them."""

    exact: Array
    """Float32, shape (documents, dimensions)."""
    numbers: Array
    """Shifted to have no sign, shape (tiles, dimensions / 4, 64 documents, 4)."""
    ends: Array
    """Groups of dimensions up to each checkpoint, all of them at last, shape (checkpoints,)."""
    rests: Array
    """The longest of what follows each checkpoint, shape (tiles, checkpoints)."""


def pack_queries(queries: Rounded) -> PackedQueries:
    """Pack queries that were brought to whole numbers."""
    numbers = _fill(queries.tensor.numpy(), TILE_QUERIES)
    sums, lengths = _sum_parts(numbers, _ends(numbers))
    shifts = np.ascontiguousarray(_SHIFT * sums.T, dtype=np.float64)
    return PackedQueries(queries.exact, numbers, shifts, np.ascontiguousarray(lengths.T))


def pack_documents(documents: Rounded) -> PackedDocuments:
    """Pack documents that were brought to whole numbers."""
    import torch

    numbers = _fill(documents.tensor.numpy(), TILE_DOCUMENTS)
    tiles, groups = len(numbers) // TILE_DOCUMENTS, numbers.shape[1] // GROUP
    ends = _ends(numbers)
    _, lengths = _sum_parts(numbers, ends)
    # torch's memory begins at a multiple of 64 bytes: no register is read from two lines.
    packed = torch.empty((tiles, groups, TILE_DOCUMENTS, GROUP), dtype=torch.uint8).numpy()
    words = numbers.view(np.uint32).reshape(tiles, TILE_DOCUMENTS, groups).transpose(0, 2, 1)
    np.bitwise_xor(words, np.uint32(0x80808080), out=packed.view(np.uint32)[..., 0])
    rests = lengths.reshape(tiles, TILE_DOCUMENTS, len(ends)).max(axis=1)
    return PackedDocuments(documents.exact, packed, ends, rests)


def _fill(numbers: Array, rows: int) -> Array:
    """Add zeros up to whole tiles and whole groups of dimensions."""
    below, beside = -len(numbers) % rows, -numbers.shape[1] % GROUP
    return np.ascontiguousarray(np.pad(numbers, ((0, below), (0, beside))))


def _ends(numbers: Array) -> IntArray:
    """Give the groups of dimensions up to each checkpoint, and all of them."""
    whole = numbers.shape[1] // GROUP
    inner = {int(share * whole) for share in CHECKPOINTS} - {0, whole}
    return np.array([*sorted(inner), whole], dtype=np.int64)


@numba.njit(nogil=True, cache=True)
def _sum_parts(numbers: Array, ends: Array) -> tuple[Array, Array]:
    """Sum each row up to each end, and give the length of what follows that end."""
    sums = np.zeros((numbers.shape[0], ends.shape[0]), dtype=np.int64)
    lengths = np.zeros(sums.shape, dtype=np.float64)
    for row in range(numbers.shape[0]):
        total, begin = np.int64(0), np.int64(0)
        for part in range(ends.shape[0]):
            for at in range(begin * GROUP, ends[part] * GROUP):
                total += np.int64(numbers[row, at])
            sums[row, part] = total
            begin = ends[part]
        squares = np.int64(0)
        for part in range(ends.shape[0] - 1, 0, -1):
            for at in range(ends[part - 1] * GROUP, ends[part] * GROUP):
                squares += np.int64(numbers[row, at]) ** 2
            lengths[row, part - 1] = np.sqrt(squares)
    return sums, lengths


@numba.njit(nogil=True, cache=True)
def _bound(state: State, query: int, unit: np.float32, slack: np.float32) -> tuple[int, int]:
    """Give the lowest and the highest whole number that may be a negative of a query."""
    scratch = np.empty(1, dtype=np.float32)
    high = order_key(state.ceilings[query].max() + slack, unit, -1, scratch) + 1
    low = order_key(lowest_kept(state, query) - slack, unit, -1, scratch)
    if high < _LOWEST:  # nothing is asked for the query
        low = np.int64(_HIGHEST)
    return low, high


@numba.njit(nogil=True, cache=True)
def _set_floors(floors: Array, lows: Array, queries: PackedQueries, longest: Array) -> None:
    """Say which sum a tile must reach after each part to be able to reach the lowest number."""
    for part in range(floors.shape[0]):
        for row in range(floors.shape[1]):
            # The lengths are rounded; a millionth and one more cover that.
            rest = 1.000001 * queries.rests[part, row] * longest[part] + 1
            floor = lows[row] - rest + queries.shifts[part, row]
            floors[part, row] = np.int32(min(max(floor, _LOWEST), _HIGHEST))


@numba.njit(nogil=True, cache=True)
def merge_tiles(
    state: State,
    queries: PackedQueries,
    first_query: int,
    documents: PackedDocuments,
    first_document: int,
    units: Array,
    slack: Array,
) -> int:
    """Merge one block of documents into the best of some queries.

    Args:
        state: of all queries and documents; changed in place.
        queries: some of them.
        first_query: row of the first of them.
        documents: a block of them.
        first_document: row of the first of them.
        units: what one whole number is worth, shape (queries,).
        slack: the most that a product may be off, shape (queries,).

    Returns:
        How many tiles were summed up to the end.
    """
    count = queries.exact.shape[0]
    lows = np.full(queries.numbers.shape[0], np.float64(_HIGHEST))
    highs = np.full(queries.numbers.shape[0], _LOWEST, dtype=np.int64)
    for at in range(count):
        lows[at], highs[at] = _bound(state, first_query + at, units[at], slack[at])
    sums = np.empty((TILE_QUERIES, TILE_DOCUMENTS), dtype=np.int32)
    floors = np.empty((len(documents.ends), len(lows)), dtype=np.int32)
    complete = 0
    for tile in range(documents.numbers.shape[0]):
        start = tile * TILE_DOCUMENTS
        real = min(TILE_DOCUMENTS, documents.exact.shape[0] - start)
        _set_floors(floors, lows, queries, documents.rests[tile])
        for first in range(0, count, TILE_QUERIES):
            if not sum_tile(
                sums, floors, queries.numbers, documents.numbers, documents.ends, first, tile
            ):
                continue
            complete += 1
            for row in range(min(TILE_QUERIES, count - first)):
                at = first + row
                shift = np.int64(queries.shifts[-1, at])
                low, high = lows[at] + shift, highs[at] + shift
                if not _count_between(sums[row], real, low, high):
                    continue
                for place in range(real):
                    if low <= sums[row, place] <= high and settle(
                        state,
                        first_query + at,
                        queries.exact[at],
                        first_document + start + place,
                        documents.exact[start + place],
                    ):
                        lows[at], _ = _bound(state, first_query + at, units[at], slack[at])
                        low = lows[at] + shift
    return complete


@numba.njit(nogil=True, cache=True)
def _count_between(numbers: Array, stop: int, low: int, high: int) -> int:
    """Count the numbers between two bounds, both included."""
    count = 0
    for at in range(stop):
        count += (numbers[at] >= low) & (numbers[at] <= high)
    return count
