"""Queries and the pool of candidates, as rows that a teacher can be opened on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from nmixx.corpus.clean import normalise_key
from nmixx.corpus.groups import join_groups
from nmixx.errors import DataError
from nmixx.mining.teachers.protocol import Query
from nmixx.records import Document, Pair

MERGED_IDS = "merged_ids"
"""Extra column of documents: ids of others with the same text, by which a run may name it."""


@dataclass(frozen=True)
class Pool:
    """What is mined for and what is mined from.

    ``documents`` holds each text once after normalisation (NFC, width, case, spaces); a document
    whose text stood there again has those ids in the extra column :data:`MERGED_IDS`. ``pairs[i]``
    are the pairs behind ``queries[i]``, one for each of its positives, in the same order.
    """

    queries: tuple[Query, ...]
    pairs: tuple[tuple[Pair, ...], ...]
    documents: tuple[Document, ...]


def build_pool(
    pairs: Sequence[Pair], documents: Sequence[Document], *, each_positive: bool
) -> Pool:
    """Gather queries and candidates; both sides of all pairs are candidates too.

    Rows that share a text, directly or through others, come to share a group, so that a text is
    never mined for what means the same. A pair that stands twice counts once; where each pair is
    a query of its own, only if its id is the same too.

    Args:
        pairs: anchors with their positives; an anchor may come with several.
        documents: more candidates.
        each_positive: make a query of each pair, rather than of each distinct anchor.

    Raises:
        DataError: a text is empty, or different pairs or documents have one id.
    """
    _refuse_blanks(pairs, documents)
    pairs, documents = _join_groups(pairs, documents)
    first: dict[tuple[str, str, str], Pair] = {}
    ids: dict[str, list[str]] = {}
    for pair in pairs:
        first.setdefault((pair.anchor, pair.positive, pair.id if each_positive else ""), pair)
        ids.setdefault(normalise_key(pair.anchor), []).append(pair.id)
    pairs = list(first.values())
    _refuse_shared_ids("pairs", [pair.id for pair in pairs])
    candidates, rows = _distinct(pairs, documents)
    _refuse_shared_ids("documents", [document.id for document in candidates])
    gathered: dict[object, list[Pair]] = {}
    for number, pair in enumerate(pairs):
        key = number if each_positive else normalise_key(pair.anchor)
        gathered.setdefault(key, []).append(pair)
    return Pool(
        tuple(
            Query(
                some[0].id,
                some[0].anchor,
                some[0].anchor_lang,
                tuple(rows[normalise_key(pair.positive)] for pair in some),
                () if each_positive else _others(some[0].id, ids[normalise_key(some[0].anchor)]),
            )
            for some in gathered.values()
        ),
        tuple(tuple(some) for some in gathered.values()),
        tuple(candidates),
    )


def _distinct(
    pairs: Sequence[Pair], documents: Sequence[Document]
) -> tuple[list[Document], Mapping[str, int]]:
    """List each text once, documents first, and the row of each normalised text."""
    rows: dict[str, int] = {}
    distinct: list[Document] = []
    ids: list[list[str]] = []
    own = Document.columns()

    def add(document: Document) -> None:
        row = rows.setdefault(normalise_key(document.text), len(distinct))
        if row == len(distinct):
            distinct.append(document)
            ids.append([])
        ids[row].append(document.id)

    for document in documents:
        add(document)
    for pair in pairs:
        for side, text, lang in (
            ("anchor", pair.anchor, pair.anchor_lang),
            ("positive", pair.positive, pair.positive_lang),
        ):
            source = str(pair.extra.get("source", "pairs"))
            # What the pair's file calls `text` or `lang` is not this document's.
            extra = {name: value for name, value in pair.extra.items() if name not in own}
            add(Document(f"{pair.id}#{side}", text, lang, pair.category, pair.group, source, extra))
    for row, document in enumerate(distinct):
        others = _others(document.id, ids[row])
        if others:
            merged = document.extra | {MERGED_IDS: list(others)}
            distinct[row] = replace(document, extra=merged)
    return distinct, rows


def _others(kept: str, ids: Sequence[str]) -> tuple[str, ...]:
    """List each id once but for the one that is kept."""
    return tuple(identity for identity in dict.fromkeys(ids) if identity != kept)


def _join_groups(
    pairs: Sequence[Pair], documents: Sequence[Document]
) -> tuple[list[Pair], list[Document]]:
    """Let groups that have a text in common, but for its form, become one.

    A row without a group begins in one of its own.
    """
    rows = [(pair.group or f"pair {pair.id}", [pair.anchor, pair.positive]) for pair in pairs]
    rows += [(d.group or f"document {d.id}", [d.text]) for d in documents]
    keys = [
        (("group", group), *(("text", normalise_key(text)) for text in texts))
        for group, texts in rows
    ]
    joined = join_groups([group for group, _ in rows], keys)
    return (
        [replace(p, group=group) for p, group in zip(pairs, joined[: len(pairs)], strict=True)],
        [replace(d, group=group) for d, group in zip(documents, joined[len(pairs) :], strict=True)],
    )


def _refuse_blanks(pairs: Sequence[Pair], documents: Sequence[Document]) -> None:
    """Refuse texts that say nothing; a teacher would score them all the same."""
    texts = [("pair", "anchor", pair.id, pair.anchor) for pair in pairs]
    texts += [("pair", "positive", pair.id, pair.positive) for pair in pairs]
    texts += [("document", "text", document.id, document.text) for document in documents]
    for kind, part, identity, text in texts:
        if not text.strip():
            raise DataError(
                f"{kind} {identity!r}: its {part} is empty.\n"
                "Leave such rows out; `nmixx corpus` does, and writes down which."
            )


def _refuse_shared_ids(kind: str, ids: Sequence[str]) -> None:
    """Refuse an id that stands for two different rows."""
    counts = Counter(ids)
    shared = [identity for identity, count in counts.items() if count > 1]
    if shared:
        raise DataError(
            f"id {shared[0]!r}: {counts[shared[0]]} different {kind} have it; {len(shared)} ids "
            "are so shared.\nGive each an id of its own, or none: one is then made from the text."
        )
