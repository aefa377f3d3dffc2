"""Negatives that a pair brings along: somebody chose them, so they can be trained on."""

from __future__ import annotations

import json
import re
from typing import Any

from nmixx.errors import DataError
from nmixx.records import Pair

COLUMN = "negatives"
"""The extra column that holds them after the corpus stage, as a JSON list."""

# FlagEmbedding's list, and the columns of triplets and n-tuples.
_NAMES = re.compile(r"negs?|negatives?|negative_\d+")


def names_negatives(column: str) -> bool:
    """Tell whether a column of this name holds negatives."""
    return _NAMES.fullmatch(column) is not None


def given_negatives(pair: Pair) -> list[str]:
    """List the negatives in a pair's extra columns, each text once.

    Raises:
        DataError: one is no text; the pair is named.
    """
    found: dict[str, None] = {}
    for name in filter(names_negatives, pair.extra):
        for text in _texts(name, pair.extra[name]):
            if not isinstance(text, str):
                raise DataError(f"pair {pair.id}: {name} holds {text!r:.40}; a text was expected.")
            found[text] = None
    return list(found)


def _texts(name: str, value: Any) -> list[Any]:  # noqa: ANN401 - a cell of any type
    """Give what a cell holds as a list."""
    if name == COLUMN and isinstance(value, str) and value.startswith("["):
        value = json.loads(value)
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
