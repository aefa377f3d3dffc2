"""The detail-added shift: a restricting or explaining detail put into a sentence."""

from __future__ import annotations

import random
import re
from functools import cache

from nmixx.triplets.rules.english.edit import Change, insert, make_rule, replace
from nmixx.triplets.rules.english.grammar import expand_phrase
from nmixx.triplets.rules.english.syntax import (
    FUTURE,
    ORGANISATION,
    PARTICIPLE_ENDS,
    PAST_TENSE,
    PRONOUN,
    THING,
    Clause,
    Span,
    ends_abbreviated,
    ends_noun_phrase,
    find_clause,
    find_clauses,
    find_sentences,
    read_previous,
)
from nmixx.triplets.rules.english.table import compile_words, read_rows, read_words, split_cell

_MOVEMENT = re.compile(
    r"\b(?:rose|fell|grew|declined|dropp?ed|increased?|decreased?|climbed|jumped|total(?:l?ed)|"
    r"improved|weakened|narrowed|widened|slipped|surged|plunged|doubled|halved|up|down|"
    r"swung|lower|higher|growth|decline|fall|drop|gain)\b"
)
_MEASURE = re.compile(
    r"(?i)\b(?:sales|revenues?|turnover|profits?|earnings|income|ebit|ebitda|margins?|costs|"
    r"expenses|orders|demand|deliveries|volumes?|production|output|loss|losses|exports|spending)\b"
)
_SPEECH_TAIL = re.compile(
    r"\s*,\s+(?:[\w.&'’ -]{1,40}\s(?:said|says|reported|added|noted|told|stated)|(?:said|"
    r"according)\s)"
    r"[^,]{0,60}$"
)
_OPEN_END = re.compile(
    r"[\"”“’')\]:;]$|\b(?:etc|respectively|i\.e|e\.g|follows|below|above|too|huh|said|says|added|noted|reported)$"
)
_LISTS_FIGURES = re.compile(r"(?:\d\S*\s+(?:vs|and|,)\s*){2}|\b(?:Shr|Net|Revs)\b.*\bvs\b")
_CAUSE_SHOWN = re.compile(
    r"\b(?:due to|because|owing to|thanks to|as a result|driven by|reflecting)\b"
)


_PERFECT = re.compile(
    r"(?:has|have)\s+(?:\w+ly\s|also\s)?(?!been\b)\w+(?:ed|en|ght|ld|un|on|ut|id)\b"
)
# What a company does and can do under a contract, with a partner, in a place.
_DEED = re.compile(
    r"\b(?:signed|acquired|bought|sold|launched|opened|built|appointed|established|invested|"
    r"ordered|won|received|agreed|completed|started|introduced|purchased|entered|issued|raised|"
    r"delivered|awarded|expanded|transferred|developed|formed|merged|extended|implemented|adopted)\b"
)
# Nouns that a set phrase ties to what follows: "profit or loss", "earnings per share".
_FIXED = re.compile(
    r"(?:,\splant|\s(?:or loss|and loss|and equipment|and liabilities|per share|"
    r"of (?:the )?(?:change|law|non-current|available)))\b"
)
_TIME_SHOWN = re.compile(r"\b(?:first|second|after|before|earlier|later|when|since|until)\b")
_PASSIVE_FUTURE = re.compile(r"will\s+(?:\w+ly\s|also\s)?be\s\w+ed\b")
_COMMA_SHARE = 0.7
_NEAR = 60


def find_end(text: str, span: Span) -> int | None:
    """Find where an adverbial can close a sentence: before `, X said`, not behind quotes."""
    tail = _SPEECH_TAIL.search(text, span.start, span.end)
    end = tail.start() if tail else span.end
    body = text[span.start : end]
    if _OPEN_END.search(body) or _LISTS_FIGURES.search(body) or ends_abbreviated(body):
        return None
    return end if end > span.start else None


def find_subject_details(text: str, rng: random.Random) -> list[Change]:
    """List the restrictions that fit behind a subject, or stand beside it between commas."""
    changes = []
    for clause in find_clauses(text):
        symbol = _choose_scope(clause)
        if symbol and not _may_be_label(text, clause):
            changes.append(insert(clause.subject_end, expand_phrase(symbol, rng)))
    return changes


def find_noun_modifiers(text: str, rng: random.Random, table: str) -> list[Change]:
    """List the words of a table that fit before a noun that has no modifier yet."""
    pattern, modifiers = _load_modifiers(table)
    changes = []
    for match in pattern.finditer(text):
        # "profit or loss" and "mergers and acquisitions" are one notion each, "to share" a verb,
        # "rate of growth" a term.
        before = text[: match.start()].lower().split()
        after_or = (
            before[-1:] in (["or"], ["and"], ["to"])
            or before[-2:] == ["net", "of"]
            or (match[0] == "growth" and read_previous(text, match.start()) == "of")
        )
        if match[0][0].isupper() or after_or or not is_bare(text, match.start()):
            continue
        if not ends_noun_phrase(text, match.end()) or _FIXED.match(text, match.end()):
            continue
        changes.append(replace(match.start(), match.start(), _draw(modifiers, match[0], rng)))
    return changes


def find_closing_details(text: str, rng: random.Random) -> list[Change]:
    """List the causes, circumstances, conditions and limits that can close a sentence."""
    changes = []
    for span in find_sentences(text):
        clause, end = find_clause(text, span), find_end(text, span)
        if not clause or end is None or clause.verb_end > end or _may_be_label(text, clause):
            continue
        symbol = _choose_closing(text, clause, text[span.start : end])
        if not symbol:
            continue
        comma = (
            "," if not symbol.startswith(("act", "neutral")) and rng.random() < _COMMA_SHARE else ""
        )
        changes.append(insert(end, f"{comma} {expand_phrase(symbol, rng)}".strip()))
    return changes


def _may_be_label(text: str, clause: Clause) -> bool:
    """Tell whether a text without a full stop may have a participle where a verb seems to be."""
    return clause.verb.endswith(PARTICIPLE_ENDS) and not text.rstrip().endswith((".", "!"))


def _choose_closing(text: str, clause: Clause, body: str) -> str:
    """Choose what can close a sentence: a condition, cause, circumstance, limit; "" for none."""
    near = text[clause.verb_start : clause.verb_start + _NEAR]
    measured, company = bool(_MEASURE.search(clause.subject)), _is_company(clause)
    past = clause.tense == PAST_TENSE or bool(_PERFECT.match(near))
    if clause.tense == FUTURE:
        planned = clause.verb == "will" and (clause.kind != THING or _PASSIVE_FUTURE.match(near))
        return ("condition" if company else "neutral.future") if planned else ""
    if _MOVEMENT.search(near) and past and measured and not _CAUSE_SHOWN.search(body):
        return "cause.past"
    if _DEED.search(near) and past and not _TIME_SHOWN.search(body):
        return "act.past" if company else "neutral.past"
    return ("limit.past" if past else "limit") if measured and _MOVEMENT.search(near) else ""


def _is_company(clause: Clause) -> bool:
    """Tell whether a subject is surely a company, which has partners, lenders and customers."""
    corporate = read_words("function_words", "corporate mark") & set(clause.subject.lower().split())
    return bool(corporate) or clause.subject.lower() == "we"


def _choose_scope(clause: Clause) -> str | None:
    """Choose what can stand behind a subject: a restriction, or company for who acts."""
    subject = clause.subject.lower()
    if subject == "we":
        return "ours"
    if clause.kind == ORGANISATION:
        # A name without a corporate mark may be a person's or a country's.
        return "company" if _is_company(clause) and clause.tense == PAST_TENSE else None
    measured = _MEASURE.search(clause.subject) and _takes_restriction(clause.subject)
    return "scope.measure" if clause.kind != PRONOUN and measured else None


def _takes_restriction(subject: str) -> bool:
    last = subject.split()[-1]
    return last.isalpha() and last.islower() and not last.endswith("ly")


def is_bare(text: str, start: int) -> bool:
    """Tell whether the noun that starts here has no modifier yet, so that one more reads well."""
    return read_previous(text, start) in read_words("function_words", "before a bare noun")


def _draw(modifiers: dict[str, tuple[str, ...]], noun: str, rng: random.Random) -> str:
    return rng.choice(modifiers[" ".join(noun.lower().split())]) + " "


@cache
def _load_modifiers(table_name: str) -> tuple[re.Pattern[str], dict[str, tuple[str, ...]]]:
    table: dict[str, tuple[str, ...]] = {}
    for nouns, modifiers in read_rows(table_name):
        for noun in split_cell(nouns):
            table.setdefault(noun, split_cell(modifiers))
    return compile_words(tuple(table)), table


add_detail = make_rule(
    find_subject_details,
    lambda text, rng: find_noun_modifiers(text, rng, "noun_modifiers"),
    find_closing_details,
)
