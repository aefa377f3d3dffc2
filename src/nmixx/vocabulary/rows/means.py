"""Embedding rows of new tokens, as means of old ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from nmixx.encoding import FloatArray
from nmixx.words.model1 import DoubleArray, TranslationCounts

_MIN_EVIDENCE = 1.0
# Both chosen on the development splits of KorSTS and of the English-Korean STS benchmark.
_FLATTENED = 0.8
_SHARE_OF_LENGTH = 0.65


@dataclass(frozen=True)
class InitialRows:
    """New rows, shape (new tokens, dimensions), the arm that made them, and how many by what."""

    rows: FloatArray
    arm: str
    made_by: Mapping[str, int]


def average_pieces(table: FloatArray, old_pieces: Mapping[int, list[int]]) -> InitialRows:
    """Make each row the mean of the rows of the pieces the token had before.

    Args:
        table: the old embedding table, shape (old tokens, dimensions).
        old_pieces: for each new token id, in order, the ids of its old pieces.
    """
    rows = np.array([_mean(table, pieces) for pieces in old_pieces.values()], dtype=np.float32)
    rows = rows.reshape(len(old_pieces), table.shape[1])
    return InitialRows(restore_length(rows, table), "pieces", {"pieces": len(rows)})


def average_translations(
    table: FloatArray,
    old_pieces: Mapping[int, list[int]],
    parts: Mapping[int, list[int]],
    alignment: TranslationCounts,
    *,
    weights: DoubleArray,
    sources_per_row: int,
) -> InitialRows:
    """Make each row a mean of the pivot tokens it was linked to.

    A source weighs (expected count * its weight) ** 0.8. A token seldom linked leans on its parts,
    smaller pieces whose rows are made first: with expected count n in all, its row is
    (n * translations + parts) / (n + 1). One never linked is the mean of its parts, or of its old
    pieces where it has none. All end with two thirds of the mean length of the old rows.

    Args:
        table: the old embedding table, shape (old tokens, dimensions).
        old_pieces: for each new token id, in order, the ids of its old pieces.
        parts: for each new token id the ids, old or new, of the smaller pieces that make it up.
        alignment: links from parallel pairs.
        weights: of each old token as a source, higher for those that say more.
        sources_per_row: how many of the most linked tokens are averaged.
    """
    made: dict[int, FloatArray] = {}
    counts = {"aligned": 0, "pieces": 0}
    for token in _parts_first(parts, old_pieces):
        sources, linked = alignment.best_sources(token, sources_per_row)
        evidence = float(linked.sum())
        smaller = parts.get(token, [])
        if smaller:
            base = np.mean([made[p] if p in made else table[p] for p in smaller], axis=0)
        else:
            base = _mean(table, old_pieces[token])
        made[token] = base
        if evidence:
            shares = (linked * weights[sources]) ** _FLATTENED
            translated = (shares / shares.sum()) @ table[sources]
            made[token] = (evidence * translated + base) / (evidence + 1)
        counts["aligned" if evidence >= _MIN_EVIDENCE else "pieces"] += 1
    rows = np.array([made[token] for token in old_pieces], dtype=np.float32)
    rows = rows.reshape(len(old_pieces), table.shape[1])
    return InitialRows(restore_length(rows, table, _SHARE_OF_LENGTH), "aligned", counts)


def restore_length(rows: FloatArray, table: FloatArray, share: float = 1.0) -> FloatArray:
    """Scale rows to a share of the mean length of the old ones.

    Averaging shortens vectors, and the first layer expects ordinary ones.
    """
    typical = share * float(np.linalg.norm(table, axis=1).mean())
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    scaled: FloatArray = (rows * (typical / np.maximum(lengths, 1e-6))).astype(np.float32)
    return scaled


def _mean(table: FloatArray, pieces: Sequence[int]) -> FloatArray:
    """Average the rows of pieces; of nothing, the whole table."""
    mean: FloatArray = table[list(pieces)].mean(axis=0) if pieces else table.mean(axis=0)
    return mean


def _parts_first(parts: Mapping[int, list[int]], tokens: Mapping[int, list[int]]) -> list[int]:
    """Order tokens so that each comes after its parts."""
    depth: dict[int, int] = {}

    def measure(token: int) -> int:
        if token not in tokens:
            return 0
        if token not in depth:
            depth[token] = 1 + max((measure(part) for part in parts.get(token, [])), default=0)
        return depth[token]

    return sorted(tokens, key=lambda token: (measure(token), token))
