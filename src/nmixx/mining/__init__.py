"""Mining stage: hard negatives that are below each positive, and never known positives."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from nmixx.mining.settings import MiningSettings
from nmixx.records import Document, Pair

if TYPE_CHECKING:
    from nmixx.encoding import Encoder
    from nmixx.mining.miner import MiningResult

__all__ = ["MiningSettings", "mine_hard_negatives"]

Row = TypeVar("Row", Pair, Document)


def mine_hard_negatives(
    pairs: Sequence[Pair],
    documents: Sequence[Document],
    encoder: Encoder,
    settings: MiningSettings,
    out: Path,
    *,
    teacher: str,
    seed: int = 0,
) -> MiningResult:
    """Mine hard negatives and write them down with both scores, rank and threshold.

    Writes ``run.parquet``, ``negatives.parquet``, ``dropped.parquet`` and ``report.json`` to
    ``out``, and keeps embeddings in ``out/embeddings`` so that a killed run goes on.

    Args:
        pairs: anchors to mine for, with their positives.
        documents: more texts to find negatives among.
        encoder: the teacher.
        settings: policy, margin, number of negatives, sampling.
        out: a folder.
        teacher: the teacher's name in the files.
        seed: of the sampling of pairs and documents.
    """
    from nmixx.encoding import EmbeddingStore
    from nmixx.mining.miner import Negative, mine_pairs
    from nmixx.records import Candidate, Dropped
    from nmixx.storage import write_json, write_records

    chooser = random.Random(seed)
    queries = _sample(
        [pair for pair in pairs if _is_short(settings, pair.anchor, pair.positive)],
        settings.queries,
        chooser,
    )
    corpus = _sample(
        [document for document in documents if _is_short(settings, document.text)],
        settings.corpus_documents,
        chooser,
    )
    store = EmbeddingStore(out / "embeddings", encoder)
    result = mine_pairs(queries, corpus, store, settings, teacher=teacher)
    write_records(out / "run.parquet", Candidate, result.run)
    write_records(out / "negatives.parquet", Negative, result.negatives)
    write_records(out / "dropped.parquet", Dropped, result.dropped)
    report = {"queries": len(queries), "documents": len(corpus)} | result.counts()
    write_json(out / "report.json", report)
    return result


def _is_short(settings: MiningSettings, *texts: str) -> bool:
    """Tell whether all texts have at most ``max_words`` words."""
    return all(len(text.split()) <= settings.max_words for text in texts)


def _sample(rows: Sequence[Row], size: int | None, chooser: random.Random) -> list[Row]:
    """Draw ``size`` rows without changing their order; all of them when there are no more."""
    if size is None or size >= len(rows):
        return list(rows)
    return [rows[at] for at in sorted(chooser.sample(range(len(rows)), size))]
