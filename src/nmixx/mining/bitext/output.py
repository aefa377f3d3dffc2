"""What bitext mining writes: pairs that the corpus stage reads, and what was left out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from nmixx.corpus.shapes import content_id
from nmixx.mining.bitext.miner import BitextResult
from nmixx.records import Dropped, Pair
from nmixx.storage import write_json, write_records
from nmixx.triplets.quantities import count_kept, read_quantities


def write_result(result: BitextResult, out: Path) -> dict[str, int]:
    """Write ``pairs.parquet``, ``dropped.parquet`` and ``report.json``; count what was written.

    The pairs carry their margin (``score``), their cosine and the ids of both sentences.
    """
    pairs, dropped = [], [*result.first.dropped, *result.second.dropped]
    for pair in list_pairs(result):
        kept, total = count_kept(read_quantities(pair.anchor), read_quantities(pair.positive))
        if result.settings.same_figures and kept < total:
            detail = f"{pair.positive} ({kept} of {total} agree)"
            dropped.append(Dropped(pair.id, pair.anchor, "bitext", "figures differ", detail))
        else:
            pairs.append(pair)
    written = {
        "pairs": write_records(out / "pairs.parquet", Pair, pairs),
        "dropped": write_records(out / "dropped.parquet", Dropped, dropped),
    }
    write_json(out / "report.json", result.report() | {"written": written})
    return written


def list_pairs(result: BitextResult) -> Iterator[Pair]:
    """Yield the pairs at or above the threshold as records, the best first."""
    matches = result.kept()
    rows = zip(
        matches.first.tolist(),
        matches.second.tolist(),
        matches.scores.tolist(),
        matches.cosines.tolist(),
        strict=True,
    )
    for one, other, score, cosine in rows:
        first, second = result.first.sentences[one], result.second.sentences[other]
        identity = content_id(first.text, second.text)
        yield Pair(
            id=identity,
            anchor=first.text,
            positive=second.text,
            anchor_lang=first.document.lang,
            positive_lang=second.document.lang,
            kind="translation",
            category=first.document.category,
            group=f"bitext:{identity}",
            extra={
                "score": round(score, 6),
                "cosine": round(cosine, 6),
                "anchor_id": first.id,
                "positive_id": second.id,
            },
        )
