"""Shapes: from rows of any known columns to pairs, documents and scored pairs.

Columns are recognised by name, never by position. An explicit ``columns`` mapping (ours to the
file's) comes first; a column that is named and missing is an error that lists those that exist.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeVar, get_args

from nmixx.corpus.given import names_negatives
from nmixx.corpus.inference import read_pair_rows
from nmixx.corpus.language import ISO_639_1, detect_language, fill_languages
from nmixx.corpus.layouts import (
    DOCUMENT_OPTIONS,
    SCORED_OPTIONS,
    PairLayout,
    find_pair_layout,
    single_layout,
)
from nmixx.corpus.readers import Row, locate, read_rows
from nmixx.corpus.settings import PairKind
from nmixx.errors import DataError
from nmixx.records import Document, Pair, ScoredPair

__all__ = [
    "iter_documents",
    "iter_pairs",
    "read_documents",
    "read_given_negatives",
    "read_pairs",
    "read_scored_pairs",
]

_KINDS = frozenset(get_args(PairKind))
_NO_COLUMNS: Mapping[str, str] = {}

Layout = TypeVar("Layout")


def read_pairs(path: str, columns: Mapping[str, str] = _NO_COLUMNS) -> list[Pair]:
    """Read pairs; see :data:`nmixx.corpus.layouts.PAIR_SHAPES` for the columns that are recognised.

    Args:
        path: anything :func:`nmixx.corpus.readers.read_rows` reads.
        columns: our name to the file's, where they differ.

    Raises:
        DataError: no pair of columns is recognised, a named column does not exist, or a row has
            no text; the file and the row are named.
    """
    pairs = [pair for _, pair in iter_pairs(path, columns)]
    anchor_langs = fill_languages([p.anchor for p in pairs], [p.anchor_lang for p in pairs])
    positive_langs = fill_languages([p.positive for p in pairs], [p.positive_lang for p in pairs])
    return [
        replace(pair, anchor_lang=one, positive_lang=two, kind=pair.kind or default_kind(one, two))
        for pair, one, two in zip(pairs, anchor_langs, positive_langs, strict=True)
    ]


def read_documents(path: str, columns: Mapping[str, str] = _NO_COLUMNS) -> list[Document]:
    """Read documents from the column ``text``; an ``id`` is made from the text where none is.

    Args:
        path: anything :func:`nmixx.corpus.readers.read_rows` reads.
        columns: our name to the file's, where they differ.

    Raises:
        DataError: there is no such column, or a row has no text; the file and the row are named.
    """
    documents = [document for _, document in iter_documents(path, columns)]
    langs = fill_languages([d.text for d in documents], [d.lang for d in documents])
    return [replace(document, lang=lang) for document, lang in zip(documents, langs, strict=True)]


def read_given_negatives(path: str, columns: Mapping[str, str] = _NO_COLUMNS) -> list[Document]:
    """Read the negatives that a file of pairs brings along, each text once.

    They stand in the columns ``neg`` (FlagEmbedding), ``negative`` or ``negative_1`` on, as texts
    or lists of texts. Somebody chose them; here they are documents to mine from like any other.

    Args:
        path: a file of pairs, as for :func:`read_pairs`.
        columns: as for :func:`read_pairs`.

    Returns:
        Documents without a group; none where the file brings no negatives.

    Raises:
        DataError: as for :func:`read_pairs`, or a negative is no text.
    """
    found: dict[str, Document] = {}
    for where, _, row, layout in _laid_out(path, columns, find_pair_layout, read_pair_rows):
        category = _option(row, layout.options, "category") or "general"
        lang = str(row.get("negative_lang") or _row_language(row, layout))
        for name in row:
            for text in _texts(row, name, where) if _brings_negatives(row, name, layout) else ():
                document = Document(content_id(text), text, lang, category, "", path)
                found.setdefault(text, document)
    documents = list(found.values())
    langs = fill_languages([d.text for d in documents], [d.lang for d in documents])
    return [replace(document, lang=lang) for document, lang in zip(documents, langs, strict=True)]


def read_scored_pairs(path: str, columns: Mapping[str, str] = _NO_COLUMNS) -> list[ScoredPair]:
    """Read scored pairs from ``sentence1``, ``sentence2`` and ``score``.

    Args:
        path: anything :func:`nmixx.corpus.readers.read_rows` reads.
        columns: our name to the file's, where they differ.

    Raises:
        DataError: a column is missing, a text is missing, or a score is no finite number; the file
            and the row are named.
    """
    needed = ("sentence1", "sentence2", "score")
    records = []
    for where, _, row, at in _laid_out(path, columns, single_layout(needed, SCORED_OPTIONS)):
        first, second = (_text(row, at[name], where) for name in needed[:2])
        records.append(
            ScoredPair(
                sentence1=first,
                sentence2=second,
                score=_score(row, at["score"], where),
                lang=_option(row, at, "lang") or _joint_language(first, second),
                category=_option(row, at, "category"),
                shift=_option(row, at, "shift"),
                extra=_extra(row, at.values()),
            )
        )
    filled = fill_languages(["" for _ in records], [record.lang for record in records])
    return [replace(record, lang=lang) for record, lang in zip(records, filled, strict=True)]


def iter_pairs(path: str, columns: Mapping[str, str] = _NO_COLUMNS) -> Iterator[tuple[int, Pair]]:
    """Stream (row number, pair); a language or kind that the row does not tell is ``""``.

    A row with several positives gives several pairs, all under its number; where it has an id, the
    second pair's is ``id.2``, and so on.
    """
    for where, number, row, layout in _laid_out(path, columns, find_pair_layout, read_pair_rows):
        at = layout.options
        anchor = _text(row, layout.anchor, where)
        shared = _row_language(row, layout)
        anchor_lang = _option(row, at, "anchor_lang") or layout.langs[0] or shared
        positive_lang = _option(row, at, "positive_lang") or layout.langs[1] or shared
        kind = _option(row, at, "kind")
        own = _option(row, at, "id")
        for nth, positive in enumerate(_texts(row, layout.positive, where), start=1):
            identity = own if nth == 1 else f"{own}.{nth}"
            yield (
                number,
                Pair(
                    id=identity if own else content_id(anchor, positive),
                    anchor=anchor,
                    positive=positive,
                    anchor_lang=anchor_lang,
                    positive_lang=positive_lang,
                    kind=kind if kind in _KINDS else layout.kind or "",
                    category=_option(row, at, "category") or "general",
                    group=_option(row, at, "group"),
                    extra=_extra(row, (layout.anchor, layout.positive, *at.values())),
                ),
            )


def iter_documents(
    path: str, columns: Mapping[str, str] = _NO_COLUMNS
) -> Iterator[tuple[int, Document]]:
    """Stream (row number, document); a language that the row does not tell is ``""``."""
    layout = single_layout(("text",), DOCUMENT_OPTIONS)
    for where, number, row, at in _laid_out(path, columns, layout):
        text = _text(row, at["text"], where)
        identity = _option(row, at, "id") or content_id(text)
        yield (
            number,
            Document(
                id=identity,
                text=text,
                lang=_option(row, at, "lang"),
                category=_option(row, at, "category") or "general",
                group=_option(row, at, "group"),
                source=path,
                extra=_extra(row, at.values()),
            ),
        )


def content_id(*texts: str) -> str:
    """Make an id that depends on the texts alone: 16 hexadecimal digits of their SHA-256."""
    joined = "\x1f".join(texts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(joined).hexdigest()[:16]


def default_kind(anchor_lang: str, positive_lang: str) -> str:
    """Name what joins two texts about which only their languages are known."""
    return "paraphrase" if anchor_lang == positive_lang else "translation"


def _laid_out(
    path: str,
    columns: Mapping[str, str],
    find: Callable[[str, tuple[str, ...], Mapping[str, str]], Layout],
    read: Callable[[str], Iterator[tuple[int, Row]]] = read_rows,
) -> Iterator[tuple[str, int, Row, Layout]]:
    """Stream (place for errors, running number, row, layout of its columns)."""
    offset = 0
    for file in locate(path):
        layouts: dict[tuple[str, ...], Layout] = {}
        number = 0
        for number, row in read(file):
            where = f"{file}: row {number}"
            names = tuple(row)
            layout = layouts.get(names)
            if layout is None:
                layout = layouts.setdefault(names, find(where, names, columns))
            yield where, offset + number, row, layout
        offset += number


def _text(row: Row, column: str, where: str) -> str:
    """Give a row's text or say what stands in its place."""
    value = row[column]
    if isinstance(value, str):
        return value
    if value is None:
        raise DataError(f"{where}: {column} is null; a text was expected.")
    raise DataError(f"{where}: {column} is {value!r:.40}; a text was expected.")


def _texts(row: Row, column: str, where: str) -> list[str]:
    """Give a row's text or its list of texts, which must not be empty."""
    value = row[column]
    if not isinstance(value, list):
        return [_text(row, column, where)]
    if not value:
        raise DataError(f"{where}: {column} is an empty list; at least one text was expected.")
    return [_text({column: item}, column, where) for item in value]


def _row_language(row: Row, layout: PairLayout) -> str:
    """Give the language that a row states for all its texts, or ``""``."""
    lang = _option(row, layout.options, "lang")
    return lang if lang in ISO_639_1 else ""


def _brings_negatives(row: Row, column: str, layout: PairLayout) -> bool:
    """Tell whether a column is one of negatives and has any in this row."""
    taken = column in (layout.anchor, layout.positive)
    return not taken and bool(row[column]) and names_negatives(column)


def _score(row: Row, column: str, where: str) -> float:
    """Give a row's score as a finite number."""
    value = row[column]
    try:
        number = math.nan if isinstance(value, bool) or value is None else float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not math.isfinite(number):
        raise DataError(f"{where}: {column} is {value!r:.40}; a number was expected.")
    return number


def _option(row: Row, at: Mapping[str, str], name: str) -> str:
    """Give an optional value as text, ``""`` where there is none."""
    value = row[at[name]] if name in at else None
    return "" if value is None else str(value).strip()


def _extra(row: Row, used: Any) -> dict[str, Any]:  # noqa: ANN401 - any iterable of names
    """Give the columns that are not used otherwise."""
    used = set(used)
    return {name: value for name, value in row.items() if name not in used}


def _joint_language(first: str, second: str) -> str:
    """Name the language of a scored pair, ``ko-en`` when its sentences differ in it."""
    one, two = detect_language(first), detect_language(second)
    if one and two and one != two:
        return f"{one}-{two}"
    return one or two or ""
