"""What a sentence claims: whether one word carries it, and nothing beside that word gainsays it."""

from __future__ import annotations

import re
from functools import cache

from nmixx.triplets.rules.english.edit import Edit
from nmixx.triplets.rules.english.ladder import list_words
from nmixx.triplets.rules.english.syntax import Span, find_clause, find_sentences
from nmixx.triplets.rules.english.table import compile_words, read_words

# A cause, a contrast or a comparison speaks for the claim as it stands, not for its opposite.
_BOUND = re.compile(
    r"\b(?:because|due|owing|thanks|result\w*|driven|reflect\w*|amid|despite|in spite|although|"
    r"though|while|whereas|whilst|but|however|nevertheless|nonetheless|yet|on the back|attribut\w+|"
    r"following|offset\w*|contribut\w+|caus\w+|compar\w+|versus|vs|against|lead\w*|support\w*|"
    r"underp\w+|consistent|so|on account|goals?|in response)\b",
    re.IGNORECASE,
)
_NEGATED = re.compile(r"\b(?:not?|nor|never|without|neither|hardly|cannot|none|little)\b|n['’]t\b")
_LEADING_UP = re.compile(
    r"(?:(?:has|have|had|will|would|is|are|was|were|be|been|being|also|again|then|remain(?:s|ed)?|"
    r"stay(?:s|ed)?|\w+ly|further|(?:expected|likely|forecast|projected|set|continue[sd]?)\sto)\s+)*"
    r"(?:(?:report|post|record|register|show|generat|book|ma[kd]e|see|saw|swung|turn)\w*\s+"
    r"(?:to\s+)?(?:(?:an?|the|its|further)\s+)?(?:[\w-]+\s+){0,2}|(?:very|more)\s+)?"
)
# "food and energy", "excluding food", "both exports and imports" are taken apart by no exchange.
_JOINED_BEHIND = re.compile(r"\s*,?\s(?:and|or|as well as)\s|-|/")
_JOINED_BEFORE = re.compile(r"(?:\b(?:and|or|excluding|including|other|than|non)|-|,)\s*$")
# "The firm reported a deficit" and "The firm benefited" hold no clause that is read as one.
_REPORT = re.compile(
    r"(?:\S+\s){1,6}(?:reported|posted|recorded|showed|booked|registered)\s(?:an?\s)?(?:[\w-]+\s){0,2}|"
    r"(?:The\s)?(?:[\w'’&-]+\s){1,2}"
)
# A direction that a figure follows is what the sentence reports, unless it stands in a relative.
_FIGURE_NEXT = re.compile(
    r"\s+(?:(?:by|to|from|at|about|around|some|an?|nearly|almost)\s)*\S{0,5}\d"
)
_SUBORDINATE = re.compile(
    r"\b(?:which|who|whose|that|if|when|until|unless|could|would|to)\b[^,;]{0,60}$"
)
# What was before does not gainsay what is now: "rose in May after a fall in April".
_EARLIER = re.compile(r"\bafter\b[^,;]{0,40}$")


def is_bound(body: str) -> bool:
    """Tell whether a sentence gives a cause, a contrast or a comparison beside its claim."""
    return bool(_BOUND.search(body))


def is_negated(text: str, start: int) -> bool:
    """Tell whether a negation stands before a place in its sentence."""
    span = find_span(text, start)
    return bool(span and _NEGATED.search(text[span.start : start]))


def find_span(text: str, position: int) -> Span | None:
    """Find the sentence that holds a position."""
    return next((s for s in find_sentences(text) if s.start <= position < s.end), None)


def is_joined(text: str, edit: Edit) -> bool:
    """Tell whether a word is one of a list, or part of a compound."""
    return bool(_JOINED_BEHIND.match(text, edit.end) or _JOINED_BEFORE.search(text[: edit.start]))


def carries_claim(text: str, edit: Edit) -> bool:
    """Tell whether a word is the only direction or judgement of its sentence, and its predicate."""
    span = find_span(text, edit.start)
    if not span or is_negated(text, span.end - 1) or is_bound(text[span.start : span.end]):
        return False
    measure = is_measure(text, edit) and not re.search(r"\d", text[span.start : span.end])
    return (measure or not has_rivals(text, [edit])) and is_predicate(text, span, edit)


def has_rivals(text: str, edits: list[Edit]) -> bool:
    """Tell whether a sentence has a direction or judgement beside the words of some edits."""
    span = find_span(text, edits[0].start)
    measures = read_words("function_words", "measure of either sign")
    rivals = [m for m in list_words("polarity", text) if m[0].lower() not in measures]
    rivals += _compile_others().finditer(text)
    first = min(edit.end for edit in edits)
    return any(
        span is not None
        and span.start <= rival.start() < span.end
        and not any(edit.start < rival.end() and rival.start() < edit.end for edit in edits)
        and not (rival.start() > first and _EARLIER.search(text[first : rival.start()]))
        for rival in rivals
    )


def is_measure(text: str, edit: Edit) -> bool:
    """Tell whether a word is the profit or loss of which something is told."""
    old = text[edit.start : edit.end].lower()
    return old in read_words("function_words", "measure of either sign")


@cache
def _compile_others() -> re.Pattern[str]:
    return compile_words(read_words("function_words", "direction or judgement"))


def is_predicate(text: str, span: Span, edit: Edit) -> bool:
    """Tell whether a word is what the main clause says, or the profit or loss that it is about."""
    if edit.new.lower().split()[0] in {"up", "down"}:
        return True
    if _FIGURE_NEXT.match(text, edit.end) and not _SUBORDINATE.search(
        text[span.start : edit.start]
    ):
        return True
    clause = find_clause(text, span)
    if not clause:
        return bool(_REPORT.fullmatch(text, span.start, edit.start))
    if edit.end <= clause.subject_end:
        return is_measure(text, edit) and " to " not in clause.subject
    return bool(_LEADING_UP.fullmatch(text, clause.verb_start, edit.start))
