"""Sources: from a source's settings to clean items with ids, languages and a category."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from nmixx.corpus.clean import clean_text
from nmixx.corpus.extras import rename_taken
from nmixx.corpus.given import COLUMN, given_negatives, names_negatives
from nmixx.corpus.items import Item, item_of
from nmixx.corpus.language import fill_languages
from nmixx.corpus.readers import locate
from nmixx.corpus.settings import CorpusSettings, DocumentSource, PairSource
from nmixx.corpus.shapes import default_kind, iter_documents, iter_pairs
from nmixx.errors import RecipeError
from nmixx.records import CATEGORIES, Document, Pair

TERM_WORDS = 3
"""A pair is a term pair when neither side has more words than this."""

Source = PairSource | DocumentSource
Value = TypeVar("Value")


def name_sources(settings: CorpusSettings) -> dict[str, Source]:
    """Give every source a name of its own: the one it states, else its file's.

    Raises:
        RecipeError: two sources state the same name, or there is no source.
    """
    sources: tuple[Source, ...] = (*settings.pairs, *settings.documents)
    if not sources:
        raise RecipeError(
            "corpus: no source.\nName at least one file under corpus.pairs or corpus.documents."
        )
    stated = Counter(source.name for source in sources if source.name)
    twice = [name for name, count in stated.items() if count > 1]
    if twice:
        raise RecipeError(f"corpus: two sources are named {twice[0]!r}. Give each its own name.")
    named: dict[str, Source] = {source.name: source for source in sources if source.name}
    for source in sources:
        if not source.name:
            named[_free_name(source.path, named)] = source
    # The order of the settings, not of the naming: the earlier source keeps a shared row.
    places = {id(source): place for place, source in enumerate(sources)}
    return dict(sorted(named.items(), key=lambda entry: places[id(entry[1])]))


def read_items(name: str, source: Source, *, seed: int) -> list[Item]:
    """Read a source's rows, or a random sample of them, as clean items.

    Raises:
        DataError: a file or a row cannot be used; it is named.
    """
    if isinstance(source, PairSource):
        return _read_pairs(name, source, seed)
    return _read_documents(name, source, seed)


def sample_rows(rows: Iterable[Value], limit: int | None, seed: str) -> list[Value]:
    """Draw ``limit`` rows in one pass, each with the same chance, and keep their order.

    Algorithm R (Vitter 1985).
    """
    if limit is None:
        return list(rows)
    draw = random.Random(seed)  # seeded with text: the same in every process
    chosen: list[tuple[int, Value]] = []
    for place, row in enumerate(rows):
        if place < limit:
            chosen.append((place, row))
        elif (slot := draw.randrange(place + 1)) < limit:
            chosen[slot] = (place, row)
    return [row for _, row in sorted(chosen, key=lambda entry: entry[0])]


def _read_pairs(name: str, source: PairSource, seed: int) -> list[Item]:
    """Read a source of pairs."""
    rows = _numbered(iter_pairs(source.path, source.columns), name)
    drawn = sample_rows(rows, source.limit, f"{seed}:{name}")
    anchors = [clean_text(pair.anchor) for _, pair in drawn]
    positives = [clean_text(pair.positive) for _, pair in drawn]
    anchor_langs = fill_languages(anchors, [source.anchor_lang or p.anchor_lang for _, p in drawn])
    positive_langs = fill_languages(
        positives, [source.positive_lang or p.positive_lang for _, p in drawn]
    )
    taken = {*Pair.columns(), "source", "weight", "unit"}
    items = []
    for (identity, pair), anchor, positive, anchor_lang, positive_lang in zip(
        drawn, anchors, positives, anchor_langs, positive_langs, strict=True
    ):
        own: dict[str, Any] = {
            "source": name,
            "weight": source.weight,
            "unit": unit_of(anchor, positive),
        }
        theirs = {name: cell for name, cell in pair.extra.items() if not names_negatives(name)}
        negatives = [clean_text(text) for text in given_negatives(pair)]
        if any(negatives):
            own[COLUMN] = list(filter(None, negatives))
        record = Pair(
            id=identity,
            anchor=anchor,
            positive=positive,
            anchor_lang=anchor_lang,
            positive_lang=positive_lang,
            kind=source.kind or pair.kind or default_kind(anchor_lang, positive_lang),
            category=source.category or _known_category(pair.category),
            group=f"{name}:{pair.group}" if pair.group else "",
            extra=own | rename_taken(taken, theirs, pair.id),
        )
        items.append(item_of(record, name))
    return items


def _read_documents(name: str, source: DocumentSource, seed: int) -> list[Item]:
    """Read a source of documents."""
    rows = _numbered(iter_documents(source.path, source.columns), name)
    drawn = sample_rows(rows, source.limit, f"{seed}:{name}")
    texts = [clean_text(document.text, paragraphs=True) for _, document in drawn]
    langs = fill_languages(texts, [source.lang or document.lang for _, document in drawn])
    taken = {*Document.columns(), "weight"}
    items = []
    for (identity, document), text, lang in zip(drawn, texts, langs, strict=True):
        own: dict[str, Any] = {"weight": source.weight}
        record = Document(
            id=identity,
            text=text,
            lang=lang,
            category=source.category or _known_category(document.category),
            group=f"{name}:{document.group}" if document.group else "",
            source=name,
            extra=own | rename_taken(taken, document.extra, document.id),
        )
        items.append(item_of(record, name))
    return items


def unit_of(*texts: str) -> str:
    """Tell whether texts are a term or a sentence."""
    return "term" if all(len(text.split()) <= TERM_WORDS for text in texts) else "sentence"


def _numbered(rows: Iterable[tuple[int, Value]], name: str) -> Iterator[tuple[str, Value]]:
    """Give each record the id ``name-row``, and ``name-row.2`` on when a row gives several."""
    last, nth = 0, 1
    for number, record in rows:
        nth = nth + 1 if number == last else 1
        last = number
        yield f"{name}-{number}" if nth == 1 else f"{name}-{number}.{nth}", record


def _known_category(category: str) -> str:
    """Give a row's own category when it has a meaning here, else ``general``."""
    return category if category in CATEGORIES else "general"


def _free_name(path: str, taken: Iterable[str]) -> str:
    """Name a source after its file, with the folder's name before it when that is taken."""
    place = Path(path.replace(":", "-"))
    stem = place.name.partition(".")[0].replace("*", "").strip("-_")
    folder = place.parent.name.replace("*", "").strip("-_")
    names = [name for name in (stem, f"{folder}-{stem}".strip("-")) if name] or ["rows"]
    names.extend(f"{names[-1]}-{number}" for number in range(2, 1_000))
    return next(name for name in names if name not in set(taken))


def locate_all(sources: Sequence[Source], evaluation: Sequence[str]) -> None:
    """Look for every file before the first is read, so that a missing one costs no time.

    Raises:
        DataError: a file is missing or of an unknown kind.
    """
    for path in (*(source.path for source in sources), *evaluation):
        locate(path)
