"""Edits of a text, and the making of a rule out of finders of edits.

A finder looks at a text and lists the changes it could make there; a rule takes the first change
that leaves a sound text. Everything a rule does is such a change, so spacing, capitals and the
choice of `a` or `an` are looked after here and nowhere else.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from nmixx.triplets.rules.rule import Rule


@dataclass(frozen=True, slots=True)
class Edit:
    """The characters from `start` to `end` give way to `new`."""

    start: int
    end: int
    new: str


Change = tuple[Edit, ...]
Finder = Callable[[str, random.Random], list[Change]]

_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_SPACED_COMMA = re.compile(r"\w ,(?=\s)|\w \.\s*$")
_TIGHT_COMMA = re.compile(r"(?<=\w),(?=\s|$)")
_ARTICLE_AT_END = re.compile(r"\b([Aa])n?(\s+)$")
_ARTICLE_INSIDE = re.compile(r"\b([Aa])n?(\s+)(?=([A-Za-z][\w-]*))")
_FIRST_WORD = re.compile(r"\s*([A-Za-z][\w-]*)")
_VOWEL_SOUND = re.compile(
    r"(?!eu|uni(?!n|m)|us[ei]|one\b|once\b|ubiq|u[kt]i)[aeiou]|hono|hour|heir|"
    r"(?-i:[FHLMNRSX](?:[A-Z]|\b))",
    re.IGNORECASE,
)
_CLOSING = re.compile(r"\s*(?:[,.;:!?)]|$)")


def insert(position: int, phrase: str) -> Change:
    """Make the change that sets a phrase behind the word that ends at `position`."""
    return (Edit(position, position, phrase if phrase.startswith(",") else f" {phrase}"),)


def replace(start: int, end: int, new: str) -> Change:
    """Make the change of one edit."""
    return (Edit(start, end, new),)


def apply_change(text: str, change: Iterable[Edit]) -> str:
    """Return the text with every edit made, fitted to its neighbours."""
    spaced = bool(_SPACED_COMMA.search(text))
    for edit in sorted(change, key=lambda one: one.start, reverse=True):
        text = _splice(text, edit, spaced)
    return text


def match_case(new: str, old: str) -> str:
    """Give `new` the capital first letter of `old`, if it has one."""
    return new[:1].upper() + new[1:] if old[:1].isupper() else new


def agree_articles(text: str) -> str:
    """Put right every `a` and `an` before a word."""
    return _ARTICLE_INSIDE.sub(lambda m: _article(m[1], m[3]) + m[2], text)


def list_figures(text: str) -> list[str]:
    """List the figures of a text in alphabetical order."""
    return sorted(_FIGURE.findall(text))


def make_rule(*finders: Finder, keep_figures: bool = True) -> Rule:
    """Make the rule that tries the finders in random order until one change holds."""

    def rule(text: str, rng: random.Random) -> str | None:
        for finder in rng.sample(finders, len(finders)):
            changes = finder(text, rng)
            for change in rng.sample(changes, min(len(changes), 4)):
                changed = apply_change(text, change)
                if changed.split() == text.split() or not changed.strip():
                    continue
                if not keep_figures or list_figures(changed) == list_figures(text):
                    return changed
        return None

    return rule


def _splice(text: str, edit: Edit, spaced: bool) -> str:
    before, after, new = text[: edit.start], text[edit.end :], edit.new
    if new.endswith(",") and _CLOSING.match(after):
        new = new[:-1]
    if not new.strip() and (not before or before[-1].isspace()):
        after = after.lstrip()
    # "Odell Inc. (Lund)." loses its bracket and one of its full stops.
    if not new and before.endswith(".") and after.startswith("."):
        after = after[1:]
    if spaced:
        new = _TIGHT_COMMA.sub(" ,", new)
    following = _FIRST_WORD.match(new if new.strip() else after)
    article = _ARTICLE_AT_END.search(before)
    if article and following:
        before = before[: article.start()] + _article(article[1], following[1]) + article[2]
    return before + new + after


def _article(letter: str, word: str) -> str:
    return f"{letter}n" if _VOWEL_SOUND.match(word) else letter
