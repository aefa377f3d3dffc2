"""Whether names stay: capitalised words of English, Latin letters and proper nouns of Korean."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from nmixx.records import Triplet
from nmixx.triplets.checks.check import lower_by_share, says_the_same
from nmixx.triplets.quantities.tables import CURRENCIES, ENGLISH_SCALES, MONTHS

_WORD = re.compile(r"[A-Za-z][A-Za-z0-9&'’-]*")
_LATIN = re.compile(r"(?<![A-Za-z])[A-Za-z][A-Za-z&-]*(?![A-Za-z])")
_SENTENCE_START = re.compile(r"(?:^|[.!?:;]\s+|[\"“‘`(]\s*)$")
_PLAIN_WORDS = """
the a an i it he she we they its his her our their this that these those in on at of for and or but
mr mrs ms dr inc ltd plc corp co oyj oy ab asa group company corporation percent am pm us usa
monday tuesday wednesday thursday friday saturday sunday bp bps fy yoy qoq pct q h
"""
_NO_NAMES = (
    frozenset(_PLAIN_WORDS.split()) | MONTHS.keys() | ENGLISH_SCALES.keys() | CURRENCIES.keys()
)
_FLOOR = 0.6  # of the score across languages
_TITLE_SHARE = 0.6  # of capitalised words: a headline, where capitals say nothing


def keep_names(triplet: Triplet) -> float | None:
    """Score by the share of the anchor's names that the positive has.

    Across languages only names in Latin letters can be compared, and a translator may write one
    out, so a lost one there is a doubt and no fault.
    """
    if not says_the_same(triplet):
        return None
    langs = (triplet.anchor_lang, triplet.positive_lang)
    if langs[0] == langs[1]:
        kept, total = _count(_FINDERS.get(langs[0]), triplet.anchor, triplet.positive)
        return lower_by_share(kept, total)
    if set(langs) != {"ko", "en"}:
        return None
    korean, english = triplet.anchor, triplet.positive
    if langs[0] == "en":
        korean, english = english, korean
    kept, total = _count(find_latin, korean, english)
    return None if total == 0 else round(_FLOOR + (1 - _FLOOR) * kept / total, 4)


def find_english(text: str) -> frozenset[str]:
    """List capitalised words that no sentence begins with, in lower case; none in a headline."""
    matches = list(_WORD.finditer(text))
    capital = [match for match in matches if match[0][0].isupper()]
    if len(capital) > _TITLE_SHARE * len(matches):
        return frozenset()
    inner = [
        m for m in capital if not _SENTENCE_START.search(text[max(0, m.start() - 3) : m.start()])
    ]
    return frozenset(filter(_is_name, (_strip(match[0]) for match in inner)))


def find_latin(text: str) -> frozenset[str]:
    """List words in Latin letters with a capital, in lower case, units and currencies left out."""
    found = (match[0] for match in _LATIN.finditer(text))
    return frozenset(
        filter(_is_name, (_strip(word) for word in found if len(word) > 1 and not word.islower()))
    )


@lru_cache(maxsize=16384)
def find_korean(text: str) -> frozenset[str]:
    """List names in Latin letters, and proper nouns of two syllables and more if Kiwi is there."""
    return find_latin(text) | _proper_nouns(text)


def _proper_nouns(text: str) -> frozenset[str]:
    """Ask Kiwi for proper nouns."""
    try:
        import kiwipiepy  # noqa: F401 - only to see whether it is there
    except ImportError:
        return frozenset()
    from nmixx.triplets.rules.korean.morphology import analyse

    morphemes = analyse(text).morphemes
    return frozenset(m.form for m in morphemes if m.tag == "NNP" and len(m.form) > 1)


_FINDERS: dict[str, Callable[[str], frozenset[str]]] = {"en": find_english, "ko": find_korean}


def _count(
    finder: Callable[[str], frozenset[str]] | None, text: str, other: str
) -> tuple[int, int]:
    """Count the names of one text that stand in another, and all of them."""
    names = finder(text) if finder else frozenset()
    there = other.lower()
    return sum(name in there for name in names), len(names)


def _strip(word: str) -> str:
    """Take a possessive ending away."""
    return re.sub(r"['’]s?$", "", word).strip("-&").lower()


def _is_name(word: str) -> bool:
    """Tell whether a capitalised word can be a name."""
    return len(word) > 1 and word not in _NO_NAMES
