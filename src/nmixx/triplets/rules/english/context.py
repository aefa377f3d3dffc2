"""Contexts: what must stand around a word for it to be the verb, noun or adjective it looks like.

English words change class without changing form, so each row of a ladder names its kind, and the
kind says in which context its words are meant: `rise` counts as a verb in `prices rose to 5 won`
and as a noun in `the rise in prices`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from nmixx.triplets.rules.english.inflection import BASE, GERUND, PARTICIPLE, PAST, THIRD
from nmixx.triplets.rules.english.table import read_words


@dataclass(frozen=True, slots=True)
class Context:
    """The words beside a match, lower-cased except `after`."""

    previous: str
    earlier: str
    after: str


_REACH = 80
_PREVIOUS = re.compile(r"(\S+)\s+$")
_EARLIER = re.compile(r"((?:\S+\s+){1,4})$")
_BE = r"(?:is|are|was|were|be|been|being|get|gets|got)"
_PERFECT = re.compile(
    rf"\b(?:has|have|had|having|{_BE}),?\s+(?:\w+ly,?\s+|not\s+|also,?\s+|already\s+|however,\s+|"
    r"nevertheless,\s+|therefore,\s+)*$"
)
_PASSIVE = re.compile(rf"\b{_BE}\s+(?:\w+ly\s+|not\s+|also\s+)*$")
# What tells "a price rise in May" from "prices rise".
_NOUN_TAIL = re.compile(r"\s+(?:in|of|is|was|were|are|has|had)\b")
_NO_OBJECT = re.compile(
    r"\s*(?:[.,;:)]|$|\d|(?:EUR|USD|SEK|GBP|KRW|\$|€|£)|(?:by|to|from|in|on|at|during|over|and|but|"
    r"as|for|after|since|because|while|slightly|sharply|somewhat|significantly|substantially|"
    r"further|again|again|more|less|compared|year-on-year|clearly|considerably|markedly|strongly|"
    r"steadily|gradually|rapidly|last|this|due|following|with|amid|about|around|nearly|almost)\b)",
    re.IGNORECASE,
)
_DETERMINED = (
    r"the|an?(?! (?:little|bit|touch|lot|few)\b)|its|their|our|his|her|"
    r"this(?! (?:month|year|week|quarter))|these|all|some|both"
)
_OBJECT = re.compile(
    rf"\s+(?:{_DETERMINED}|"
    r"(?:first|second|third|fourth)-quarter|production|demand|sales|costs|capacity|investment|"
    r"prices|profit|margins|rates|growth|inflation|employment|[A-Z][a-z]+)\b"
)
# "increasing demand" is a demand that increases, "increasing the output" a deed.
_SURE_OBJECT = re.compile(rf"\s+(?:{_DETERMINED})\b")
# What tells "volume increases by 5 %" from "volume increases in Asia".
_VERB_TAIL = re.compile(
    r"\s+(?:by|to\s+(?=[\d$€£]|EUR|USD|about|around|some)|from|\d|EUR|USD|\$|€|£|\w+ly\b)"
)
_PHRASE_END = re.compile(
    r"\s*(?:[.,;:)]|$|(?:and|or|in|of|for|to|is|are|was|were|has|have|had|will|would|could|should|"
    r"may|might|can|remains?|remained|rose|fell|at|on|by|from|as|that|which|while|with|during|over|"
    r"since|than|also|continued|increased|declined|decreased|picked|began)\b)"
)
_FIGURE_NEXT = re.compile(r"\s*(?:\d|EUR|USD|SEK|GBP|KRW|\$|€|£|(?:some|about|around|by)\s+\d)")
_ADJECTIVE_NEXT = re.compile(r"\s+[a-z]+")


def _follows(context: Context, group: str) -> bool:
    return context.previous in read_words("function_words", group)


def _leads_noun(context: Context) -> bool:
    return _follows(context, "determiner") or _follows(context, "before a noun")


def _opens_phrase(context: Context) -> bool:
    return not context.previous or _follows(context, "before a phrase")


def _is_free(context: Context, form: str) -> bool:
    return not (form == BASE and not _follows(context, "before a verb")) and not (
        form == THIRD and _leads_noun(context)
    )


def _is_intransitive(context: Context, form: str) -> bool:
    if form == GERUND:
        return not _follows(context, "determiner") and bool(_NO_OBJECT.match(context.after))
    if form == THIRD and not _VERB_TAIL.match(context.after):
        return False
    return _is_active(context, form) and bool(_NO_OBJECT.match(context.after))


def _is_transitive(context: Context, form: str) -> bool:
    if form in {PAST, PARTICIPLE} and _PASSIVE.search(context.earlier):
        return form == PARTICIPLE
    objects = _SURE_OBJECT if form == GERUND else _OBJECT
    return _is_free(context, form) and bool(objects.match(context.after))


def _is_active(context: Context, form: str) -> bool:
    return _is_free(context, form) and not _PASSIVE.search(context.earlier)


def _is_noun(context: Context, form: str) -> bool:
    return (
        _leads_noun(context)
        or context.previous.endswith(("ed", "al", "est", "ing"))
        or (_follows(context, "first of a compound") and bool(_NOUN_TAIL.match(context.after)))
    )


def read_context(text: str, match: re.Match[str]) -> Context:
    """Read the words beside a match."""
    before = text[max(0, match.start() - _REACH) : match.start()]
    previous = _PREVIOUS.search(before)
    earlier = _EARLIER.search(before)
    return Context(
        previous=previous[1].lower() if previous else "",
        earlier=earlier[1].lower() if earlier else "",
        after=text[match.end() : match.end() + _REACH],
    )


def form_fits(context: Context, form: str) -> bool:
    """Tell a past tense from a participle of the same look; other forms always fit."""
    if form not in {PAST, PARTICIPLE}:
        return True
    # "has increased" and "increased demand" are participles, "demand increased" is a past tense.
    participle = bool(_PERFECT.search(context.earlier)) or _leads_noun(context)
    return participle == (form == PARTICIPLE)


CONTEXTS: dict[str, Callable[[Context, str], bool]] = {
    "verb": _is_free,
    "active": _is_active,
    "intransitive": _is_intransitive,
    "transitive": _is_transitive,
    "noun": lambda context, form: True,
    # A noun that is also a verb counts only where something marks it as a noun.
    "nounish": _is_noun,
    "bare noun": lambda context, form: _follows(context, "determiner"),
    # A transitive verb in the active voice, whose opposite changes who gains.
    "acting": lambda context, form: (
        _is_transitive(context, form) and not _PASSIVE.search(context.earlier)
    ),
    "word": lambda context, form: True,
    # An adjective or adverb that bears a degree word, and has none yet.
    "gradable": lambda context, form: not _follows(context, "degree"),
    "quantity": lambda context, form: bool(_FIGURE_NEXT.match(context.after)),
    # A word that is an adjective only in front of a noun, as in "increased sales".
    "adjectival": lambda context, form: (
        _leads_noun(context) and bool(_ADJECTIVE_NEXT.match(context.after))
    ),
    # A term that closes a phrase: "fell year-on-year", not "the year-on-year rate".
    "closing term": lambda context, form: bool(_PHRASE_END.match(context.after)),
    # A noun phrase that brings its own determiner along.
    "whole phrase": lambda context, form: (
        _opens_phrase(context) and bool(_PHRASE_END.match(context.after))
    ),
    "term": lambda context, form: True,
    # Ratings and countries are capitalised, and looked up only where a name could stand.
    "name": lambda context, form: True,
}
