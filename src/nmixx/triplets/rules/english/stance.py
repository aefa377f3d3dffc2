"""The stance shift: an assessment or an outlook becomes more or less positive."""

from __future__ import annotations

import random
import re
from functools import cache

from nmixx.triplets.rules.english.claim import find_span, is_bound, is_negated
from nmixx.triplets.rules.english.edit import Change, Edit, make_rule, replace
from nmixx.triplets.rules.english.ladder import find_moves
from nmixx.triplets.rules.english.syntax import Span, find_clause, find_sentences, lower_first
from nmixx.triplets.rules.english.table import compile_words, read_rows, read_words, split_cell

# What is expected or judged, up to the word that says how.
_OUTLOOK = re.compile(
    r"\b(?:expect(?:s|ed)?|anticipat\w+|forecasts?|projected|likely|outlook|prospects?|will|should|would|"
    r"confident)\b(?:(?!,\s|;|\b(?:and|or|that had|that was|which)\b).){1,60}$"
)
_REPORTED = re.compile(
    r"\b(?:noted|observed|pointed out|remarked|mentioned|said|stated|commented) that\b"
)
# What sets the news off against other news.
_MIXED = re.compile(
    r"\b(?:although|though|while|whereas|but|despite|however|nevertheless|nonetheless|than|after|even|"
    r"as|unsustainabl\w+|less|slower|offset\w*|notes and coin)\b",
    re.IGNORECASE,
)
_MOVE_REACH = 45


def find_stances(text: str, rng: random.Random) -> list[Change]:
    """List the words of a stance that can be more or less positive."""
    changes = find_moves("stance", reach=1)(text, rng)
    return [change for change in changes if _is_open(text, change[0])]


def find_outlooks(text: str, rng: random.Random) -> list[Change]:
    """List the words of what is expected that can be more or less positive."""
    return [
        change
        for change in find_moves("outlook", reach=1)(text, rng)
        if _is_open(text, change[0]) and _OUTLOOK.search(text[: change[0].end])
    ]


def find_appraisals(text: str, rng: random.Random) -> list[Change]:
    """List the ways to welcome good news that is told plainly, and to deplore bad news."""
    changes = []
    for span in find_sentences(text):
        news = _read_news(text, span)
        if not news:
            continue
        forms = {row[1]: split_cell(row[2]) for row in read_rows("appraisals") if row[0] == news}
        told = _REPORTED.search(text, span.start, span.end)
        lowered = lower_first(text[span.start : span.end])
        if told:
            changes.append(replace(told.start(), told.end(), rng.choice(forms["told"])))
        elif lowered:
            opening = f"{rng.choice(forms['opening'])}, {lowered[0]}"
            changes.append(replace(span.start, span.start + 1, opening))
    return changes


def _is_open(text: str, edit: Edit) -> bool:
    """Tell whether no negation, cause or contrast holds a word to the stance it has."""
    span = find_span(text, edit.start)
    bound = not span or is_bound(text[span.start : span.end])
    return not bound and not is_negated(text, edit.start)


def _read_news(text: str, span: Span) -> str:
    """Read whether a sentence tells good or bad news of a measure; empty where it tells neither."""
    clause = find_clause(text, span)
    if not clause or _MIXED.search(text, span.start, span.end) or is_negated(text, span.end - 1):
        return ""
    near = text[clause.verb_start : min(clause.verb_start + _MOVE_REACH, span.end)]
    up, down = (bool(_compile(f"moves {way}").search(near)) for way in ("up", "down"))
    liked, feared = (bool(_compile(kind).search(clause.subject)) for kind in ("liked", "feared"))
    if up == down or liked == feared:
        return ""
    return "good" if up == liked else "bad"


@cache
def _compile(group: str) -> re.Pattern[str]:
    return compile_words(read_words("news", group))


adjust_stance = make_rule(find_stances, find_outlooks, find_appraisals)
