"""Shifts of sentiment: direction reversed, degree changed."""

from __future__ import annotations

import random
import re

from nmixx.triplets.rules.english.claim import (
    carries_claim,
    has_rivals,
    is_bound,
    is_measure,
    is_negated,
    is_predicate,
)
from nmixx.triplets.rules.english.detail import is_bare
from nmixx.triplets.rules.english.edit import Change, Edit, make_rule, replace
from nmixx.triplets.rules.english.ladder import find_moves, fit_words
from nmixx.triplets.rules.english.notation import AMOUNT
from nmixx.triplets.rules.english.syntax import find_sentences, read_previous
from nmixx.triplets.rules.english.table import compile_words, read_rows, split_cell

_FROM_TO = re.compile(
    rf"\s+(?:by\s{AMOUNT}\s)?(?:to|from)\s(?P<one>{AMOUNT})\s(?:to|from)\s(?P<two>{AMOUNT})"
)
_AMOUNT_BEFORE = re.compile(rf"(?P<one>{AMOUNT})\s*,?\s*$")
_AMOUNT_BEHIND = re.compile(rf"\s+(?P<one>{AMOUNT})")
_SHARE = re.compile(r"%|percent|per cent|pct")
_SHARE_BEFORE = re.compile(r"(?:%|percent|per cent|pct|points)\s*$")
_SHARE_NEXT = re.compile(
    r"(?!\s(?:to|from)\b)(?:(?!\s(?:to|from|and|while)\s)[^;]){0,40}?"
    r"\b(\d+(?:[.,]\d+)?)\s?(?:%|percent|per cent|pct)"
)
_ENDS_NEXT = re.compile(
    r"\s(?:to|from)\s\D{0,8}(?P<one>\d[\d,]*(?:\.\d+)?)\b.{0,40}?\s(?:to|from)\s\D{0,8}"
    r"(?P<two>\d[\d,]*(?:\.\d+)?)\b"
)
_FAINT = re.compile(
    r"slight|margin|little|edg|inch|tick|cre[ep]|nudg|small|slip|eas|dip|trim|modest|touch|somewhat"
)
_JOINTLY = 3
# Words that keep the directions of a sentence apart in time or sense.
_APART = re.compile(r"\b(?:after|before|if|to [a-z]+|which|who|since|when)\b|[\"“(]")
_FEW, _MANY = 3, 8  # percent
# A start value that does not change places would contradict the new direction.
_START_TOLD = re.compile(
    r"\b(?:from|after)\s(?:(?:an?|the|revised|restated|prior|previous|loss|profit|of|about|around|"
    r"some)\s)*(?:[A-Z]{3}\s)?\S{0,5}\d|\bon the\s[^,]{3,40}\sof\s\S{0,5}\d"
)
# "declined to comment" refuses, it does not fall.
_REFUSED = re.compile(
    r"\s+to\s+(?!an?\b|the\b|about|around|some|just|nearly|almost|between|minus|under|over|below|above|levels)[a-z]{3}"
)
_DEGREE_NEXT = re.compile(
    r"\s+(?:(?:sharp|slight|steep|marked|significant|marginal|considerabl|substantial|modest|moderate|"
    r"strong|dramatic)l?y|a little|somewhat)\b"
)


def find_degrees(text: str, rng: random.Random) -> list[Change]:
    """List the words that can be stronger or weaker, but none whose degree is told behind it."""
    changes = find_moves("intensity")(text, rng)
    return [
        change
        for change in changes
        if not _DEGREE_NEXT.match(text, change[0].end)
        and not (read_previous(text, change[0].start).endswith("ly") and "ly" in change[0].new)
        and not is_negated(text, change[0].start)
        and _fits_figure(text, change[0])
    ]


def _fits_figure(text: str, edit: Edit) -> bool:
    """Tell whether a degree goes with the share beside it: nothing soars by 1 %."""
    if _SHARE_BEFORE.search(text[: edit.start]):
        return False
    # "fell sharply 5 %" is no English.
    if edit.new.endswith("ly") and re.match(r"\s\S{0,5}\d", text[edit.end :]):
        return False
    share = _read_share(text[edit.end :])
    if share is None:
        return True
    faint = bool(_FAINT.search(edit.new))
    return share <= _MANY if faint else share >= _FEW


def _read_share(behind: str) -> float | None:
    """Read the change in percent that follows a verb, told outright or as from and to."""
    told, ends = _SHARE_NEXT.match(behind), _ENDS_NEXT.match(behind)
    if told:
        return float(told[1].replace(",", "."))
    if not ends:
        return None
    one, two = (float(ends[name].replace(",", "")) for name in ("one", "two"))
    return abs(one - two) / max(min(one, two), 1.0) * 100


def find_reversals(text: str, rng: random.Random) -> list[Change]:
    """List the words that can turn a claim around; its start and end value change places."""
    changes: list[Change] = []
    for (edit,) in find_moves("polarity")(text, rng):
        if _REFUSED.match(text, edit.end) or not carries_claim(text, edit):
            continue
        behind = _FROM_TO.match(text, edit.end)
        before = _AMOUNT_BEFORE.search(text[: edit.start])
        spans = [behind.span("one"), behind.span("two")] if behind else []
        if edit.new.lower().endswith(" from"):
            then = _AMOUNT_BEHIND.match(text, edit.end)
            spans = [before.span("one"), then.span("one")] if before and then else []
        if spans and _measures_alike(*(text[slice(*span)] for span in spans)):
            (one, two) = spans
            swapped = (Edit(*one, text[slice(*two)]), Edit(*two, text[slice(*one)]))
            changes.append((edit, *swapped))
        elif not _START_TOLD.search(text):
            changes.append((edit,))
    return changes


def find_joint_reversals(text: str, rng: random.Random) -> list[Change]:
    """List the sentences that can turn around as a whole, each direction in them together."""
    changes: list[Change] = []
    moves = [edit for (edit,) in find_moves("polarity")(text, rng) if not is_measure(text, edit)]
    for span in find_sentences(text):
        edits = [edit for edit in moves if span.start <= edit.start < span.end]
        body = text[span.start : span.end]
        if not 1 < len(edits) <= _JOINTLY or has_rivals(text, edits) or _APART.search(body):
            continue
        if is_bound(body) or is_negated(text, span.end - 1) or _START_TOLD.search(body):
            continue
        if any(is_predicate(text, span, edit) for edit in edits):
            changes.append(tuple(edits))
    return changes


def _measures_alike(one: str, two: str) -> bool:
    """Tell whether two amounts are both shares or both sums, so that they can change places."""
    return bool(_SHARE.search(one)) == bool(_SHARE.search(two))


def find_degree_gaps(text: str, rng: random.Random) -> list[Change]:
    """List the insertions of a degree word beside a word that takes one."""
    changes = []
    for kind, heads, before, after in read_rows("degree_gaps"):
        for match in compile_words(split_cell(heads)).finditer(text):
            if match[0][0].isupper() or read_previous(text, match.start()).endswith("ly"):
                continue
            if kind == "noun" and not is_bare(text, match.start()):
                continue
            forms = [f"{word} {match[0]}" for word in split_cell(before) if word != "-"]
            forms += [f"{match[0]} {word}" for word in split_cell(after) if word != "-"]
            change = replace(match.start(), match.end(), fit_words(forms, match[0], rng))
            if _fits_figure(text, change[0]) and not is_negated(text, match.start()):
                changes.append(change)
    return changes


reverse_sentiment = make_rule(find_reversals, find_joint_reversals)
change_intensity = make_rule(find_degrees, find_degree_gaps)
