"""The word lists of the English rules: tab-separated files in `lexicon/`, read once."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

_WORD_EDGE_START = r"(?<![\w'’.-])"
_WORD_EDGE_END = r"(?![\w'’]|-\w)"


@cache
def read_rows(name: str) -> tuple[tuple[str, ...], ...]:
    """Return the rows of `lexicon/NAME.tsv`; blank lines and lines starting with `#` are notes."""
    text = files(__package__).joinpath("lexicon", f"{name}.tsv").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if line.strip() and not line.startswith("#"))
    return tuple(tuple(cell.strip() for cell in line.split("\t")) for line in lines)


@cache
def read_words(name: str, group: str) -> frozenset[str]:
    """Return the words of one group: the `|`-separated second cell of the row it names."""
    return frozenset(
        word for row in read_rows(name) if row[0] == group for word in split_cell(row[1])
    )


def split_cell(cell: str) -> tuple[str, ...]:
    """Split a cell of alternatives at its bars."""
    return tuple(part for part in (piece.strip() for piece in cell.split("|")) if part)


@cache
def compile_words(words: frozenset[str] | tuple[str, ...]) -> re.Pattern[str]:
    """Compile whole-word alternation, longest first, blind to case and to the width of spaces."""
    ordered = sorted(set(words), key=lambda word: (-len(word), word))
    body = "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in ordered)
    return re.compile(f"{_WORD_EDGE_START}(?:{body}){_WORD_EDGE_END}", re.IGNORECASE)
