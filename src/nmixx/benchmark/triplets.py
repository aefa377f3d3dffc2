"""Candidate pairs from triplets that were made already, by an LLM for instance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from nmixx.benchmark.items import Item, make_id
from nmixx.benchmark.settings import DraftSettings
from nmixx.corpus.clean import normalise_key
from nmixx.corpus.readers import read_rows
from nmixx.records import SAME_MEANING, Triplet
from nmixx.storage import read_records

_NO_SHIFT = frozenset({"mined", "given", ""})
"""What stands as ``negative_kind`` where no shift was made on purpose."""


def items_from_triplets(triplets: Sequence[Triplet], settings: DraftSettings) -> list[Item]:
    """Make a faithful pair of each anchor and positive, a shifted one of anchor and negative.

    Args:
        triplets: those whose negative is no shift, such as a mined one, give none.
        settings: which categories, shifts and languages, and how long a sentence may be.
    """
    found: dict[tuple[str, str], Item] = {}
    for triplet in triplets:
        if triplet.positive_kind in SAME_MEANING and triplet.negative_kind not in _NO_SHIFT:
            for item in _items(triplet):
                if _wanted(item, settings):
                    found.setdefault((item.id, item.contrast), item)
    return list(found.values())


def split_triplets(paths: Sequence[str]) -> tuple[list[str], list[Triplet]]:
    """Read the files of triplets among some files, and give the names of the others.

    Raises:
        DataError: a file is missing or broken.
    """
    others: list[str] = []
    triplets: list[Triplet] = []
    for path in paths:
        _, row = next(iter(read_rows(path)))
        if {"anchor", "positive", "negative", "negative_kind"} <= row.keys():
            triplets += read_records(Path(path), Triplet)
        else:
            others.append(path)
    return others, triplets


def _items(triplet: Triplet) -> Iterator[Item]:
    """Yield the two pairs of a triplet."""
    for second, lang, shift in (
        (triplet.positive, triplet.positive_lang, triplet.positive_kind),
        (triplet.negative, triplet.negative_lang, triplet.negative_kind),
    ):
        one = triplet.anchor_lang
        group = triplet.group or make_id(triplet.anchor, "")
        yield Item(
            id=make_id(triplet.anchor, second),
            sentence1=triplet.anchor,
            sentence2=second,
            lang=one if one == lang else f"{one}-{lang}",
            category=triplet.category,
            shift=shift,
            contrast=triplet.negative_kind,
            group=group,
            source=triplet.provenance.rpartition(":")[2] or group,
            made="triplet",
        )


def _wanted(item: Item, settings: DraftSettings) -> bool:
    """Tell whether a pair passes the filters."""
    for given, value in (
        (settings.categories, item.category),
        (settings.shifts, item.contrast),
        (settings.langs, item.lang),
    ):
        if given and value not in given:
            return False
    texts = (item.sentence1, item.sentence2)
    if not all(settings.min_characters <= len(t) <= settings.max_characters for t in texts):
        return False
    return normalise_key(item.sentence1) != normalise_key(item.sentence2)
