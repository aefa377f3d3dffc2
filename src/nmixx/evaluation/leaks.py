"""Leaks: rows of a task whose texts the model was trained on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nmixx.errors import DataError
from nmixx.evaluation.sides import list_sides
from nmixx.progress import track

TEXT_COLUMNS = (
    *("anchor", "positive", "negative", "query", "pos", "neg", "question", "answer"),
    *("text", "sentence1", "sentence2", "premise", "hypothesis", "ko", "en"),
)
"""Columns of training files that hold texts."""

RUN_FILES = ("corpus/pairs.parquet", "triplets/triplets.parquet", "mining/negatives.parquet")
"""What a run's model was trained on, under the run's folder."""


@dataclass(frozen=True)
class TrainingTexts:
    """The texts of training rows, as keys that ignore form: to each the numbers of its rows."""

    rows: Mapping[str, frozenset[int]] = field(default_factory=dict)


def training_files(model: str) -> list[Path]:
    """List what a run's model was trained on; nothing for a model that is no run's."""
    run = Path(model).expanduser().parent
    return [run / name for name in RUN_FILES if (run / name).exists()]


def read_training_texts(paths: Iterable[str | Path]) -> TrainingTexts:
    """Read the texts of training files.

    Raises:
        DataError: a file cannot be read, or has no column of texts.
    """
    from nmixx.corpus.clean import normalise_key
    from nmixx.corpus.readers import read_rows

    rows: dict[str, set[int]] = {}
    number = 0
    for path in paths:
        before = len(rows)
        for _, row in track(read_rows(str(path)), f"reading {Path(path).name}"):
            number += 1
            for text in _texts(row):
                rows.setdefault(normalise_key(text), set()).add(number)
        if len(rows) == before:
            raise DataError(
                f"{path}: no texts of training.\nExpected a column such as "
                f"{', '.join(TEXT_COLUMNS[:3])}."
            )
    return TrainingTexts({key: frozenset(some) for key, some in rows.items() if key})


def find_leaks(task: Any, training: TrainingTexts) -> list[str]:  # noqa: ANN401 - any kind of task
    """Say how many of a task's rows stand in the training texts.

    Args:
        task: loaded; kinds whose texts are not known beforehand are passed over.
        training: what the model saw.
    """
    from nmixx.corpus.clean import normalise_key

    every = list_sides(task)
    if every is None or not training.rows:
        return []
    whole = part = 0
    for texts in every:
        found = [training.rows.get(normalise_key(text), frozenset()) for text in texts]
        together = len(texts) > 1 and bool(frozenset.intersection(*found))
        whole += together
        part += not together and any(found)
    if not whole + part:
        return []
    return [
        f"leaked: {whole:,} of {len(every):,} rows stand in the training data as they are, "
        f"{part:,} with one of their texts"
    ]


def _texts(row: Mapping[str, Any]) -> Iterable[str]:
    """List the texts of a training row."""
    for name in TEXT_COLUMNS:
        value = row.get(name)
        for text in value if isinstance(value, list) else (value,):
            if isinstance(text, str):
                yield text
