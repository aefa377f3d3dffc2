"""Pools and teachers made on the spot: any scores, any similarities, any texts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from nmixx.encoding import FloatArray
from nmixx.mining import MiningSettings, mine_hard_negatives
from nmixx.mining.miner import MiningResult
from nmixx.mining.pool import Pool
from nmixx.mining.runs import Run
from nmixx.mining.teachers import Query
from nmixx.mining.teachers.dense import DenseTeacher
from nmixx.mining.teachers.table import TableScorer
from nmixx.records import Document, Pair
from nmixx.testing import HashEncoder

DIMENSIONS = 32
"""Of the vectors of :func:`hash_teacher`; few make it a rough one."""


def pair(number: int, anchor: str = "", positive: str = "", **changes: Any) -> Pair:
    """Make a Korean question and its English answer, in a group of their own."""
    values: dict[str, Any] = {
        "id": f"p{number}",
        "anchor": anchor or f"질문 {number}",
        "positive": positive or f"Answer {number}",
        "anchor_lang": "ko",
        "positive_lang": "en",
        "kind": "qa",
        "category": "news",
        "group": f"g{number}",
    }
    return Pair(**values | changes)


def document(number: int, text: str = "", **changes: Any) -> Document:
    """Make an English document in a group of its own."""
    values: dict[str, Any] = {
        "id": f"d{number}",
        "text": text or f"Text {number}",
        "lang": "en",
        "category": "news",
        "group": f"gd{number}",
        "source": "test",
    }
    return Document(**values | changes)


def pool_of(positives: Sequence[Sequence[int]], langs: Sequence[str]) -> Pool:
    """Lay out Korean queries with known rows as positives, and a document for each language."""
    owners = {row: number for number, rows in enumerate(positives) for row in rows}
    groups = [f"g{owners[row]}" if row in owners else f"gd{row}" for row in range(len(langs))]
    return Pool(
        tuple(Query(f"q{n}", f"ask {n}", "ko", tuple(rows)) for n, rows in enumerate(positives)),
        tuple(
            tuple(pair(n, f"ask {n}", f"Text {row}", id=f"q{n}.{row}") for row in rows)
            for n, rows in enumerate(positives)
        ),
        tuple(
            document(row, lang=lang, group=group)
            for row, (lang, group) in enumerate(zip(langs, groups, strict=True))
        ),
    )


def scorer_of(scores: Any, queries: Sequence[Query], similarity: Any = None) -> TableScorer:
    """Make a teacher of a matrix of scores, NaN where it knows none, and one of similarities."""
    scores = np.asarray(scores, dtype=np.float32)
    rows, columns = np.nonzero(~np.isnan(scores))
    run = Run.build(rows, columns, scores[rows, columns], count=len(scores))
    compare = None if similarity is None else lambda one, other: similarity[one, other]
    return TableScorer("table", run, queries, compare)


def hash_teacher(folder: Path, *, dimensions: int = DIMENSIONS) -> DenseTeacher:
    """Make a dense teacher that finds similarly spelt texts similar."""
    encoder = Remembering(dimensions)
    return DenseTeacher("hash", encoder, encoder, folder)


class Remembering(HashEncoder):
    """Encodes a text once a process: many tests encode the same ones."""

    def encode(self, texts: Sequence[str]) -> FloatArray:
        rows = [_encode(text, self._dimension) for text in texts]
        return np.array(rows, dtype=np.float32).reshape(len(rows), self._dimension)


@cache
def _encode(text: str, dimensions: int) -> FloatArray:
    row: FloatArray = HashEncoder(dimensions).encode([text])[0]
    return row


def make_documents(number: int = 60) -> list[Document]:
    """Make sentences of their own groups, every other one marked as Korean."""
    return [
        document(at, f"Sales {at} rose {at * 7 % 5}", lang="en" if at % 2 else "ko")
        for at in range(number)
    ]


def mine(
    pairs: Sequence[Pair],
    documents: Sequence[Document],
    folder: Path,
    settings: MiningSettings,
    **more: Any,
) -> MiningResult:
    """Mine with the hash teacher into ``folder/mined``."""
    teacher = hash_teacher(folder / "store")
    return mine_hard_negatives(pairs, documents, teacher, settings, folder / "mined", **more)
