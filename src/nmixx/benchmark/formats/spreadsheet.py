"""A plain spreadsheet: CSV with a byte order mark, by which Excel knows Korean for what it is."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path

from nmixx.benchmark.formats.sheet import Answer, Format, Sheet
from nmixx.corpus.formats import read_csv
from nmixx.errors import DataError
from nmixx.storage import write_text

COLUMNS = ("id", "annotator", "sentence1", "sentence2", "score", "comment")
_NEEDED = ("id", "score")
_MARK = "\ufeff"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_spreadsheet(sheet: Sheet, folder: Path) -> None:
    """Write the tasks with an empty column for the score."""
    noted = any(task.note for task in sheet.tasks)
    columns = (*COLUMNS[:4], *(("scores of others",) if noted else ()), *COLUMNS[4:])
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(columns)
    for task in sheet.tasks:
        texts = [shield(task.sentence1), shield(task.sentence2)]
        notes = [task.note] if noted else []
        writer.writerow([task.id, sheet.annotator, *texts, *notes, "", ""])
    with_mark = _MARK + stream.getvalue()
    write_text(folder / f"{sheet.annotator}.csv", with_mark)


def read_spreadsheet(path: Path) -> Iterator[Answer]:
    """Read the scores; a row's number is the one that the spreadsheet shows."""
    for number, row in read_csv(path):
        _require_columns(path, row)
        if not any(str(value).strip() for value in row.values()):
            continue
        yield Answer(
            where=f"{path}, row {number + 1}",
            id=row["id"],
            user=str(row.get("annotator") or "").strip(),
            score=row["score"],
            comment=str(row.get("comment") or "").strip(),
            sentence1=row.get("sentence1"),
            sentence2=row.get("sentence2"),
        )


def shield(text: str) -> str:
    """Keep a text that begins like a formula from being run as one."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _require_columns(path: Path, row: Mapping[str, object]) -> None:
    """Refuse a file that lacks a column."""
    missing = [name for name in _NEEDED if name not in row]
    if not missing:
        return
    only = next(iter(row), "")
    hint = " Save it with commas, not semicolons." if len(row) == 1 and ";" in only else ""
    raise DataError(
        f"{path}: no column {missing[0]!r}. Its columns: {', '.join(row)}.{hint}\n"
        f"Expected: {', '.join(COLUMNS)}."
    )


SPREADSHEET = Format(write_spreadsheet, read_spreadsheet, ".csv", lambda _: False)
