"""The emerging-situation shift: a new circumstance joins a sentence, or takes a clause's place."""

from __future__ import annotations

import random
import re

from nmixx.triplets.rules.english.detail import find_end, find_noun_modifiers
from nmixx.triplets.rules.english.edit import Change, insert, make_rule, replace
from nmixx.triplets.rules.english.grammar import expand_phrase
from nmixx.triplets.rules.english.syntax import (
    PAST_TENSE,
    PRESENT,
    PRONOUN,
    THING,
    Clause,
    Span,
    find_clause,
    find_clauses,
    find_sentences,
    lower_first,
    read_tense,
)

_MACRO = re.compile(
    r"\b(?:inflation|GDP|monetary policy|economy|economic|Committee|members?|unemployment|"
    r"interest rates?|Governing Council|central bank|currency|fiscal policy|yields?|exports|"
    r"prices|growth|demand|consumption)\b"
)
_BUSINESS = re.compile(
    r"(?i)\b(?:company|group|sales|profits?|revenues?|earnings|shares?|shareholders?|orders?|plant|"
    r"contract|acquisition|customers?|business|products?|subsidiary|dividend|oyj|plc|inc|corp|ltd|"
    r"co|bank|assets|debt|costs|margin|stake|merger|production|market|eur|mln|million|investment)\b"
)
_UNDER_WAY = re.compile(
    r"(?:has|have)\s(?:\w+ly\s|also\s|now\s)?\w+(?:ed|en|un|ght|ld|ut|own)\b|(?:is|are)\s(?:\w+ly\s|"
    r"also\s|now\s)?\w+ing\b|(?:is|are)\s(?:expected|due|set|scheduled|planned|likely)\b|"
    r"(?:plans?|intends?|aims?|expects?)\b"
)
_LAST_CLAUSE = re.compile(
    r"\s*,\s(?:while|although|as(?! well)|after|because|but|which|even though|despite|"
    r"reflecting|whereas)\s[^,;()]{10,140}$"
)
_MIN_WORDS = 4
_PHRASE_SHARE = 0.5


def find_closing_situations(text: str, rng: random.Random) -> list[Change]:
    """List the circumstances that can close a sentence."""
    changes = []
    for span in find_sentences(text):
        end = find_end(text, span)
        clause = find_clause(text, span)
        if (
            clause
            and _happens(text, clause)
            and end is not None
            and len(text[span.start : end].split()) >= _MIN_WORDS
        ):
            changes.append(insert(end, _draw_circumstance(text, span, rng)))
    return changes


def find_opening_situations(text: str, rng: random.Random) -> list[Change]:
    """List the circumstances that can open a sentence."""
    changes = []
    for span in find_sentences(text):
        clause = find_clause(text, span)
        if not clause or clause.start != span.start or not _happens(text, clause):
            continue
        lowered = lower_first(text[span.start : span.end])
        if lowered:
            opening = _draw(text, span, "circumstance.open", rng)
            opened = f"{opening[0].upper()}{opening[1:]}, {lowered[0]}"
            changes.append(replace(span.start, span.start + 1, opened))
    return changes


def find_inner_situations(text: str, rng: random.Random) -> list[Change]:
    """List the circumstances that can stand between subject and verb."""
    changes = []
    for clause in find_clauses(text):
        # A pronoun hugs its verb, and "there is" has no subject to speak of.
        long = clause.kind == THING and len(clause.subject) > 60
        if clause.kind == PRONOUN or long or not _happens(text, clause):
            continue
        aside = _draw(text, Span(clause.start, clause.end), "circumstance.inner", rng)
        changes.append(insert(clause.subject_end, f", {aside},"))
    return changes


def find_replaced_clauses(text: str, rng: random.Random) -> list[Change]:
    """List the last clauses that a new circumstance can take the place of."""
    changes = []
    for span in find_sentences(text):
        match = _LAST_CLAUSE.search(text, span.start, span.end)
        if match and match.start() - span.start > (span.end - span.start) / 3:
            new = f", {_draw_circumstance(text, span, rng)}"
            changes.append(replace(match.start(), match.end(), new))
    return changes


def _happens(text: str, clause: Clause) -> bool:
    """Tell whether a clause tells what happened or will, not what is so in general."""
    near = text[clause.verb_start : clause.verb_start + 40]
    return clause.tense != PRESENT or bool(_UNDER_WAY.match(near))


def _draw_circumstance(text: str, span: Span, rng: random.Random) -> str:
    """Draw a circumstance as a phrase, or as a clause in the tense of the sentence."""
    if rng.random() < _PHRASE_SHARE:
        return _draw(text, span, "circumstance", rng)
    tense = "past" if read_tense(text, span) == PAST_TENSE else "perfect"
    link = expand_phrase(f"link.{tense}", rng)
    return f"{link} {_draw(text, span, 'happening', rng, tense)}"


def _draw(text: str, span: Span, symbol: str, rng: random.Random, tense: str = "past") -> str:
    """Draw a phrase about the economy, a company or public life: what the sentence is about."""
    body = text[span.start : span.end]
    scope = "macro." if _MACRO.search(body) else "" if _BUSINESS.search(body) else "public."
    return expand_phrase(f"{scope}{symbol}", rng, tense)


add_situation = make_rule(
    lambda text, rng: find_noun_modifiers(text, rng, "noun_circumstances"),
    find_closing_situations,
    find_opening_situations,
    find_inner_situations,
    find_replaced_clauses,
)
