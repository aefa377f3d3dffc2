"""Natural language inference: from labelled premises and hypotheses to positives and negatives."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from nmixx.corpus.readers import Row, read_rows
from nmixx.errors import DataError

_PREMISE, _HYPOTHESIS, _LABEL = COLUMNS = ("premise", "hypothesis", "label")
# Numbers in the order of the data sets of the Hub; "-" and -1 where the annotators disagreed.
_LABELS: Mapping[Any, str] = {
    name: label
    for label, names in {
        "entailment": ("entailment", 0),
        "neutral": ("neutral", 1, "-", -1),
        "contradiction": ("contradiction", 2),
    }.items()
    for name in names
}


def read_pair_rows(path: str) -> Iterator[tuple[int, Row]]:
    """Stream the rows of a file of pairs; those of an inference set become pairs.

    As in supervised SimCSE (Gao et al., arXiv 2104.08821, section 4), what a premise entails is its
    positive and what contradicts it a hard negative. A premise without an entailed hypothesis gives
    no pair.

    Args:
        path: a single file, as for :func:`nmixx.corpus.readers.read_rows`.

    Yields:
        The row's number and its columns; of an inference set the number of the entailed hypothesis,
        ``anchor``, ``positive``, ``negative`` (a list), ``kind`` and the columns beside.

    Raises:
        DataError: a premise or hypothesis is no text, or a label is none of the known ones; the row
            is named. Or no hypothesis is entailed, so that there is no pair.
    """
    rows = read_rows(path)
    first = next(rows, None)
    if first is None:
        return iter(())
    every = itertools.chain([first], rows)
    return _join(path, every) if set(COLUMNS) <= set(first[1]) else every


def _join(path: str, rows: Iterable[tuple[int, Row]]) -> Iterator[tuple[int, Row]]:
    """Gather the hypotheses of each premise, in the order in which premises are first met."""
    premises: dict[str, dict[str, list[tuple[int, Row]]]] = {}
    for number, row in rows:
        label = _label(row, f"{path}: row {number}")
        premises.setdefault(row[_PREMISE], {}).setdefault(label, []).append((number, row))
    if not any("entailment" in hypotheses for hypotheses in premises.values()):
        raise DataError(
            f"{path}: no hypothesis is entailed by its premise, so there is no pair.\n"
            "Check that label names entailment, or 0 for it."
        )
    for premise, hypotheses in premises.items():
        against = [row[_HYPOTHESIS] for _, row in hypotheses.get("contradiction", ())]
        for number, row in hypotheses.get("entailment", ()):
            rest = {name: value for name, value in row.items() if name not in COLUMNS}
            pair = {"anchor": premise, "positive": row[_HYPOTHESIS], "kind": "entailment"}
            yield number, pair | ({"negative": against} if against else {}) | rest


def _label(row: Row, where: str) -> str:
    """Give a row's label by its name, and refuse a row that is not whole."""
    missing = [name for name in COLUMNS if name not in row]
    if missing:
        raise DataError(f"{where}: no {missing[0]}, which the first row has.")
    for name in (_PREMISE, _HYPOTHESIS):
        if not isinstance(row[name], str):
            raise DataError(f"{where}: {name} is {row[name]!r:.40}; a text was expected.")
    value = row[_LABEL]
    name = value.strip().lower() if isinstance(value, str) else value
    if not isinstance(name, (str, int)) or name not in _LABELS:
        raise DataError(
            f"{where}: {_LABEL} is {value!r:.40}; expected entailment, neutral or contradiction, "
            "or 0, 1, 2."
        )
    return _LABELS[name]
