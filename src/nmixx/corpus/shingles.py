"""Shingles: texts as sets of character 5-grams, their MinHash signatures and their similarity.

Signatures only propose; whatever is decided is decided on the true Jaccard similarity.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

import numpy as np
import numpy.typing as npt

WIDTH = 5
"""Characters in a shingle; whitespace does not count, because Korean spacing varies."""

PERMUTATIONS = 128
_SEED = 0x6E6D6978
_BATCH_CHARACTERS = 4_000_000
_MISS = 1e-3  # how rarely a pair of texts exactly at the threshold may go unproposed

UintArray = npt.NDArray[np.uint64]

_BASE = np.uint64(0x9E3779B97F4A7C15)  # odd, so that it has an inverse modulo 2**64
_MIX = np.uint64(0xBF58476D1CE4E5B9)


def compact(key: str) -> str:
    """Take the spaces out of a key."""
    return key.replace(" ", "")


def shingle_set(texts: Sequence[str]) -> frozenset[tuple[int, str]]:
    """Give the shingles of one or several compact texts, each marked with its text's place."""
    return frozenset(
        (side, text[at : at + WIDTH])
        for side, text in enumerate(texts)
        for at in range(max(1, len(text) - WIDTH + 1))
    )


def jaccard(one: frozenset[tuple[int, str]], other: frozenset[tuple[int, str]]) -> float:
    """Size of the intersection over size of the union."""
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared)


def sign(rows: Sequence[Sequence[str]]) -> npt.NDArray[np.uint32]:
    """Give the MinHash signature of each row.

    Args:
        rows: the compact texts of each row; the same number of texts in all rows.

    Returns:
        An array of shape (rows, :data:`PERMUTATIONS`).
    """
    from rensa import RMinHash

    hashes, counts = hash_rows(rows)
    offsets = np.zeros(len(rows) + 1, dtype=np.uint64)
    np.cumsum(counts, out=offsets[1:], dtype=np.uint64)
    matrix = RMinHash.digest_matrix_from_flat_token_hashes(hashes, offsets, PERMUTATIONS, _SEED)
    # Reading the numbers one by one takes a third of the time that numpy needs for nested lists.
    numbers = chain.from_iterable(matrix.to_rows())
    flat = np.fromiter(numbers, dtype=np.uint32, count=len(rows) * PERMUTATIONS)
    return flat.reshape(len(rows), PERMUTATIONS)


def hash_bands(
    signatures: npt.NDArray[np.uint32], threshold: float, marks: npt.NDArray[np.uint64]
) -> UintArray:
    """Hash each signature band by band; rows that agree in one band are candidates.

    The bands are as wide as they can be while a pair at the threshold is missed at most once in a
    thousand times (Leskovec, Rajaraman and Ullman, *Mining of Massive Datasets*, section 3.4).

    Args:
        signatures: shape (rows, permutations).
        threshold: Jaccard similarity that candidates are wanted for.
        marks: shape (rows,); rows with different marks never agree.

    Returns:
        An array of shape (rows, bands).
    """
    width = next(
        width
        for width in (16, 8, 4, 2, 1)
        if width == 1 or (1 - threshold**width) ** (PERMUTATIONS // width) <= _MISS
    )
    bands = signatures.reshape(len(signatures), -1, width).astype(np.uint64)
    hashes = np.repeat(marks[:, None], bands.shape[1], axis=1)
    for column in range(width):
        hashes = _mix(hashes * _BASE + bands[:, :, column])
    # The band's number goes in, so that one dictionary can hold all bands.
    return hashes + np.arange(bands.shape[1], dtype=np.uint64) * _MIX


def hash_windows(text: str, width: int) -> UintArray:
    """Hash every window of ``width`` characters: a polynomial modulo 2**64, one per position."""
    codes = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    size = len(codes) - width + 1
    if size <= 0:
        return np.zeros(0, dtype=np.uint64)
    if width <= 8:
        hashes = codes[:size].copy()
        for at in range(1, width):
            hashes = hashes * _BASE + codes[at : at + size]
        return _mix(hashes)
    # Windows from prefix sums of code times base**position, shifted back by the base's inverse.
    powers = _powers(_BASE, len(codes))
    prefix = np.zeros(len(codes) + 1, dtype=np.uint64)
    np.cumsum(codes * powers, out=prefix[1:])
    inverse = np.uint64(pow(int(_BASE), -1, 2**64))
    return _mix((prefix[width:] - prefix[:-width]) * _powers(inverse, size))


def batch_rows(
    rows: Iterable[Sequence[str]], characters: int = _BATCH_CHARACTERS
) -> Iterator[list[Sequence[str]]]:
    """Cut rows into batches of about so many characters."""
    batch: list[Sequence[str]] = []
    size = 0
    for row in rows:
        batch.append(row)
        size += sum(map(len, row))
        if size >= characters:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def hash_rows(rows: Sequence[Sequence[str]]) -> tuple[UintArray, npt.NDArray[np.int64]]:
    """Hash all shingles of all rows: flat hashes, and how many each row has."""
    # Blanks fill a text that is shorter than a shingle; a compact text itself has none.
    flat = [text.ljust(WIDTH) for row in rows for text in row]
    sides = len(rows[0]) if rows else 1
    lengths = np.array([len(text) for text in flat], dtype=np.int64)
    windows = hash_windows("".join(flat), WIDTH)
    # Windows that reach into the next text go; there are WIDTH - 1 at the end of each text.
    starts = np.zeros(int(lengths.sum()), dtype=bool)
    ends = np.cumsum(lengths)
    for back in range(1, WIDTH):
        starts[ends - back] = True
    hashes = windows[~starts[: len(windows)]]
    counts = lengths - WIDTH + 1
    side = np.repeat(np.tile(np.arange(sides, dtype=np.uint64), len(rows)), counts)
    return _mix(hashes ^ (side * _MIX)), counts.reshape(-1, sides).sum(axis=1)


def _mix(hashes: UintArray) -> UintArray:
    """Spread every bit over the whole word (the middle of splitmix64)."""
    hashes = (hashes ^ (hashes >> np.uint64(30))) * _MIX
    return hashes ^ (hashes >> np.uint64(27))


def _powers(base: np.uint64, count: int) -> UintArray:
    """Give base**0, base**1, … modulo 2**64."""
    powers = np.full(count, base, dtype=np.uint64)
    powers[:1] = 1
    return np.cumprod(powers, dtype=np.uint64)
