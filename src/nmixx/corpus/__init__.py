"""Corpus stage: read texts of any known shape, drop what is unfit with a reason, and group."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nmixx.corpus.settings import CorpusSettings, DocumentSource, PairSource

if TYPE_CHECKING:
    from nmixx.corpus.contamination import EvaluationText
    from nmixx.corpus.items import Drop, Item
    from nmixx.corpus.result import CorpusResult
    from nmixx.records import Document, Pair

__all__ = ["CorpusSettings", "DocumentSource", "PairSource", "build_corpus", "estimate"]


def build_corpus(settings: CorpusSettings, out: Path, *, seed: int = 0) -> CorpusResult:
    """Read, clean, filter, deduplicate, decontaminate and group.

    Writes ``documents.parquet``, ``pairs.parquet`` and ``dropped.parquet``. The same files,
    settings and seed give the same bytes.

    Args:
        settings: sources and thresholds.
        out: a new or existing folder.
        seed: of the random samples that ``limit`` asks for.

    Returns:
        The rows that stayed, the rows that went, and their counts.

    Raises:
        DataError: a file or a row cannot be used, or no row stays.
        RecipeError: there is no source, or two have the same name.
    """
    from nmixx.corpus.checks import check_items
    from nmixx.corpus.contamination import read_evaluation_texts
    from nmixx.corpus.items import batch_items
    from nmixx.corpus.result import CorpusResult
    from nmixx.corpus.sources import locate_all, name_sources, read_items
    from nmixx.errors import DataError
    from nmixx.progress import track
    from nmixx.records import Document, Dropped, Pair
    from nmixx.storage import write_records

    sources = name_sources(settings)
    locate_all(list(sources.values()), settings.evaluation)
    evaluation = read_evaluation_texts(settings.evaluation)
    read = [
        item
        for name, source in track(sources.items(), "reading")
        for item in read_items(name, source, seed=seed)
    ]
    fit: list[Item] = []
    dropped: list[Drop] = []
    for batch in track(list(batch_items(read)), "checking", size=len(read)):
        kept, failed = check_items(batch, settings)
        fit += kept
        dropped += failed
    kept, compared = _compare(fit, evaluation, settings)
    dropped += compared
    pairs, documents = _finish(kept)
    places = {item.id: place for place, item in enumerate(read)}
    dropped.sort(key=lambda drop: places[drop.item.id])
    result = CorpusResult(pairs, documents, [drop.to_record() for drop in dropped], tuple(sources))
    if not kept:
        counts = ", ".join(f"{reason} {count}" for reason, count in result.by_reason.items())
        raise DataError(
            f"corpus: none of {len(read)} rows stayed ({counts}).\n"
            "Check the columns, the languages and the limits of the corpus settings."
        )
    write_records(out / "documents.parquet", Document, documents)
    write_records(out / "pairs.parquet", Pair, pairs)
    write_records(out / "dropped.parquet", Dropped, result.dropped)
    return result


def estimate(settings: CorpusSettings) -> dict[str, int]:
    """Count the rows of each source, cheaply and before any filter, for a dry run.

    Raises:
        DataError: a file is missing or broken.
        RecipeError: there is no source, or two have the same name.
    """
    from nmixx.corpus.readers import count_rows
    from nmixx.corpus.sources import name_sources

    return {
        name: min(count_rows(source.path), source.limit or 2**63)
        for name, source in name_sources(settings).items()
    }


def _compare(
    items: Sequence[Item], evaluation: Sequence[EvaluationText], settings: CorpusSettings
) -> tuple[list[Item], list[Drop]]:
    """Drop items for what other texts say, the cheapest comparison first."""
    from nmixx.corpus.contamination import drop_overlapping
    from nmixx.corpus.duplicates import drop_exact, drop_near

    unlike, repeated = drop_exact(items)
    clean, leaked = drop_overlapping(unlike, evaluation, settings.contamination)
    kept, similar = drop_near(clean, settings.near_duplicate)
    return kept, [*repeated, *leaked, *similar]


def _finish(items: Sequence[Item]) -> tuple[list[Pair], list[Document]]:
    """Group all items and give their records, the extra columns settled."""
    from nmixx.corpus.extras import settle_records
    from nmixx.corpus.groups import join_groups
    from nmixx.records import Document, Pair

    # A group that the rows state counts like a shared text; a tuple cannot equal a key.
    keys = [
        (*item.keys, ("stated", item.record.group)) if item.record.group else item.keys
        for item in items
    ]
    ids = [item.id for item in items]
    groups = dict(zip(ids, join_groups(ids, keys), strict=True))
    pairs = [item.record for item in items if isinstance(item.record, Pair)]
    documents = [item.record for item in items if isinstance(item.record, Document)]
    return settle_records(pairs, groups), settle_records(documents, groups)
