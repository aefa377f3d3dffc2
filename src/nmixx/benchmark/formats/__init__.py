"""Formats of annotation tools, one file each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from nmixx.benchmark.formats.argilla import ARGILLA
from nmixx.benchmark.formats.label_studio import LABEL_STUDIO
from nmixx.benchmark.formats.sheet import Answer, Format, Sheet, Task
from nmixx.benchmark.formats.spreadsheet import SPREADSHEET
from nmixx.corpus.formats import read_json
from nmixx.errors import DataError, InputError

__all__ = ["FORMATS", "Answer", "Format", "Sheet", "Task", "find_format", "read_answers"]

FORMATS: dict[str, Format] = {
    "spreadsheet": SPREADSHEET,
    "label-studio": LABEL_STUDIO,
    "argilla": ARGILLA,
}
"""Name to format; another tool is a row here."""


def find_format(name: str) -> Format:
    """Give a format by its name.

    Raises:
        InputError: there is none of that name.
    """
    if name not in FORMATS:
        raise InputError(f"--format {name!r}: expected one of {', '.join(FORMATS)}.")
    return FORMATS[name]


def read_answers(path: Path) -> Iterator[Answer]:
    """Read a returned file, told apart by its ending and its first row.

    Raises:
        DataError: it is missing, empty, broken, or of no known tool.
    """
    if not path.is_file():
        raise DataError(f"{path}: no such file.")
    suffix = path.suffix.lower()
    if suffix == ".csv":
        return SPREADSHEET.read(path)
    if suffix == ".json":
        _, first = next(read_json(path), (0, None))
        for form in FORMATS.values():
            if form.recognises(first):
                return form.read(path)
    raise DataError(
        f"{path}: no returned scores that are known.\n"
        "Expected a spreadsheet as .csv, or the .json that Label Studio or Argilla exports."
    )
