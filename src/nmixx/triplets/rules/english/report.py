"""Shifts of research notes: stance, business detail, macro or micro cause, view, plain words."""

from __future__ import annotations

import random
import re
from functools import cache, partial

from nmixx.triplets.rules.english.detail import find_end, find_noun_modifiers
from nmixx.triplets.rules.english.edit import Change, Edit, insert, make_rule, match_case, replace
from nmixx.triplets.rules.english.grammar import expand_phrase
from nmixx.triplets.rules.english.ladder import find_moves
from nmixx.triplets.rules.english.syntax import (
    PRONOUN,
    find_clause,
    find_clauses,
    find_sentences,
    has_finite_verb,
    lower_first,
)
from nmixx.triplets.rules.english.table import compile_words, read_rows, read_words, split_cell

_CAUSE = re.compile(
    r"\b(?:due (?:mainly |partly |in part |primarily )?to|because of|owing to|thanks to|"
    r"driven by|as a result of|on the back of|supported by|reflecting|attributable to|"
    r"resulting from|caused by|underpinned by|boosted by|helped by|hampered by|dampened by|amid|"
    r"in response to|stemming from|in the wake of|against the background of|weighed down by|"
    r"on account of|in view of|reflected|offset by)\s+"
    r"(?P<cause>[^,;.()]{4,90}?)(?=\s*[,;]|\s*\.(?:\s|$)|\s+(?:and|but|while|which|that|as|since|"
    r"compared)\b|"
    r"\s*$)"
)
# What goes on about the cause, so that another cause would not fit before it.
_EXAMPLES_NEXT = re.compile(
    r",\s(?:such as|including|a\s|an\s|especially|particularly|in particular)|"
    r",\s[\w\s-]{1,40}\s(?:and|or)\s"
)
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
# Only what tells of a business has arms, customers and products.
_FIRM = re.compile(
    r"(?i)\b(?:sales|revenues?|turnover|profits?|earnings|margins?|orders?|deliveries|shipments|"
    r"company|group|firm|firms|businesses|customers|products?)\b"
)
_FURTHER_CLAUSE = re.compile(r",\s|\s(?:while|when|as|but|although|though|because|which|that)\s")
_NEAR = 30
_AUXILIARY = frozenset(
    {"had", "would", "could", "should", "may", "might", "can", "must", "has", "have"}
)
_HEDGING = frozenset({"may", "might", "could"})  # a view already
_VIEW_ADVERBS = ("reportedly", "apparently", "supposedly", "allegedly", "seemingly", "presumably")


def find_causes(text: str, rng: random.Random) -> list[Change]:
    """List the causes that can move from the economy to the company, or back."""
    macro = compile_words(read_words("scopes", "macro"))
    micro = compile_words(read_words("scopes", "micro"))
    changes = []
    for match in _CAUSE.finditer(text):
        cause = match["cause"]
        symbol = "micro.cause" if macro.search(cause) else "macro.cause"
        known = symbol == "micro.cause" or micro.search(cause)
        if _EXAMPLES_NEXT.match(text, match.end()):
            continue
        # A capital before a full stop is the middle of "U.S."
        if known and not has_finite_verb(cause) and not cause[-1].isupper():
            new = expand_phrase(symbol, rng)
            changes.append(replace(match.start("cause"), match.end("cause"), new))
    return changes


def find_missing_causes(text: str, rng: random.Random) -> list[Change]:
    """List the company-level causes that can close a sentence on the economy, and the reverse."""
    macro = compile_words(read_words("scopes", "macro"))
    measures = compile_words(read_words("scopes", "measure"))
    moving = compile_words(read_words("scopes", "moving"))
    links = split_cell(next(row[1] for row in read_rows("scopes") if row[0] == "link"))
    changes: list[Change] = []
    for span in find_sentences(text):
        body, end = text[span.start : span.end], find_end(text, span)
        clause = find_clause(text, span)
        if end is None or not clause or _CAUSE.search(body):
            continue
        near = text[clause.verb_start : clause.verb_end + _NEAR]
        # At the end of a further clause, the cause would seem to be that clause's.
        if _FURTHER_CLAUSE.search(body):
            continue
        if not measures.search(clause.subject) or not moving.search(near):
            continue
        symbol = "micro.cause" if macro.search(body) else "macro.cause"
        changes.append(insert(end, f", {rng.choice(links)} {expand_phrase(symbol, rng)}"))
    return changes


def find_business_scopes(text: str, rng: random.Random) -> list[Change]:
    """List the business details that fit behind a subject or at the end of a sentence."""
    changes = []
    measures = compile_words(read_words("scopes", "measure"))
    macro = compile_words(read_words("scopes", "macro"))
    for span in find_sentences(text):
        clause, end = find_clause(text, span), find_end(text, span)
        body = text[span.start : span.end]
        if not clause or not _FIRM.search(body) or macro.search(body):
            continue
        if measures.search(clause.subject) and clause.subject[-1].islower():
            changes.append(insert(clause.subject_end, expand_phrase("business.scope", rng)))
        if end is not None and measures.search(clause.subject):
            changes.append(insert(end, f", {expand_phrase('business.end', rng)}"))
    return changes


def find_scopes_to_drop(text: str, rng: random.Random) -> list[Change]:
    """List the business words in front of a noun that can go, as `retail` in `retail sales`."""
    return [
        replace(match.start("word"), match.start("noun"), "")
        for match in _load_scope_pattern().finditer(text)
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


def find_plain_amounts(text: str, rng: random.Random) -> list[Change]:
    """List the exact changes, as `by 25 basis points`, that a vague word can stand in for."""
    vague = split_cell(next(row[1] for row in read_rows("scopes") if row[0] == "vague"))
    return [
        replace(match.start(), match.end(), rng.choice(vague)) for match in _EXACT.finditer(text)
    ]


@cache
def _load_scope_pattern() -> re.Pattern[str]:
    words = compile_words(read_words("scopes", "droppable")).pattern
    measures = compile_words(read_words("scopes", "measure")).pattern
    return re.compile(rf"(?P<word>{words})\s+(?P<noun>{measures})")


adjust_stance = make_rule(find_moves("stance", reach=1))
change_business_detail = make_rule(
    find_moves("business", fresh=True),
    find_business_scopes,
    find_scopes_to_drop,
    partial(find_noun_modifiers, table="noun_modifiers"),
)
move_scope = make_rule(find_causes, find_missing_causes, find_moves("scope_words"))
turn_fact_to_opinion = make_rule(find_views_added, find_views_softened, find_views_dropped)
simplify_jargon = make_rule(find_moves("jargon"), find_plain_amounts, keep_figures=False)
