"""Freezing: one score a pair, splits, a card and checksums, in a folder that is then left alone."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

from nmixx.benchmark.agreement import (
    AgreementReport,
    find_disputes,
    lay_out,
    leave_out,
    measure_agreement,
)
from nmixx.benchmark.card import write_card
from nmixx.benchmark.checking import CheckReport, check_pairs
from nmixx.benchmark.folders import new_folder
from nmixx.benchmark.items import Item, Judgement
from nmixx.benchmark.scale import Scale
from nmixx.benchmark.scored import ties_of
from nmixx.benchmark.settings import AgreementSettings, FreezeSettings
from nmixx.benchmark.splits import split_groups
from nmixx.benchmark.verification import SUMS_NAME, sum_files
from nmixx.corpus.groups import join_groups
from nmixx.errors import DataError
from nmixx.evaluation.bootstrap import Array
from nmixx.records import ScoredPair
from nmixx.storage import write_json, write_records, write_text

FROZEN_NAME = "benchmark.json"
ANNOTATIONS_NAME = "annotations.jsonl"

JOINS: dict[str, Callable[[Array], float]] = {
    "mean": lambda scores: float(scores.mean()),
    "median": lambda scores: float(np.median(scores)),
}
"""Ways to make one score of several."""


@dataclass(frozen=True)
class Frozen:
    """A benchmark that is ready: pairs by split, agreement, defects, and what was left out."""

    splits: dict[str, list[ScoredPair]]
    agreement: AgreementReport | None
    check: CheckReport
    left_out: dict[str, int]

    def counts(self) -> dict[str, int]:
        """Count pairs by split, how their score came about, and what was left out."""
        pairs = [pair for split in self.splits.values() for pair in split]
        settled = Counter(f"scored by {pair.extra['settled']}" for pair in pairs)
        splits = {name: len(some) for name, some in self.splits.items()}
        return splits | dict(sorted(settled.items())) | self.left_out


def freeze_items(
    items: Sequence[Item],
    judgements: Sequence[Judgement],
    adjudicated: Sequence[Judgement],
    scale: Scale,
    settings: FreezeSettings,
    *,
    seed: int = 0,
) -> Frozen:
    """Settle one score a pair and share the pairs out over splits.

    An adjudicated score stands; else the mean or median of the annotators' scores does. Pairs that
    share a source, a group or a sentence, also through others, go to one split.

    Args:
        items: the pairs.
        judgements: the annotators' scores.
        adjudicated: settled scores, at most one a pair.
        scale: on which all were given.
        settings: how scores are joined, who is left out, which splits.
        seed: of the splits and of the order of rows.

    Raises:
        DataError: no pair has a score.
        InputError: an annotator to be left out is unknown, or the splits cannot be.
    """
    kept = leave_out(judgements, settings.without)
    pairs, left_out = _settle(items, kept, adjudicated, scale, settings)
    if not pairs:
        raise DataError("no pair has a score, so there is nothing to freeze.")
    splits = _split(pairs, settings, seed)
    flat = [pair for some in splits.values() for pair in some]
    named = [name for name, some in splits.items() for _ in some]
    several = len({one.annotator for one in kept}) > 1
    agreement = (
        measure_agreement(items, kept, scale, AgreementSettings(), seed=seed) if several else None
    )
    return Frozen(splits, agreement, check_pairs(flat, named), left_out)


def require_same_pairs(
    items: Sequence[Item], adjudicated: Sequence[Judgement], folder: Path
) -> None:
    """Refuse an adjudication of other pairs.

    Raises:
        DataError: it settles a pair that is none of these.
    """
    known = {item.id for item in items}
    for one in adjudicated:
        if one.id not in known:
            raise DataError(
                f"{folder}: settles pair {one.id}, which is none of these {len(known)} pairs.\n"
                "The adjudication of the same draft was expected."
            )


def write_frozen(
    frozen: Frozen,
    judgements: Sequence[Judgement],
    scale: Scale,
    settings: FreezeSettings,
    out: Path,
    *,
    seed: int,
) -> None:
    """Write splits, annotations, card, facts and checksums to a new folder, whole or not at all.

    Annotators are numbered in the file of annotations; their names stay with you.

    Raises:
        OutputError: the folder holds something already.
    """
    facts: dict[str, Any] = {
        "kind": "frozen",
        "nmixx": metadata.version("nmixx"),
        "name": settings.name,
        "scale": scale.model_dump(),
        "format": settings.format,
        "splits": {name: len(pairs) for name, pairs in frozen.splits.items()},
        "settings": settings.model_dump(mode="json", exclude={"without"}),
        "annotators left out": len(settings.without),
        "seed": seed,
        "counts": frozen.counts(),
        "agreement": _anonymous(frozen.agreement),
        "check": frozen.check.to_dict(),
    }
    with new_folder(out) as folder:
        for name, pairs in frozen.splits.items():
            _write_split(folder / "data" / f"{name}.{settings.format}", pairs)
        kept = {pair.extra["id"] for pairs in frozen.splits.values() for pair in pairs}
        rows = _number_annotators([one for one in judgements if one.id in kept])
        write_text(folder / ANNOTATIONS_NAME, _lines(rows))
        write_json(folder / FROZEN_NAME, facts)
        write_text(folder / "README.md", write_card(frozen, scale, settings))
        write_text(folder / SUMS_NAME, sum_files(folder))


def _settle(
    items: Sequence[Item],
    judgements: Sequence[Judgement],
    adjudicated: Sequence[Judgement],
    scale: Scale,
    settings: FreezeSettings,
) -> tuple[list[ScoredPair], dict[str, int]]:
    """Give each pair one score, and count those that are left out."""
    scores, _ = lay_out(items, judgements) if judgements else (np.empty((len(items), 0)), [])
    decided = {one.id: one.score for one in adjudicated}
    disputes = find_disputes(items, judgements, scale, settings.disputed_from)
    disputed = {one.item.id for one in disputes}
    join = JOINS[settings.aggregate]
    pairs: list[ScoredPair] = []
    left_out = {"left out: no score": 0, "left out: disputed": 0}
    for item, row in zip(items, scores, strict=True):
        own = row[np.isfinite(row)]
        if item.id in decided:
            pairs.append(_scored(item, decided[item.id], "adjudication", own))
        elif not len(own):
            left_out["left out: no score"] += 1
        elif item.id in disputed and settings.disputed == "drop":
            left_out["left out: disputed"] += 1
        else:
            pairs.append(_scored(item, round(join(own), 4), settings.aggregate, own))
    return pairs, {name: count for name, count in left_out.items() if count}


def _scored(item: Item, score: float, settled: str, own: Any) -> ScoredPair:  # noqa: ANN401 - array
    """Make the row of a frozen pair."""
    return ScoredPair(
        sentence1=item.sentence1,
        sentence2=item.sentence2,
        score=score,
        lang=item.lang,
        category=item.category,
        shift=item.shift,
        extra={
            "contrast": item.contrast,
            "id": item.id,
            "group": item.group,
            "source": item.source,
            "settled": settled,
            "annotators": len(own),
            "range": float(own.max() - own.min()) if len(own) else 0.0,
        },
    )


def _split(
    pairs: Sequence[ScoredPair], settings: FreezeSettings, seed: int
) -> dict[str, list[ScoredPair]]:
    """Share the pairs out, each split in an order by chance."""
    ids = [str(pair.extra["id"]) for pair in pairs]
    groups = join_groups(ids, [ties_of(pair) for pair in pairs])
    kinds = [(pair.category, pair.lang, f"shift {pair.shift}") for pair in pairs]
    found = split_groups(groups, kinds, settings.splits, seed=seed)
    order = sorted(range(len(pairs)), key=lambda row: ids[row])
    random.Random(seed).shuffle(order)
    return {name: [pairs[row] for row in order if found[row] == name] for name in settings.splits}


def _write_split(path: Path, pairs: Sequence[ScoredPair]) -> None:
    """Write one split."""
    if path.suffix == ".parquet":
        write_records(path, ScoredPair, pairs)
    else:
        write_text(path, _lines(pair.to_row() for pair in pairs))


def _lines(rows: Any) -> str:  # noqa: ANN401 - any iterable of rows
    """Write rows as JSON, one a line."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _number_annotators(judgements: Sequence[Judgement]) -> list[dict[str, Any]]:
    """Give every score with its annotator's number instead of the name."""
    names = sorted({one.annotator for one in judgements})
    numbers = {name: f"annotator-{at}" for at, name in enumerate(names, start=1)}
    return [
        {"id": one.id, "annotator": numbers[one.annotator], "score": one.score}
        for one in judgements
    ]


def _anonymous(report: AgreementReport | None) -> dict[str, Any] | None:
    """Give agreement without the names of annotators and the list of disputes."""
    if report is None:
        return None
    plain = report.to_dict()
    return {"level": plain["level"], "alpha": plain["alpha"], "by": plain["by"]} | {
        "annotators": len(report.annotators),
        "disputed": len(report.disputes),
    }
