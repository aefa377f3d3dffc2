"""Triplets stage: anchors, positives that mean the same, negatives shifted in meaning."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nmixx.records import Document, Pair
from nmixx.triplets.settings import TripletSettings

if TYPE_CHECKING:
    from nmixx.triplets.builder import TripletResult
    from nmixx.triplets.confidence import Judge

__all__ = ["TripletSettings", "make_triplets"]


def make_triplets(
    pairs: Sequence[Pair],
    settings: TripletSettings,
    out: Path,
    *,
    documents: Sequence[Document] = (),
    judge: Judge | None = None,
    seed: int = 0,
    workers: int = 1,
) -> TripletResult:
    """Make triplets and write ``triplets.parquet`` and ``dropped.parquet`` to ``out``.

    Args:
        pairs: translations give triplets across languages.
        settings: how many, of which mixture of categories, directions and shifts.
        out: a folder.
        documents: their sentences give triplets within one language.
        judge: scores each triplet that passed the checks, from 0 to 1; say a language model.
        seed: the same seed, pairs and documents give the same bytes.
        workers: processes to share the work among; their number changes nothing. More than one in
            a script asks for ``if __name__ == "__main__":`` around its work.
    """
    from nmixx.records import Dropped, Triplet
    from nmixx.storage import write_records
    from nmixx.triplets.builder import TripletResult, build_triplets
    from nmixx.triplets.confidence import judge_made

    made = build_triplets(pairs, settings, documents=documents, seed=seed, workers=workers)
    result = TripletResult(*judge_made(made.triplets, made.dropped, settings, judge))
    write_records(out / "triplets.parquet", Triplet, result.triplets)
    write_records(out / "dropped.parquet", Dropped, result.dropped)
    return result
