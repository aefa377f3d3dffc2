"""Initial embedding rows of new tokens, from what parallel pairs say they mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from nmixx.encoding import FloatArray
from nmixx.vocabulary.alignment import TranslationCounts

_MIN_EVIDENCE = 1.0


@dataclass(frozen=True)
class InitialRows:
    """New rows, shape (new tokens, dimensions), and how many came from each source."""

    rows: FloatArray
    aligned: int
    pieces: int


def initialise_rows(
    table: FloatArray,
    old_pieces: Mapping[int, list[int]],
    alignment: TranslationCounts | None,
    *,
    sources_per_row: int,
) -> InitialRows:
    """Make the rows of new tokens.

    A token that was linked to pivot tokens becomes their average, weighted by expected count;
    another becomes the mean of its old pieces. Each is scaled to the mean length of the old rows,
    since averaging shortens vectors and the first layer expects ordinary ones.

    Args:
        table: the old embedding table, shape (old tokens, dimensions).
        old_pieces: for each new token id, in order, the ids of the pieces it had before.
        alignment: links from parallel pairs, or None when there are none.
        sources_per_row: how many of the most linked tokens are averaged.
    """
    typical = float(np.linalg.norm(table, axis=1).mean())
    rows = np.empty((len(old_pieces), table.shape[1]), dtype=np.float32)
    aligned = 0
    for row, (token, pieces) in zip(rows, old_pieces.items(), strict=True):
        made = None
        if alignment is not None:
            sources, counts = alignment.best_sources(token, sources_per_row)
            if counts.sum() >= _MIN_EVIDENCE:
                made = (counts / counts.sum()) @ table[sources]
                aligned += 1
        if made is None:
            made = table[pieces].mean(axis=0) if pieces else table.mean(axis=0)
        row[:] = made * (typical / max(float(np.linalg.norm(made)), 1e-6))
    return InitialRows(rows, aligned, len(rows) - aligned)
