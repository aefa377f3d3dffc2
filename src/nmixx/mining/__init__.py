"""Mining stage: hard negatives that are below each positive, and never known positives."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from nmixx.mining.settings import MiningSettings
from nmixx.records import Document, Pair

if TYPE_CHECKING:
    from nmixx.mining.miner import MiningResult
    from nmixx.mining.pool import Pool
    from nmixx.mining.teachers import Teacher

__all__ = ["MiningSettings", "mine_hard_negatives"]

Row = TypeVar("Row", Pair, Document)


def mine_hard_negatives(
    pairs: Sequence[Pair],
    documents: Sequence[Document],
    teacher: Teacher,
    settings: MiningSettings,
    out: Path,
    *,
    consensus: Teacher | None = None,
    seed: int = 0,
) -> MiningResult:
    """Mine hard negatives and write them down with both scores, rank and threshold.

    Writes ``run.parquet``, ``queries.parquet``, ``documents.parquet``, ``negatives.parquet``,
    ``dropped.parquet`` and ``report.json`` to ``out``.

    Args:
        pairs: anchors to mine for, with their positives; an anchor may come with several.
        documents: more texts to find negatives among.
        teacher: scores candidates; see :mod:`nmixx.mining.teachers`.
        settings: policy, margin, number of negatives, constraints, sampling, shortfall.
        out: a folder.
        consensus: a second teacher that must find each negative low enough too.
        seed: of the sampling of pairs, documents and negatives.

    Raises:
        InputError: the policy's margin means nothing on the teacher's scores, or there is nothing
            to mine for.
    """
    from nmixx.mining.pool import build_pool

    queries, corpus = draw_rows(pairs, documents, settings, seed=seed)
    pool = build_pool(queries, corpus, each_positive=settings.positives == "each")
    return mine_into(pool, teacher, settings, out, consensus=consensus, seed=seed)


def mine_into(
    pool: Pool,
    teacher: Teacher,
    settings: MiningSettings,
    out: Path,
    *,
    consensus: Teacher | None = None,
    seed: int = 0,
) -> MiningResult:
    """Mine for a pool that is laid out already; see :func:`mine_hard_negatives`."""
    from nmixx.mining.miner import mine_pool, refuse_empty, rules_of
    from nmixx.mining.teachers import require_bounded
    from nmixx.mining.writing import Opened, write_result

    refuse_empty(pool)
    for one in (teacher, consensus):
        if one is not None:
            require_bounded(settings.choice.row, one)
    given = (pool.queries, pool.documents, rules_of(pool, settings))
    first = Opened(teacher, teacher.open(*given))
    second = None if consensus is None else Opened(consensus, consensus.open(*given))
    result = mine_pool(
        pool,
        first.scorer,
        settings,
        teacher=teacher.name,
        consensus=None if second is None else second.scorer,
        seed=seed,
    )
    write_result(result, settings, out, first=first, second=second)
    return result


def draw_rows(
    pairs: Sequence[Pair], documents: Sequence[Document], settings: MiningSettings, *, seed: int
) -> tuple[list[Pair], list[Document]]:
    """Leave out texts that are too long, and draw as many pairs and documents as settings say."""
    chooser = random.Random(seed)
    short = [pair for pair in pairs if _is_short(settings, pair.anchor, pair.positive)]
    queries = _sample(short, settings.queries, chooser)
    brief = [document for document in documents if _is_short(settings, document.text)]
    return queries, _sample(brief, settings.corpus_documents, chooser)


def _is_short(settings: MiningSettings, *texts: str) -> bool:
    """Tell whether all texts have at most ``max_words`` words."""
    longest = settings.max_words
    return longest is None or all(len(text.split()) <= longest for text in texts)


def _sample(rows: Sequence[Row], size: int | None, chooser: random.Random) -> list[Row]:
    """Draw ``size`` rows without changing their order; all of them when there are no more."""
    if size is None or size >= len(rows):
        return list(rows)
    return [rows[at] for at in sorted(chooser.sample(range(len(rows)), size))]
