"""Bitext mining: translation pairs from texts in two languages that are merely about the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from nmixx.mining.bitext.settings import BitextSettings
from nmixx.records import Document

if TYPE_CHECKING:
    from nmixx.encoding import Encoder
    from nmixx.mining.bitext.miner import BitextResult

__all__ = ["BitextSettings", "mine_bitext"]


def mine_bitext(
    one: Sequence[Document],
    other: Sequence[Document],
    encoder: Encoder,
    settings: BitextSettings,
    out: Path,
) -> BitextResult:
    """Mine translation pairs by margin (Artetxe and Schwenk 2019, arXiv 1811.01136).

    Writes ``pairs.parquet``, ``dropped.parquet`` and ``report.json`` to ``out``; embeddings are
    kept in ``out/embeddings``, so that another margin or threshold encodes nothing again.

    Args:
        one: documents in one language; they give the anchors.
        other: documents in another language; they give the positives.
        encoder: puts sentences of both languages into one space.
        settings: splitting, neighbours, margin, retrieval, threshold.
        out: a folder.

    Raises:
        DataError: a side has no sentence that can be used.
    """
    from nmixx.encoding import EmbeddingStore
    from nmixx.mining.bitext.miner import BitextResult, pair_sentences
    from nmixx.mining.bitext.output import write_result
    from nmixx.mining.bitext.sentences import gather_sentences

    sides = tuple(
        gather_sentences(side, settings, name) for side, name in ((one, "first"), (other, "second"))
    )
    store = EmbeddingStore(out / "embeddings", encoder)
    vectors = [
        store.encode([sentence.text for sentence in side.sentences], label=f"encoding {name}")
        for side, name in zip(sides, ("first", "second"), strict=True)
    ]
    matches = pair_sentences(vectors[0], vectors[1], settings)
    result = BitextResult(sides[0], sides[1], matches, settings)
    return replace(result, written=write_result(result, out))
