"""The rows of a benchmark in the making: pairs to be judged, and what annotators said of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from nmixx.corpus.shapes import content_id
from nmixx.records import SAME_MEANING, Record

Kind = tuple[str, str, str, bool]
"""Category, contrast, language, and whether the pair is faithful."""


@dataclass(frozen=True)
class Item(Record):
    """Two sentences to be judged, and what the drafter meant them to be.

    ``shift`` says how the second sentence departs from the first: ``paraphrase`` and
    ``translation`` are faithful, all else is a shift's name. ``contrast`` is the shift that the
    pair was drafted for: faithful pairs have one too, since they are what its shifted pairs are
    told apart from. ``source`` is the document, ``group`` what must stay in one split.
    """

    id: str
    sentence1: str
    sentence2: str
    lang: str
    category: str
    shift: str
    contrast: str
    group: str
    source: str
    made: str
    extra: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def faithful(self) -> bool:
        """Tell whether the second sentence was meant to say the same."""
        return self.shift in SAME_MEANING


def make_id(one: str, two: str) -> str:
    """Make a pair's id, which depends on its two sentences alone.

    A letter comes first: a spreadsheet takes hexadecimal digits for a number now and then.
    """
    return f"p{content_id(one, two)[:12]}"


def kind_of(item: Item) -> Kind:
    """Give the kind of a pair, of which a draft holds as many as its place allows."""
    return item.category, item.contrast, item.lang, item.faithful


@dataclass(frozen=True)
class Judgement(Record):
    """One annotator's score of one pair."""

    optional: ClassVar[frozenset[str]] = frozenset({"comment"})

    id: str
    annotator: str
    score: float
    comment: str = ""
    extra: dict[str, Any] = field(default_factory=dict, repr=False)
