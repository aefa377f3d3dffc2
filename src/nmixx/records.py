"""The rows that pass between stages: frozen dataclasses, each the schema of a parquet file.

A record keeps the columns nmixx does not know in ``extra`` and writes them back, so a user's own
columns survive every stage. ``group`` joins texts that mean the same (a sentence, its translation,
its paraphrases, near-duplicates); nothing in a group is ever another's negative.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar, Self

CATEGORIES = ("news", "disclosure", "report", "regulation", "qa", "general")
"""The categories with a meaning of their own; a recipe may use others."""

SAME_MEANING = frozenset({"translation", "paraphrase"})
"""Kinds of pairs whose two sides say the same."""


@dataclass(frozen=True)
class Record:
    """Base of all records: conversion from and to plain rows."""

    optional: ClassVar[frozenset[str]] = frozenset()
    filled: ClassVar[frozenset[str]] = frozenset()
    """Columns whose cells must hold more than white space."""

    @classmethod
    def columns(cls) -> dict[str, type]:
        """Name and Python type of each column, in file order."""
        types = {"str": str, "float": float, "int": int}
        return {f.name: types[str(f.type)] for f in fields(cls) if f.name != "extra"}

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        """Build a record; unknown columns go to ``extra``.

        Raises:
            KeyError: a required column is missing.
        """
        columns = cls.columns()
        values: dict[str, Any] = {
            name: convert(row[name])
            for name, convert in columns.items()
            if name not in cls.optional or row.get(name) is not None
        }
        values["extra"] = {name: value for name, value in row.items() if name not in columns}
        return cls(**values)

    def to_row(self) -> dict[str, Any]:
        """Give the record as a plain row, with the extra columns after its own."""
        row = {name: getattr(self, name) for name in self.columns()}
        return row | getattr(self, "extra", {})


@dataclass(frozen=True)
class Document(Record):
    """One text in one language."""

    id: str
    text: str
    lang: str
    category: str
    group: str
    source: str
    extra: dict[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Pair(Record):
    """Two texts that belong together; ``kind`` says how, for example as a translation."""

    id: str
    anchor: str
    positive: str
    anchor_lang: str
    positive_lang: str
    kind: str
    category: str
    group: str
    extra: dict[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Triplet(Record):
    """An anchor, a text that means the same and one that does not."""

    filled: ClassVar[frozenset[str]] = frozenset({"anchor", "positive", "negative"})

    anchor: str
    positive: str
    negative: str
    category: str
    anchor_lang: str
    positive_lang: str
    negative_lang: str
    positive_kind: str
    negative_kind: str
    confidence: float
    group: str
    provenance: str
    extra: dict[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class ScoredPair(Record):
    """Two sentences and how similar people find them."""

    optional: ClassVar[frozenset[str]] = frozenset({"category", "shift"})

    sentence1: str
    sentence2: str
    score: float
    lang: str
    category: str = ""
    shift: str = ""
    extra: dict[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Candidate(Record):
    """One line of a run: a document that a teacher found for a query."""

    query_id: str
    document_id: str
    rank: int
    score: float
    teacher: str
    extra: dict[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Dropped(Record):
    """A row that a stage left out, and why."""

    id: str
    text: str
    source: str
    reason: str
    detail: str
    extra: dict[str, Any] = field(default_factory=dict, repr=False)
