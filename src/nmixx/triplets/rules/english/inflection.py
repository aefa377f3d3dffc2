"""English inflection by table and rule: five verb forms, two noun forms."""

from __future__ import annotations

import re
from functools import cache

from nmixx.triplets.rules.english.table import read_rows

BASE, THIRD, PAST, PARTICIPLE, GERUND = "base", "third", "past", "participle", "gerund"
VERB_FORMS = (BASE, THIRD, PAST, PARTICIPLE, GERUND)

_SIBILANT = re.compile(r"(?:s|x|z|ch|sh|[^aeiou]o)$")
_CONSONANT_Y = re.compile(r"[^aeiou]y$")
_SHORT_SYLLABLE = re.compile(r"^[^aeiou]*(?:qu)?[aeiou][bdgklmnprt]$")
# Longer verbs double the last letter where the stress falls on the last syllable.
_STRESSED_END = re.compile(r"(?:[rf]er|mit|cur|[tp]rol|[dr]eter|but|pel|cel|quip)$")
_STRESSED_BUT_SINGLE = re.compile(
    r"(?:limit|vomit|offer|differ|suffer|cover|buffer|attribut|cancel|excel)$"
)
_ADVERB = re.compile(r"(?:\w+ly|further|also)$")
_SIBILANT_NOUN = re.compile(r"(?:s|x|z|ch|sh)$")


@cache
def inflect(verb: str, form: str) -> str:
    """Return a form of a verb; particles behind it and adverbs before it stand as they are."""
    words = verb.split(" ")
    head = next((i for i, word in enumerate(words) if not _ADVERB.match(word)), 0)
    irregular = _read_irregulars().get(words[head], {})
    words[head] = irregular.get(form) or _inflect_regular(words[head], form)
    return " ".join(words)


@cache
def pluralise(noun: str) -> str:
    """Return the plural of a noun or noun phrase whose last word is its head."""
    if _CONSONANT_Y.search(noun):
        return f"{noun[:-1]}ies"
    return f"{noun}es" if _SIBILANT_NOUN.search(noun) else f"{noun}s"


def looks_plural(noun: str) -> bool:
    """Tell whether a noun reads as a plural by its ending."""
    word = noun.lower()
    return word.endswith("s") and not word.endswith(("ss", "us", "is", "ics"))


@cache
def _read_irregulars() -> dict[str, dict[str, str]]:
    return {
        row[0]: {form: cell for form, cell in zip(VERB_FORMS, row, strict=True) if cell != "-"}
        for row in read_rows("irregular_verbs")
    }


def _inflect_regular(verb: str, form: str) -> str:
    if form == BASE:
        return verb
    if form == THIRD:
        stem = f"{verb[:-1]}ie" if _CONSONANT_Y.search(verb) else verb
        return f"{stem}es" if _SIBILANT.search(verb) else f"{stem}s"
    if form == GERUND:
        silent_e = verb.endswith("e") and not verb.endswith(("ee", "oe", "ye"))
        return f"{verb[:-1] if silent_e else _double(verb)}ing"
    if verb.endswith("e"):
        return f"{verb}d"
    return f"{verb[:-1]}ied" if _CONSONANT_Y.search(verb) else f"{_double(verb)}ed"


def _double(verb: str) -> str:
    stressed = _STRESSED_END.search(verb) and not _STRESSED_BUT_SINGLE.search(verb)
    return verb + verb[-1] if stressed or _SHORT_SYLLABLE.match(verb) else verb
