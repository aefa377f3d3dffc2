"""Triplets stage: anchors, positives that mean the same, negatives shifted in meaning."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nmixx.records import Pair
from nmixx.triplets.settings import TripletSettings

if TYPE_CHECKING:
    from nmixx.triplets.builder import TripletResult

__all__ = ["TripletSettings", "make_triplets"]


def make_triplets(
    pairs: Sequence[Pair], settings: TripletSettings, out: Path, *, seed: int = 0
) -> TripletResult:
    """Make triplets from pairs and write ``triplets.parquet`` and ``dropped.parquet`` to ``out``.

    Args:
        pairs: translation pairs give the best triplets.
        settings: how many, which directions, which categories.
        out: a folder.
        seed: the same seed and pairs give the same bytes.
    """
    from nmixx.records import Dropped, Triplet
    from nmixx.storage import write_records
    from nmixx.triplets.builder import build_triplets

    result = build_triplets(pairs, settings, seed=seed)
    write_records(out / "triplets.parquet", Triplet, result.triplets)
    write_records(out / "dropped.parquet", Dropped, result.dropped)
    return result
