"""Shifts of research notes: business detail, view, plain words."""

from __future__ import annotations

import random
import re
from functools import cache

from nmixx.triplets.rules.english.claim import is_joined
from nmixx.triplets.rules.english.detail import find_end
from nmixx.triplets.rules.english.edit import Change, Edit, insert, make_rule, match_case, replace
from nmixx.triplets.rules.english.grammar import expand_phrase
from nmixx.triplets.rules.english.ladder import find_moves
from nmixx.triplets.rules.english.syntax import (
    PRONOUN,
    ends_noun_phrase,
    find_clause,
    find_clauses,
    find_sentences,
    lower_first,
    read_previous,
)
from nmixx.triplets.rules.english.table import compile_words, read_rows, read_words, split_cell

_THOUGHT = re.compile(
    r"(?:said|says|noted?|evaluate[ds]?|assess(?:ed)?|consider(?:ed)?|judged?|agreed?|expect(?:ed)?|"
    r"believed?|thought|argued?|discussed|emphasi[sz]ed|observed|stated|view(?:ed)?|expressed|saw|"
    r"pointed|mentioned|remarked|commented|shared|recogni[sz]ed|referred|asked|suggested|added)$"
)
_VIEW_LEAD = re.compile(
    r"(?:According to [^,]{3,60},\s+|In (?:our|my|his|her|their|[A-Z]\w+['’]s) (?:view|"
    r"opinion),\s+|"
    r"(?:[A-Z][\w.'’&-]*(?:\s[\w.'’&-]+){0,5})\s(?:believed?s?|thinks?|thought|judged?|argued?s?|"
    r"considered|expressed the view|was of the view|were of the view|noted|stated|said|viewed|"
    r"assessed|felt|estimates?d?|suggests?|concluded)\sthat,?\s+)"
)
_VIEW_TAIL = re.compile(
    r"\s*,\s+(?:according to\s[^,.]{3,60}|[\w.'’&\- ]{3,40}\s(?:said|says|believes?d?|argued|noted|"
    r"thinks?)|in (?:our|his|her|their) (?:view|opinion))(?=\s*(?:[.;]|$))"
)
_HEDGE = re.compile(
    r"\s(?:arguably|apparently|reportedly|presumably|supposedly|in our view|allegedly|perhaps|"
    r"probably|"
    r"likely)(?=\s(?!that\b|to\b)[a-z])"
)
# A finite verb and the ways to tell it as a view.
_VIEWED = {
    "is": ("appears to be", "seems to be", "is said to be", "is, arguably,", "is thought to be"),
    "are": ("appear to be", "seem to be", "are said to be", "are, arguably,", "are thought to be"),
    "was": ("appears to have been", "is said to have been", "is thought to have been"),
    "were": ("appear to have been", "are said to have been", "are thought to have been"),
    "has": ("appears to have", "is said to have", "seems to have", "is thought to have"),
    "have": ("appear to have", "are said to have", "seem to have", "are thought to have"),
    "remains": ("appears to remain", "is said to remain", "seems to remain"),
    "remain": ("appear to remain", "are said to remain", "seem to remain"),
    "will": ("will, we suspect,", "will, in all likelihood,", "will, some argue,"),
}
_EXACT = re.compile(
    r"\bby\s+(?:about\s+|around\s+|some\s+)?\d+(?:[.,/]\d+)*\s*"
    r"(?:basis points?|bps?|percentage points?|%|per ?cent|pct)(?![\w-])"
)
# Nouns that a business word may stand before without being part of a term.
_CARRIER = re.compile(
    r"\s(?:prices?|sales|exports|imports|output|production|shipments|companies|firms|manufacturers|"
    r"producers|customers|demand|lending|loans|sector|industry)\b(?!-|\s(?:index|indices|inflation))"
)
_SHARE = re.compile(r"basis points?|bps?\b|percentage points?|%|per ?cent|pct")
# Only what a firm sells or earns has places, arms and customers.
_FIRM = re.compile(
    r"(?i)\b(?:sales|revenues?|turnover|profits?|orders?|deliveries|shipments|margins?)$"
)
_PLACED = re.compile(r"[Ee]uro|U\.?[SK]\b|\w\s[A-Z][a-z]")
_FURTHER_CLAUSE = re.compile(r",\s|\s(?:while|when|as|but|although|though|because|which|that)\s")
_STEM = 5
_AUXILIARY = frozenset(
    {"had", "would", "could", "should", "may", "might", "can", "must", "has", "have"}
)
_HEDGING = frozenset({"may", "might", "could"})  # a view already
_VIEW_ADVERBS = ("reportedly", "apparently", "supposedly", "allegedly", "seemingly", "presumably")


def find_business_moves(text: str, rng: random.Random) -> list[Change]:
    """List the business words that can give way to another of their class, each a free noun."""
    return [
        change
        for change in find_moves("business", fresh=True)(text, rng)
        if _stands_free(text, change[0])
    ]


def _stands_free(text: str, edit: Edit) -> bool:
    """Tell whether a word is neither part of a term or breakdown nor joined to its like."""
    if is_joined(text, edit) or re.search(r"\b(?:of|within) which\b", text):
        return False
    # "European gas in Europe": one of two mentions would be left.
    if text.lower().count(text[edit.start : edit.end].lower()[:_STEM]) > 1:
        return False
    if edit.new[0].isupper():
        return True
    previous = read_previous(text, edit.start)
    free = not previous or previous in read_words("function_words", "before a bare noun")
    return free and bool(_CARRIER.match(text, edit.end) or ends_noun_phrase(text, edit.end))


def find_business_scopes(text: str, rng: random.Random) -> list[Change]:
    """List the places and drivers that fit a single claim on what a firm sells or earns."""
    changes = []
    macro = compile_words(read_words("scopes", "macro"))
    for span in find_sentences(text):
        clause, end = find_clause(text, span), find_end(text, span)
        body = text[span.start : span.end]
        if not clause or not _FIRM.search(clause.subject) or macro.search(body):
            continue
        if clause.subject[-1].islower() and not _PLACED.search(body):
            changes.append(insert(clause.subject_end, expand_phrase("business.scope", rng)))
        if end is not None and not _FURTHER_CLAUSE.search(body):
            changes.append(insert(end, f", {expand_phrase('business.end', rng)}"))
    return changes


def find_scopes_to_drop(text: str, rng: random.Random) -> list[Change]:
    """List the business words in front of a noun that can go, as `retail` in `retail sales`."""
    return [
        replace(match.start("word"), match.start("noun"), "")
        for match in _load_scope_pattern().finditer(text)
        if ends_noun_phrase(text, match.end())
        and read_previous(text, match.start())
        in read_words("function_words", "before a bare noun") | {""}
        and not is_joined(text, Edit(match.start(), match.end(), ""))
    ]


def find_views_added(text: str, rng: random.Random) -> list[Change]:
    """List the ways to tell a sentence as somebody's view."""
    changes = []
    for span in find_sentences(text):
        clause = find_clause(text, span)
        if (
            not clause
            or clause.verb.lower() in _HEDGING
            or _THOUGHT.match(clause.verb.lower())
            or _VIEW_LEAD.match(text, span.start)
            or _VIEW_TAIL.search(text, span.start, span.end)
        ):
            continue
        lowered = lower_first(text[span.start : span.end])
        if lowered and clause.start == span.start:
            lead = expand_phrase("opinion.front", rng)
            changes.append(
                replace(span.start, span.start + 1, f"{match_case(lead, 'A')} {lowered[0]}")
            )
        if clause.kind != PRONOUN:
            changes.append(insert(clause.subject_end, expand_phrase("opinion.middle", rng)))
    return changes


def find_views_softened(text: str, rng: random.Random) -> list[Change]:
    """List the finite verbs that can tell a fact as what seems, or is said, to be so."""
    changes = []
    for clause in find_clauses(text):
        if clause.verb.lower() in _HEDGING or _THOUGHT.match(clause.verb.lower()):
            continue
        if text[clause.verb_end : clause.verb_end + 5].strip().startswith(("not", "to ", "n't")):
            continue
        views = _VIEWED.get(clause.verb)
        perfect = clause.verb in {"has", "have"}
        if views and (not perfect or re.match(r"\s+(?:been|\w+ed)\b", text[clause.verb_end :])):
            changes.append(replace(clause.verb_start, clause.verb_end, rng.choice(views)))
        elif not views and clause.kind != PRONOUN and clause.verb.islower():
            place = clause.verb_end if clause.verb in _AUXILIARY else clause.subject_end
            changes.append(insert(place, rng.choice(_VIEW_ADVERBS)))
    return changes


def find_views_dropped(text: str, rng: random.Random) -> list[Change]:
    """List the views that can be told as fact by taking the holder away."""
    changes: list[Change] = []
    for span in find_sentences(text):
        lead = _VIEW_LEAD.match(text, span.start, span.end)
        if lead and lead.end() < span.end:
            capital = text[lead.end()].upper()
            changes.append((Edit(span.start, lead.end() + 1, capital),))
        for pattern in (_VIEW_TAIL, _HEDGE):
            changes += [
                replace(match.start(), match.end(), "")
                for match in pattern.finditer(text, span.start, span.end)
            ]
    return changes


def find_plain_terms(text: str, rng: random.Random) -> list[Change]:
    """List the terms of art that plain words can stand in for, in every place of the term."""
    places: dict[str, list[Edit]] = {}
    for (edit,) in find_moves("jargon")(text, rng):
        places.setdefault(text[edit.start : edit.end].lower(), []).append(edit)
    changes = []
    for term, edits in places.items():
        plain = edits[0].new.lower()
        whole = all(ends_noun_phrase(text, e.end) and not is_joined(text, e) for e in edits)
        if whole and not compile_words((plain,)).search(text.lower().replace(term, "")):
            told = (Edit(e.start, e.end, match_case(plain, text[e.start])) for e in edits)
            changes.append(tuple(told))
    return changes


def find_plain_amounts(text: str, rng: random.Random) -> list[Change]:
    """List the exact change, as `by 25 basis points`, of a text that gives no other share."""
    if len(_SHARE.findall(text)) > 1:
        return []
    vague = split_cell(next(row[1] for row in read_rows("scopes") if row[0] == "vague"))
    return [
        replace(match.start(), match.end(), rng.choice(vague)) for match in _EXACT.finditer(text)
    ]


@cache
def _load_scope_pattern() -> re.Pattern[str]:
    words = compile_words(read_words("scopes", "droppable")).pattern
    measures = compile_words(read_words("scopes", "measured")).pattern
    return re.compile(rf"(?P<word>{words})\s+(?P<noun>{measures})")


change_business_detail = make_rule(
    find_business_moves,
    find_business_scopes,
    find_scopes_to_drop,
)
turn_fact_to_opinion = make_rule(find_views_added, find_views_softened, find_views_dropped)
simplify_jargon = make_rule(find_plain_terms, find_plain_amounts, keep_figures=False)
