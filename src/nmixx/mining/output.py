"""Mined negatives in the shapes that other trainers read.

Every shape is a row of :data:`FORMATS`. Sentence Transformers takes each column of a dataset that
is no label as a text, so a file holds those columns that its losses read and no others.
"""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from nmixx.errors import DataError, InputError
from nmixx.storage import atomic_file

if TYPE_CHECKING:
    from nmixx.mining.miner import Negative

logger = logging.getLogger(__name__)

Columns = dict[str, list[Any]]

Short = Literal["refuse", "drop", "repeat"]
"""What becomes of a row with fewer negatives than the shape needs: an error, nothing, or its own
negatives over again from the first."""


@dataclass(frozen=True)
class Width:
    """How many negatives a row holds, where a shape has a fixed number."""

    negatives: int | None = None
    """As many as the row with the most has, when not given."""
    short: Short = "refuse"

    def __post_init__(self) -> None:
        """Refuse what no row can have."""
        if self.negatives is not None and self.negatives < 1:
            raise InputError(f"negatives a row: {self.negatives}; at least one was expected.")
        if self.short not in get_args(Short):
            choices = ", ".join(get_args(Short))
            raise InputError(f"rows with too few negatives: {self.short!r}; choose of {choices}.")


@dataclass(frozen=True)
class Written:
    """How many rows were written, and how many were left out for too few negatives."""

    rows: int
    dropped: int


def write_format(
    path: Path, negatives: Sequence[Negative], name: str, width: Width = Width()
) -> Written:
    """Write mined negatives in a shape that other trainers read.

    Args:
        path: ends in ``.parquet`` or ``.jsonl``.
        negatives: in the order in which a query's are wanted, as mining gives them.
        name: a row of :data:`FORMATS`.
        width: of rows that hold a fixed number of negatives.

    Raises:
        InputError: there is no such format or file type.
        DataError: rows have too few negatives, and nothing was chosen for that.
    """
    shape = _find("format", name, FORMATS)
    write = _find("file type", path.suffix, WRITERS)
    columns, dropped = shape(negatives, width)
    if dropped:
        logger.warning("%s: rows dropped for too few negatives: %d", path, dropped)
    with atomic_file(path) as temporary:
        write(temporary, columns)
    return Written(len(next(iter(columns.values()))), dropped)


@dataclass(frozen=True)
class Format:
    """A format by name and how its short rows are dealt with, checked before any work is done."""

    name: str
    short: str

    def __post_init__(self) -> None:
        """Refuse what is not a row of :data:`FORMATS`, or no way to deal with short rows."""
        _find("format", self.name, FORMATS)
        Width(short=self.short)  # type: ignore[arg-type]  # checked there

    def write(self, folder: Path, negatives: Sequence[Negative]) -> Written:
        """Write a file of that name to a folder; see :func:`write_format`."""
        ending = "jsonl" if self.name == "flagembedding" else "parquet"
        width = Width(short=self.short)  # type: ignore[arg-type]  # checked at the start
        return write_format(folder / f"{self.name}.{ending}", negatives, self.name, width)


def make_triplets(negatives: Sequence[Negative], width: Width) -> tuple[Columns, int]:
    """Give ``anchor, positive, negative``, a row for each negative."""
    return {
        "anchor": [row.anchor for row in negatives],
        "positive": [row.positive for row in negatives],
        "negative": [row.negative for row in negatives],
    }, 0


def make_tuples(negatives: Sequence[Negative], width: Width) -> tuple[Columns, int]:
    """Give ``anchor, positive, negative_1, ...``, a row for each positive of each query.

    Raises:
        DataError: rows have too few negatives, and nothing was chosen for that.
    """
    texts = {
        key: list(dict.fromkeys(row.negative for row in rows))
        for key, rows in _gather(negatives, lambda row: (row.query_id, row.anchor, row.positive))
    }
    size = width.negatives or max(map(len, texts.values()), default=1)
    short = sum(len(found) < size for found in texts.values())
    if short and width.short == "refuse":
        raise DataError(
            f"n-tuples: {short} of {len(texts)} rows have fewer than {size} negatives.\n"
            "Ask for fewer, or choose what becomes of such rows: drop or repeat."
        )
    kept = {
        key: [found[at % len(found)] for at in range(size)]
        for key, found in texts.items()
        if len(found) >= size or width.short == "repeat"
    }
    columns: Columns = {
        "anchor": [anchor for _, anchor, _ in kept],
        "positive": [positive for _, _, positive in kept],
    }
    for at in range(size):
        columns[f"negative_{at + 1}"] = [row[at] for row in kept.values()]
    return columns, len(texts) - len(kept)


def make_labelled_pairs(negatives: Sequence[Negative], width: Width) -> tuple[Columns, int]:
    """Give ``anchor, text, label``: 1 for each positive and 0 for each negative, each pair once."""
    positives = {(row.anchor, row.positive) for row in negatives}
    labels = {
        (row.anchor, text): int((row.anchor, text) in positives)
        for row in negatives
        for text in (row.positive, row.negative)
    }
    return {
        "anchor": [anchor for anchor, _ in labels],
        "text": [text for _, text in labels],
        "label": list(labels.values()),
    }, 0


def make_flagembedding(negatives: Sequence[Negative], width: Width) -> tuple[Columns, int]:
    """Give ``query, pos, neg, pos_scores, neg_scores``, a row for each query.

    Texts and scores stand in the same order, each text once; a score that is not known is null.
    """
    columns: Columns = {name: [] for name in ("query", "pos", "neg", "pos_scores", "neg_scores")}
    for _, rows in _gather(negatives, lambda row: row.query_id):
        positives = {row.positive: _number(row.positive_score) for row in rows}
        others = {row.negative: _number(row.score) for row in rows}
        columns["query"].append(rows[0].anchor)
        columns["pos"].append(list(positives))
        columns["neg"].append(list(others))
        columns["pos_scores"].append(list(positives.values()))
        columns["neg_scores"].append(list(others.values()))
    return columns, 0


FORMATS: Mapping[str, Callable[[Sequence[Negative], Width], tuple[Columns, int]]] = {
    "triplets": make_triplets,
    "n-tuples": make_tuples,
    "labelled-pairs": make_labelled_pairs,
    "flagembedding": make_flagembedding,
}
"""Name to the function that gives the columns, and the number of rows left out."""


def _write_parquet(path: Path, columns: Columns) -> None:
    """Write columns as a parquet file; one without rows has the same types."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    texts, scores = pa.list_(pa.string()), pa.list_(pa.float64())
    types = {
        "label": pa.int64(),
        "pos": texts,
        "neg": texts,
        "pos_scores": scores,
        "neg_scores": scores,
    }
    table = {
        name: pa.array(values, types.get(name, pa.string())) for name, values in columns.items()
    }
    pq.write_table(pa.table(table), path, compression="zstd")


def _write_json_lines(path: Path, columns: Columns) -> None:
    """Write columns as one JSON object a line, Korean left as Korean."""
    with path.open("w", encoding="utf-8") as stream:
        for values in zip(*columns.values(), strict=True):
            row = dict(zip(columns, values, strict=True))
            stream.write(json.dumps(row, ensure_ascii=False) + "\n")


WRITERS: Mapping[str, Callable[[Path, Columns], None]] = {
    ".parquet": _write_parquet,
    ".jsonl": _write_json_lines,
}
"""Suffix to writer."""


def _find(kind: str, name: str, table: Mapping[str, Any]) -> Any:  # noqa: ANN401 - the row of a table
    """Give a row of a table, or name the rows that there are."""
    if name not in table:
        raise InputError(f"{kind} {name!r}: not one that is written.\nKnown: {', '.join(table)}.")
    return table[name]


def _gather(
    negatives: Sequence[Negative], key: Callable[[Negative], Any]
) -> Sequence[tuple[Any, list[Negative]]]:
    """Put negatives with the same key together, keys in order of appearance."""
    gathered: dict[Any, list[Negative]] = {}
    for row in negatives:
        gathered.setdefault(key(row), []).append(row)
    return list(gathered.items())


def _number(score: float) -> float | None:
    """Give a score as JSON can hold it."""
    return score if math.isfinite(score) else None
