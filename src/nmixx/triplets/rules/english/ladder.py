"""Ladders: words of one kind on rungs, as in `fall | drop`, `rise | climb`.

Words that share a rung can stand for one another; words of different rungs differ in meaning.
One table row is one ladder, so opposites, scales of degree, classes of business words and synonyms
are all the same thing, read in two ways: move to another rung, or stay on one's own.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from nmixx.triplets.rules.english.context import CONTEXTS, form_fits, read_context
from nmixx.triplets.rules.english.edit import Change, Finder, match_case, replace
from nmixx.triplets.rules.english.inflection import VERB_FORMS, inflect, pluralise
from nmixx.triplets.rules.english.syntax import is_name_part
from nmixx.triplets.rules.english.table import compile_words, read_rows, split_cell

SINGULAR, PLURAL, AS_IS = "singular", "plural", "as is"
# A row of this kind guards a set phrase: no word inside it is touched.
_KEEP = "keep"
_NAME = "name"
# Rows of these kinds lead from the first rung to the others and not back.
_ONE_WAY = frozenset({"term", "closing term", "whole phrase"})


@dataclass(frozen=True, slots=True)
class Rung:
    """One place of a surface word: its ladder's kind, its form, and the words around it there."""

    kind: str
    form: str
    here: tuple[str, ...]
    elsewhere: tuple[str, ...]


_VERB_KINDS = frozenset({"acting", "verb", "active", "intransitive", "transitive"})
_NOUN_KINDS = frozenset({"noun", "nounish", "bare noun"})


def find_moves(table: str, *, reach: int = 9, fresh: bool = False) -> Finder:
    """Make the finder that moves one word to another rung of its ladder, ``reach`` away at most.

    With ``fresh`` no word comes in that the text has already: "food and energy" must not become
    "energy and energy".
    """

    def find(text: str, rng: random.Random) -> list[Change]:
        lowered = text.lower()
        return [
            replace(match.start(), match.end(), fit_words(fitting, match[0], rng))
            for match, choices in _match_words(table, text, away=True, reach=reach)
            if (fitting := [word for word in choices if not fresh or word.lower() not in lowered])
        ]

    return find


def find_synonyms(table: str) -> Finder:
    """Make the finder that puts another word of the same rung."""

    def find(text: str, rng: random.Random) -> list[Change]:
        return [
            replace(match.start(), match.end(), fit_words(choices, match[0], rng))
            for match, choices in _match_words(table, text, away=False)
        ]

    return find


def list_words(table: str, text: str) -> list[re.Match[str]]:
    """List the words of a table in a text, in whatever sense they stand there."""
    pattern, places = _load(table, 0)
    return [m for m in pattern.finditer(text) if " ".join(m[0].lower().split()) in places]


def fit_words(choices: list[str], old: str, rng: random.Random) -> str:
    """Choose one of the words and give it the capital of the old one."""
    return match_case(rng.choice(choices), old)


def _match_words(
    table: str, text: str, *, away: bool, reach: int = 0
) -> Iterator[tuple[re.Match[str], list[str]]]:
    pattern, places = _load(table, reach)
    for match in pattern.finditer(text):
        if text[: match.start()].endswith("(") and text[match.end() :].startswith(")"):
            continue  # an abbreviation of what stands before it
        named = is_name_part(text, match)
        context = read_context(text, match)
        choices = [
            word
            for rung in places.get(" ".join(match[0].lower().split()), ())
            if (rung.kind == _NAME) == named
            and form_fits(context, rung.form)
            and CONTEXTS[rung.kind](context, rung.form)
            for word in (rung.elsewhere if away else rung.here)
        ]
        if choices:
            yield match, choices


@cache
def _load(table: str, reach: int) -> tuple[re.Pattern[str], dict[str, list[Rung]]]:
    places: dict[str, list[Rung]] = {}
    for kind, *cells in read_rows(table):
        rungs = [split_cell(cell) for cell in cells]
        for number, here in enumerate(rungs[:1] if kind in _ONE_WAY else rungs):
            near = (rung for i, rung in enumerate(rungs) if 0 < abs(i - number) <= reach)
            elsewhere = tuple(word for rung in near for word in rung)
            for word in here:
                others = tuple(other for other in here if other != word)
                for form, surface in _list_surfaces(kind, word):
                    places.setdefault(surface.lower(), []).append(
                        Rung(kind, form, _put(others, kind, form), _put(elsewhere, kind, form))
                    )
    kept = {surface for surface, rungs in places.items() if any(r.kind == _KEEP for r in rungs)}
    return compile_words(tuple(places)), {k: v for k, v in places.items() if k not in kept}


def _list_surfaces(kind: str, word: str) -> list[tuple[str, str]]:
    if kind in _VERB_KINDS:
        return [(form, inflect(word, form)) for form in VERB_FORMS]
    if kind in _NOUN_KINDS:
        return [(SINGULAR, word), (PLURAL, pluralise(word))]
    return [(AS_IS, word)]


def _put(words: tuple[str, ...], kind: str, form: str) -> tuple[str, ...]:
    if kind in _VERB_KINDS:
        return tuple(inflect(word, form) for word in words)
    return tuple(pluralise(word) for word in words) if form == PLURAL else words
