"""A list of terms whose words the tokenizer shall keep whole."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nmixx.corpus.lines import read_lines
from nmixx.corpus.readers import read_rows
from nmixx.errors import DataError

_COLUMNS = ("term", "text")


@dataclass(frozen=True)
class Terms:
    """Terms, each once, and how many lines were blank or said a term again."""

    words: tuple[str, ...] = ()
    blanks: int = 0
    duplicates: int = 0

    def to_row(self) -> dict[str, int]:
        """Give the numbers as plain data."""
        return {
            "terms": len(self.words),
            "blank_terms": self.blanks,
            "duplicate_terms": self.duplicates,
        }


def read_terms(path: str, column: str | None = None) -> Terms:
    """Read terms: one a line of a ``.txt`` file, or a column of any other kind of file.

    Terms are composed (NFC) and stripped. Blanks and repetitions are dropped and counted.

    Args:
        path: a file as the corpus stage reads them.
        column: of the terms; ``term`` or ``text``, or the only one, when not given.

    Raises:
        DataError: the file cannot be read, lacks the column, or holds no term.
    """
    words: dict[str, None] = {}
    blanks = duplicates = 0
    for value in _lines(path) if path.endswith(".txt") else _values(path, column):
        word = " ".join(unicodedata.normalize("NFC", value).split())
        blanks += not word
        duplicates += word in words
        if word:
            words[word] = None
    if not words:
        raise DataError(
            f"{path}: holds no terms, {blanks} blank lines only.\nExpected one term a line."
        )
    return Terms(tuple(words), blanks, duplicates)


def _lines(path: str) -> Iterator[str]:
    """Yield the lines of a text file, blank ones too."""
    place = Path(path).expanduser()
    if not place.is_file():
        raise DataError(f"{path}: no such file of terms (looked at {place.absolute()}).")
    return (line for _, line in read_lines(place))


def _values(path: str, column: str | None) -> Iterator[str]:
    """Yield one column's values; an empty one is blank."""
    for number, row in read_rows(path):
        name = column or next((one for one in _COLUMNS if one in row), None)
        if name is None and len(row) == 1:
            name = next(iter(row))
        if name is None or name not in row:
            wanted = " or ".join(repr(one) for one in ([column] if column else _COLUMNS))
            columns = ", ".join(map(str, row))
            raise DataError(
                f"{path}, row {number}: no column {wanted}; its columns: {columns}.\n"
                "Name the column of the terms: --terms-column, or vocabulary.terms_column."
            )
        yield "" if row[name] is None else str(row[name])
