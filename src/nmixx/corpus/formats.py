"""File formats: each suffix has a function that streams (row number, row)."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nmixx.corpus.lines import read_lines, read_text
from nmixx.errors import DataError

Row = dict[str, Any]
NumberedRow = tuple[int, Row]

_FIELD_LIMIT = 2**31 - 1  # the largest that fits a C long everywhere


def read_json_lines(path: Path) -> Iterator[NumberedRow]:
    """Stream a file with one JSON object a line; a row's number is its line's."""
    return _parse_json_lines(path, read_lines(path))


def read_json(path: Path) -> Iterator[NumberedRow]:
    """Stream a JSON file that holds an array of objects, or one object a line."""
    text = read_text(path)
    if not text.lstrip().startswith("["):
        yield from _parse_json_lines(path, enumerate(text.split("\n"), start=1))
        return
    for number, row in enumerate(_parse_json(text, str(path)), start=1):
        yield number, _require_object(row, f"{path}: item {number}")


def read_csv(path: Path) -> Iterator[NumberedRow]:
    """Stream a comma-separated file with a header; quoted fields may hold line breaks."""
    csv.field_size_limit(_FIELD_LIMIT)
    reader = csv.reader((line for _, line in read_lines(path)), strict=True)
    try:
        yield from _pair_with_header(path, ((reader.line_num, values) for values in reader))
    except csv.Error as error:
        raise DataError(
            f"{path}:{reader.line_num}: broken CSV ({error}).\n"
            "A field that holds a comma, quote or line break must be quoted, its quotes doubled."
        ) from None


def read_tsv(path: Path) -> Iterator[NumberedRow]:
    """Stream a tab-separated file with a header, one row a line.

    The format has no quoting (IANA text/tab-separated-values), so a stray quote swallows nothing.
    A field that a spreadsheet wrapped in quotes is unwrapped.
    """
    lines = ((number, line.rstrip("\r\n")) for number, line in read_lines(path))
    return _pair_with_header(
        path,
        (
            (number, [_unwrap(f) for f in line.split("\t")] if line else [])
            for number, line in lines
        ),
    )


def read_plain_text(path: Path) -> Iterator[NumberedRow]:
    """Stream the lines that are not blank as rows with one column, ``text``."""
    for number, line in read_lines(path):
        if text := line.strip():
            yield number, {"text": text}


def read_parquet(path: Path) -> Iterator[NumberedRow]:
    """Stream the rows of a parquet file, batch by batch."""
    import pyarrow.parquet as pq

    number = 0
    with readable_parquet(path), pq.ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=4096):
            for row in batch.to_pylist():
                number += 1
                yield number, row


@contextmanager
def readable_parquet(path: Path) -> Iterator[None]:
    """Turn what can go wrong while a parquet file is read into a :class:`DataError`."""
    import pyarrow as pa

    try:
        yield
    except (pa.ArrowException, OSError) as error:
        # Arrow raises an OSError without a number for broken bytes.
        reason = error.strerror if isinstance(error, OSError) and error.errno else None
        if reason:
            raise DataError(f"{path}: cannot be read ({reason}).") from None
        raise DataError(f"{path}: a broken parquet file ({_first_line(error)}).") from None


FORMATS: dict[str, Callable[[Path], Iterator[NumberedRow]]] = {
    ".jsonl": read_json_lines,
    ".jsonl.gz": read_json_lines,
    ".json": read_json,
    ".json.gz": read_json,
    ".csv": read_csv,
    ".csv.gz": read_csv,
    ".tsv": read_tsv,
    ".tsv.gz": read_tsv,
    ".parquet": read_parquet,
    ".txt": read_plain_text,
    ".txt.gz": read_plain_text,
}
"""Suffix to reader; a new kind of file is a row here."""


def suffix_of(path: Path) -> str | None:
    """Give the suffix in :data:`FORMATS` that a file's name ends with, or None."""
    name = path.name.lower()
    return max((s for s in FORMATS if name.endswith(s)), key=len, default=None)


def _parse_json_lines(path: Path, lines: Iterable[tuple[int, str]]) -> Iterator[NumberedRow]:
    """Parse numbered lines of JSON; blank lines are passed over."""
    for number, line in lines:
        if line and not line.isspace():
            where = f"{path}:{number}"
            yield number, _require_object(_parse_json(line, where), where)


def _parse_json(text: str, where: str) -> Any:  # noqa: ANN401 - any JSON value
    """Parse JSON or say where it breaks."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        place = f"{where}:{error.lineno}" if error.lineno > 1 else where
        shown = text[max(0, error.pos - 20) : error.pos + 20].strip()
        raise DataError(
            f"{place}: broken JSON ({error.msg.lower()} at character {error.colno}): {shown!r}."
        ) from None
    except (ValueError, RecursionError) as error:
        raise DataError(f"{where}: JSON that cannot be read ({_first_line(error)}).") from None


def _require_object(value: Any, where: str) -> Row:  # noqa: ANN401 - any JSON value
    """Give the value back when it is a JSON object."""
    if isinstance(value, dict):
        return value
    kinds = {list: "an array", str: "a text", type(None): "null", bool: "true or false"}
    raise DataError(
        f"{where}: {kinds.get(type(value), 'a number')}, not an object.\n"
        'Expected one row of named columns, such as {"ko": "…", "en": "…"}.'
    )


def _pair_with_header(
    path: Path, records: Iterator[tuple[int, Sequence[str]]]
) -> Iterator[NumberedRow]:
    """Name the values of each record by the first record; refuse a record of another length."""
    header: Sequence[str] = next((values for _, values in records if values), [])
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice:
        raise DataError(f"{path}: the column {twice[0]!r} stands twice in the header.")
    number = 0
    for line, values in records:
        if not values:
            continue
        if len(values) != len(header):
            raise DataError(
                f"{path}:{line}: fields: {len(values)}; the header names {len(header)} "
                f"({', '.join(header)})."
            )
        number += 1
        yield number, dict(zip(header, values, strict=True))


def _unwrap(field: str) -> str:
    """Take the quotes off a field that is quoted as a whole, its inner quotes doubled."""
    if len(field) < 2 or not field.startswith('"') or not field.endswith('"'):
        return field
    inner = field[1:-1].replace('""', "\0")
    return field if '"' in inner else inner.replace("\0", '"')


def _first_line(error: BaseException) -> str:
    """Give the first line of an error's message, without its full stop."""
    return (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")
