"""The detail-dropped shift: a real modifier taken out of a sentence."""

from __future__ import annotations

import random
import re
from functools import cache

from nmixx.triplets.rules.english.edit import Change, make_rule, replace
from nmixx.triplets.rules.english.notation import AMOUNT, CURRENCY, MONTH
from nmixx.triplets.rules.english.syntax import (
    Span,
    ends_abbreviated,
    find_sentences,
    has_finite_verb,
    read_previous,
)
from nmixx.triplets.rules.english.table import compile_words, read_words

# What can go, and what must stand behind it.
_CLAUSE_END = r"(?=\s*[,.;:](?:\s|$)|\s*$|\s+(?:and|but|while)\s+(?:it|we|was|is|has|will)\b)"
_SENTENCE_END = r"(?=\s*[.;](?:\s|$)|\s*$)"
# The comma before "the firm said" stays.
_SPEECH = r"\s[\w\s.&'’]{1,50}\s(?:said|says|reported|added)\b"
_COMMA_OR_END = rf"(?:,(?=\s)(?!{_SPEECH})|(?=,{_SPEECH})|{_SENTENCE_END})"
_NAME = r"[A-Z][\w'’&-]*+(?:\.[A-Z]\b\.?)*+"
_DAY = rf"(?:\d{{1,2}}\s{MONTH}|{MONTH}\s\d{{1,2}})(?:\s*,\s\d{{4}}|\s\d{{4}})?+"
# When the figure before it was, which would be read as the time of another one.
_THEN = (
    r"(?:\s(?:a|one)\syear\s(?:earlier|ago|before)|\s(?:in|during)\s(?:\d{4}|"
    r"the\s(?:same|corresponding|previous|prior|year-ago|year-earlier)\s[\w\s-]{3,40}?))"
)
# The shapes of what can go; `{aside}` and its like stand for the openers of the table.
_SHAPES = (
    # relative clauses and brackets
    rf"\s*,\s(?P<clause>which|who|where)\s[^,;.()]{{8,110}}{_COMMA_OR_END}",
    # a bracket that says something, not one that holds another name or an abbreviation
    r"\s+(?P<clause>\()(?!\s?[a-z0-9]{1,3}\s?\)|\s?(?:the|collectively|together|hereinafter|an?|or|losses|loss|gains?|income|"
    r"(?:in|de)creases?|expenses?|assets?|liabilit(?:y|ies)|credit|benefit|IFRS)\b|"
    r"[^()]*[\"“”‘])(?=[^()]*(?:\b[a-z]{3,}\b|\d\s?%|\d{2}))[^()]{3,60}\)",
    # asides, lists and participial clauses behind a comma
    rf"\s*,?\s{{listing}}\s[^.;()]{{4,120}}{_SENTENCE_END}",
    rf"\s*,\s{{aside}}\s[^,;()]{{4,90}}{_COMMA_OR_END}",
    rf"\s*,\s\w+(?<!dur)ing\s[^,;()]{{8,90}}{_SENTENCE_END}",
    # adverbials that close a clause
    rf"\s+{{cause}}\s[^,;()]{{3,70}}?{_SENTENCE_END}",
    rf"\s+{{adjunct}}\s[^,;()]{{3,70}}?{_CLAUSE_END}",
    rf"\s+(?:in|for|over)\s(?:the\s)?{{period}}\s[^,;()]{{3,40}}?{_CLAUSE_END}",
    rf"\s+(?:in|at|across|near)\s(?:the\s)?{_NAME}(?:\s{_NAME}){{0,3}}(?:,\s[A-Z][a-z]++)?"
    rf"(?!,\s(?:the\s)?[A-Z]){_CLAUSE_END}",  # not the head of a list of places
    rf"\s+in\s(?:[A-Z][a-z]+\s)?\d{{4}}{_CLAUSE_END}",
    rf"\s+on\s{_DAY}(?=[\s,.]|$)",
    rf"\s+from\s(?:a\s(?:profit|loss)\sof\s)?{AMOUNT}{_THEN}?(?=\s*(?:[.,;](?!\d)|$))",
    r"\s+(?:per share|a year earlier|year-on-year|year on year|at the time|a year ago)(?=[\s,.]|$)",
    # one item of a list of three or more
    r"(?<=[a-z]),\s(?!property\b|plant\b|and\b|or\b|but\b|which\b|who\b|the\b)[a-z][\w-]*(?:\s[a-z][\w-]*){0,2}"
    r"(?=,\s(?:[\w-]+\s){1,3}?(?:and|or)\s|,?\s(?:and|or)\s[a-z]+(?:\s[a-z]+)?\s*[.,;])",
)
_OPENERS = ("aside", "listing", "cause", "adjunct", "period")
_DROP_LIMIT = 0.5


def find_droppable_phrases(text: str, rng: random.Random) -> list[Change]:
    """List the removals of a clause, phrase or list item that a sentence can spare."""
    changes = []
    for span in find_sentences(text):
        room = (span.end - span.start) * _DROP_LIMIT
        paired = "respectively" in text[span.start : span.end]
        for pattern in _compile_shapes():
            clause = "clause" in pattern.groupindex
            for match in pattern.finditer(text, span.start, span.end):
                whole = clause or not has_finite_verb(match[0])
                if paired and re.search(r"\d", match[0]):
                    continue  # its figures have counterparts
                if whole and len(match[0]) <= room and _leaves_sentence(text, span, match):
                    changes.append(replace(match.start(), match.end(), ""))
    return changes


def _leaves_sentence(text: str, span: Span, match: re.Match[str]) -> bool:
    """Tell whether what stands before a removal can close a phrase, and the removal is whole."""
    previous = read_previous(text, match.start())
    if match.start() == span.start or previous.endswith(",") or ends_abbreviated(match[0]):
        return False
    return previous not in read_words("function_words", "cannot close")


def find_droppable_words(text: str, rng: random.Random) -> list[Change]:
    """List the removals of an adjective before its noun, or of an adverb of scope."""
    changes = []
    for kind in ("adjective", "participle", "adverb", "approximation"):
        for match in _compile_removable(kind).finditer(text):
            if _can_spare(kind, read_previous(text, match.start())):
                changes.append(replace(match.start(), match.end(), ""))
    return changes


# What must stand behind a word for it to be spared; an adjective needs its noun.
_BEHIND = {
    "adjective": "{noun}",
    "participle": "{noun}",
    "adverb": r"(?!(?:and|or)\b)",
    "approximation": rf"(?={CURRENCY}?\s?\d)",
}


@cache
def _compile_shapes() -> tuple[re.Pattern[str], ...]:
    sources: tuple[str, ...] = _SHAPES
    for opener in _OPENERS:
        words = "|".join(
            re.escape(word) for word in sorted(read_words("droppable_phrases", opener))
        )
        sources = tuple(source.replace(f"{{{opener}}}", f"(?:{words})") for source in sources)
    return tuple(re.compile(source) for source in sources)


@cache
def _compile_removable(kind: str) -> re.Pattern[str]:
    words = compile_words(read_words("removable_modifiers", kind)).pattern
    closed = read_words("function_words", "after a noun") | read_words(
        "removable_modifiers", "tied noun"
    )
    noun = rf"(?!(?:{'|'.join(sorted(closed))})\b)(?=[a-z][\w-]+)"
    return re.compile(rf"{words}\s+{_BEHIND[kind].replace('{noun}', noun)}")


def _can_spare(kind: str, previous: str) -> bool:
    # "planned" is a participle behind "the" and a verb behind "company".
    if kind == "participle":
        return previous in read_words("function_words", "before a bare noun")
    return bool(previous) and previous not in read_words("function_words", "no removal behind")


drop_detail = make_rule(find_droppable_phrases, find_droppable_words, keep_figures=False)
