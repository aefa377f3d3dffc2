"""The bundled sample: small Korean and English finance texts, written for nmixx (CC0)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nmixx.errors import DataError

__all__ = ["SAMPLE_CATEGORIES", "SAMPLE_KINDS", "read_sample"]

SAMPLE_KINDS = ("pairs", "documents", "benchmark")
"""Translations, texts in one language, scored pairs."""

SAMPLE_CATEGORIES = ("news", "disclosure", "report", "regulation")
"""The folders of the sample, in reading order."""

SAMPLE_SPLITS = ("train", "test")
"""Parts of a kind, as in ``pairs/test``: every fifth row is for testing."""

_TEST_EVERY = 5


def read_sample(name: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Stream (row number, row) of one kind of the sample, all categories in turn.

    Args:
        name: one of :data:`SAMPLE_KINDS`, and after a slash one of :data:`SAMPLE_SPLITS` when only
            a part is wanted; row numbers are those of the whole.

    Raises:
        DataError: there is no such kind or part.
    """
    kind, slash, split = name.partition("/")
    if kind not in SAMPLE_KINDS or (slash and split not in SAMPLE_SPLITS):
        raise DataError(
            f"sample:{name}: no such sample.\n"
            f"There are: {', '.join(f'sample:{known}' for known in SAMPLE_KINDS)}; each also in "
            "parts, as in sample:pairs/train and sample:pairs/test."
        )
    for number, row in _read_kind(kind):
        if not slash or (number % _TEST_EVERY == 0) == (split == "test"):
            yield number, row


def _read_kind(kind: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Stream all rows of a kind."""
    number = 0
    for category in SAMPLE_CATEGORIES:
        path = Path(__file__).parent / category / f"{kind}.jsonl"
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                number += 1
                yield number, json.loads(line)
