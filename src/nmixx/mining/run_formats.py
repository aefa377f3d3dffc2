"""Formats of run files: how each kind is read line by line, and written."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from nmixx.corpus.formats import readable_parquet
from nmixx.corpus.lines import read_lines
from nmixx.errors import DataError
from nmixx.records import Candidate
from nmixx.storage import atomic_file, write_records

NAMES = {
    "query": ("query_id", "query-id", "qid", "query"),
    "document": ("document_id", "document-id", "corpus-id", "doc_id", "docid", "docno", "pid"),
    "score": ("score", "sim"),
}
"""What the columns that count are called, in a header or in parquet."""

EXPECTED = (
    "Expected query_id, document_id and score, parted by tabs (a rank may stand before the score), "
    "or TREC's `qid Q0 docid rank score tag`."
)


class Line(NamedTuple):
    """One line as it was read: its number, and its fields that count."""

    number: int
    query: str
    document: str
    score: str | float


def _read_parquet(path: Path) -> Iterator[Line]:
    """Stream a parquet file's lines, batch by batch."""
    import pyarrow.parquet as pq

    with readable_parquet(path), pq.ParquetFile(path) as file:
        found = _find_columns(file.schema_arrow.names)
        if found is None:
            raise DataError(
                f"{path}: lacks a column of a run.\nExpected query_id, document_id and score; "
                f"its columns: {', '.join(file.schema_arrow.names)}."
            )
        names = [file.schema_arrow.names[at] for at in found]
        number = 0
        for batch in file.iter_batches(columns=names):
            columns = (batch.column(name).to_pylist() for name in names)
            for query, document, score in zip(*columns, strict=True):
                number += 1
                yield Line(number, _text(query), _text(document), _text(score))


def _read_text(path: Path) -> Iterator[Line]:
    """Stream a text file's lines; the first that is not blank tells how fields are parted."""
    lines = ((number, text.rstrip("\r\n")) for number, text in read_lines(path))
    layout = None
    for number, text in lines:
        if not text.strip():
            continue
        if layout is None:
            layout = _sniff(path, number, text)
            if layout.headed:
                continue
        fields = layout.split(text)
        if len(fields) != layout.width:
            raise DataError(
                f"{path}:{number}: fields: {len(fields)}; the lines before have {layout.width}."
            )
        if layout.rank is not None and not fields[layout.rank].strip().isdecimal():
            raise DataError(
                f"{path}:{number}: {fields[layout.rank]!r} stands where a rank was expected.\n"
                f"{EXPECTED}"
            )
        query, document, score = (fields[at].strip() for at in layout.columns)
        yield Line(number, query, document, score)


def _split_tabs(text: str) -> list[str]:
    """Part fields by tabs."""
    return text.split("\t")


@dataclass(frozen=True)
class _Layout:
    """How a text file's lines are read."""

    width: int
    columns: tuple[int, ...]
    """Where query, document and score stand."""
    rank: int | None = None
    """Where a number must stand for the columns to be what they seem."""
    split: Callable[[str], list[str]] = _split_tabs
    headed: bool = False


_BARE = {3: _Layout(3, (0, 1, 2)), 4: _Layout(4, (0, 1, 3), rank=2)}
_TREC = _Layout(6, (0, 2, 4), rank=3, split=str.split)


def _sniff(path: Path, number: int, text: str) -> _Layout:
    """Tell a layout by the first line."""
    fields = _split_tabs(text)
    found = _find_columns([field.strip() for field in fields])
    if found is not None:
        return _Layout(len(fields), found, headed=True)
    if len(fields) in _BARE:
        return _BARE[len(fields)]
    if len(text.split()) == _TREC.width:
        return _TREC
    raise DataError(f"{path}:{number}: not a line of a run: {text[:80]!r}.\n{EXPECTED}")


def _find_columns(names: Sequence[str]) -> tuple[int, ...] | None:
    """Find where query, document and score stand; None unless all three have a known name."""
    lower = [name.lower() for name in names]
    found = [next((lower.index(n) for n in known if n in lower), None) for known in NAMES.values()]
    return tuple(at for at in found if at is not None) if None not in found else None


def _write_parquet(path: Path, candidates: Iterable[Candidate]) -> None:
    """Write a parquet file of candidates."""
    write_records(path, Candidate, candidates)


def _write_tsv(path: Path, candidates: Iterable[Candidate]) -> None:
    """Write tab-separated lines under a header."""
    header = tuple(Candidate.columns())
    rows = (
        (c.query_id, c.document_id, str(c.rank), repr(float(c.score)), c.teacher)
        for c in candidates
    )
    _write_lines(path, (header, *rows), "\t", re.compile(r"[\t\r\n]"))


def _write_trec(path: Path, candidates: Iterable[Candidate]) -> None:
    """Write TREC's six columns; the tag is the teacher's name without its spaces."""
    rows = (
        (
            c.query_id,
            "Q0",
            c.document_id,
            str(c.rank),
            repr(float(c.score)),
            "".join(c.teacher.split()) or "-",
        )
        for c in candidates
    )
    _write_lines(path, rows, " ", re.compile(r"\s"))


def _write_lines(
    path: Path, rows: Iterable[Sequence[str]], separator: str, forbidden: re.Pattern[str]
) -> None:
    """Write lines, gzipped when the name asks for it."""
    with atomic_file(path) as temporary, temporary.open("wb") as raw:
        packed = path.name.lower().endswith(".gz")
        # No name and no time in the header: the same lines give the same bytes.
        stream = gzip.GzipFile("", "wb", fileobj=raw, mtime=0) if packed else raw
        for row in rows:
            bad = next((field for field in row if forbidden.search(field)), None)
            if bad is not None:
                raise DataError(
                    f"{path}: {bad!r} holds a character that parts fields or lines there.\n"
                    "Write the run as .parquet."
                )
            stream.write((separator.join(row) + "\n").encode())
        if packed:
            stream.close()


@dataclass(frozen=True)
class Kind:
    """A row of the table of kinds of run files."""

    read: Callable[[Path], Iterator[Line]]
    write: Callable[[Path, Iterable[Candidate]], None]


KINDS = {
    ".parquet": Kind(_read_parquet, _write_parquet),
    **{
        suffix + packed: Kind(_read_text, write)
        for suffix, write in (
            (".tsv", _write_tsv),
            (".txt", _write_tsv),
            (".trec", _write_trec),
            (".run", _write_trec),
            (".res", _write_trec),
        )
        for packed in ("", ".gz")
    },
}
"""Suffix to kind. Text is read by what it holds, and written by its suffix."""


def find_kind(path: Path) -> Kind:
    """Give the row of :data:`KINDS` that a file's name ends with.

    Raises:
        DataError: there is none.
    """
    name = path.name.lower()
    for suffix, kind in KINDS.items():
        if name.endswith(suffix):
            return kind
    raise DataError(f"{path}: not a known kind of run file.\nKnown: {', '.join(KINDS)}.")


def _text(value: object) -> str:
    """Give a cell as text, an empty one as an empty text."""
    return "" if value is None else str(value)
