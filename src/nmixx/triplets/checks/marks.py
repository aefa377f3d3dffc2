"""Marks: the words by which a shift shows, listed a language in ``lexicon/LANG.tsv``."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files


def count_marks(text: str, lang: str, classes: Iterable[str]) -> Counter[tuple[str, str]]:
    """Count the marks of some classes in a text: (class, mark) to how often it stands there."""
    known = read_marks(lang)
    lowered = text.lower()
    return Counter(
        (name, match[0])
        for name in classes
        for match in known.get(name, _NOTHING).finditer(lowered)
    )


def count_classes(text: str, lang: str, classes: Iterable[str]) -> Counter[str]:
    """Count the marks of each class."""
    found: Counter[str] = Counter()
    for (name, _), number in count_marks(text, lang, classes).items():
        found[name] += number
    return found


@cache
def read_marks(lang: str) -> Mapping[str, re.Pattern[str]]:
    """Read a language's classes and their patterns; none for a language without a list."""
    source = files(__package__) / "lexicon" / f"{lang}.tsv"
    if not source.is_file():
        return {}
    lines = source.read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return {name: _compile(marks.split("|"), lang) for name, marks in rows}


def _compile(marks: Iterable[str], lang: str) -> re.Pattern[str]:
    """Make a pattern of marks, the longest first.

    In writing with spaces a mark begins a word, and goes on to its end; three letters and fewer are
    the whole word.
    """
    ordered = sorted(set(marks), key=len, reverse=True)
    if lang == "ko":
        return re.compile("|".join(map(re.escape, ordered)))
    whole = [re.escape(mark) for mark in ordered if len(mark) <= 3 and mark != "n't"]
    begun = [re.escape(mark) for mark in ordered if len(mark) > 3]
    return re.compile(rf"\b(?:(?:{'|'.join(begun)})\w*|(?:{'|'.join(whole)})\b)|n't\b")


_NOTHING = re.compile(r"(?!)")
