"""Items: rows on their way through the corpus stage, pairs and documents alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from nmixx.corpus.clean import normalise_key
from nmixx.corpus.given import given_negatives
from nmixx.records import Document, Dropped, Pair

BATCH = 1_000


@dataclass(frozen=True, slots=True)
class Item:
    """A record, its texts with their languages, and their keys.

    ``negatives`` are the keys of the negatives that a pair brings along: trained on like its texts,
    but they do not say what it says.
    """

    record: Document | Pair
    source: str
    texts: tuple[str, ...]
    langs: tuple[str, ...]
    keys: tuple[str, ...] = field(repr=False)
    negatives: tuple[str, ...] = field(default=(), repr=False)

    @property
    def id(self) -> str:
        """The record's id."""
        return self.record.id


@dataclass(frozen=True, slots=True)
class Drop:
    """An item that was left out, and why."""

    item: Item
    reason: str
    detail: str

    def to_record(self) -> Dropped:
        """Give the row of ``dropped.parquet``; a pair's texts stand on two lines."""
        return Dropped(
            id=self.item.id,
            text="\n".join(self.item.texts),
            source=self.item.source,
            reason=self.reason,
            detail=self.detail,
            extra={"record": type(self.item.record).__name__.lower()},
        )


def item_of(record: Document | Pair, source: str) -> Item:
    """Wrap a record with clean texts."""
    negatives: list[str] = []
    if isinstance(record, Pair):
        texts: tuple[str, ...] = (record.anchor, record.positive)
        langs: tuple[str, ...] = (record.anchor_lang, record.positive_lang)
        negatives = given_negatives(record)
    else:
        texts, langs = (record.text,), (record.lang,)
    keys, others = (tuple(map(normalise_key, some)) for some in (texts, negatives))
    return Item(record, source, texts, langs, keys, others)


def batch_items(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """Cut items into batches worth a step of a progress bar."""
    return (items[at : at + BATCH] for at in range(0, len(items), BATCH))
