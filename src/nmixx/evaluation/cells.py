"""Cells of a task's rows, found under any of their usual names."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from nmixx.errors import DataError

Columns = Mapping[str, str]
"""Our name of a column to the file's, where they differ."""

COLUMNS: dict[str, tuple[str, ...]] = {
    "id": ("id", "_id"),
    "text": ("text", "sentence", "sentences"),
    "query_id": ("query_id", "query-id"),
    "corpus_id": ("corpus_id", "corpus-id"),
    "score": ("score",),
    "sentence1": ("sentence1", "premise"),
    "sentence2": ("sentence2", "hypothesis"),
    "label": ("label", "labels"),
    "anchor": ("anchor", "query"),
    "positive": ("positive", "pos"),
    "negative": ("negative", "neg"),
}
"""Names that a column may have; the first one found counts."""


def read_cell(row: Mapping[str, Any], column: str, columns: Columns, where: str) -> Any:  # noqa: ANN401 - JSON values
    """Read a column under the name given for it, or under one of its usual names.

    Raises:
        DataError: the row has no such column, or nothing in it; its columns are listed.
    """
    names = (columns[column],) if column in columns else COLUMNS[column]
    for name in names:
        if row.get(name) is not None:
            return row[name]
    raise DataError(
        f"{where}: no column {' or '.join(map(repr, names))}.\nIts columns: {', '.join(row)}."
    )


def read_text_cell(row: Mapping[str, Any], column: str, columns: Columns, where: str) -> str:
    """Read a text; of a list of texts, as in FlagEmbedding's files, the first.

    Raises:
        DataError: there is none.
    """
    value = read_cell(row, column, columns, where)
    if isinstance(value, list) and value:
        value = value[0]
    if not isinstance(value, str):
        raise DataError(f"{where}: {column} is {value!r:.40}; a text was expected.")
    return value


def read_number(value: object, where: str) -> float:
    """Read a finite number.

    Raises:
        DataError: it is none.
    """
    try:
        number = float(str(value))
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise DataError(f"{where}: the score {value!r} is no number.")
    return number
