"""Shifts of rules: reading reversed, sanction stronger or weaker, procedure clear or vague."""

from __future__ import annotations

import random
import re

from nmixx.triplets.rules.english.edit import Change, insert, make_rule, match_case, replace
from nmixx.triplets.rules.english.grammar import expand_phrase
from nmixx.triplets.rules.english.ladder import find_moves
from nmixx.triplets.rules.english.syntax import find_sentences
from nmixx.triplets.rules.english.table import read_rows, split_cell

_NUMBER_WORD = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|"
    "sixteen|seventeen|eighteen|nineteen|twenty"
)
_NUMBER_WORDS = ("zero", *_NUMBER_WORD.split("|"))
_FACTORS = (0.5, 2.0, 3.0, 5.0)
_PENALTY = re.compile(
    r"\b(?:fine|fined|penalty|penalties|surcharge|imprison\w*|compensat\w*|damages|detention|"
    r"suspen\w*|disqualif\w*|sanction\w*|forfeit\w*|liable|custod\w*|levy|interest|prison)\b",
    re.IGNORECASE,
)
_AMOUNT = re.compile(
    r"(?P<figure>(?<![\w.,])\d+(?:,\d{3})*(?:\.\d+)?)(?=\s*(?:%|percent|per cent|million|billion|"
    r"thousand|"
    r"won|euros?|dollars?|years?|months?|days?|times|KRW)\b|\s*%|\s+(?:per|for|of)\b|\s*(?:[.,;]|"
    r"$))"
)
_CURRENCY_AMOUNT = re.compile(r"(?:KRW|EUR|USD|GBP|\$|€|£)\s?(?P<figure>\d+(?:,\d{3})*(?:\.\d+)?)")
_WORDED = re.compile(
    rf"\b(?P<figure>{_NUMBER_WORD})(?=\s+(?:years?|months?|times|percent|per cent|days?)\b)",
    re.IGNORECASE,
)
_DEADLINE = re.compile(
    r"\b(?:(?:within|no later than|not later than)\s+(?:a period of\s+)?(?:\d+|[a-z-]+)\s+"
    r"(?:(?:business|working|calendar)\s+)?(?:days?|weeks?|months?|hours?|years?)"
    r"(?:\s+(?:of|after|from|following)\s+(?:the\s+)?(?:date of\s+)?(?:such\s+|its\s+)?\w+"
    r"(?:\s+of\s+(?:the|each|such)\s+(?:\w+\s+)?\w+)?)?|"
    r"by\s+the\s+(?:end|last day|\w+\s+day)\s+of\s+(?:the|each)\s+(?:\w+\s+)?(?:month|quarter|"
    r"year)|"
    r"immediately|forthwith|without delay)\b(?!\s+(?:to|for)\b)",
    re.IGNORECASE,
)
_FORM = re.compile(
    r"\b(?:in writing|by registered mail|by (?:electronic means|e-?mail|post)|in electronic form|"
    r"in the prescribed form|on the prescribed form|on a standard form|electronically|"
    r"through the electronic (?:\w+\s){0,2}system|using the \w+ form)\b",
    re.IGNORECASE,
)
_FREQUENCY = re.compile(
    r"\b(?:(?:at least\s+)?(?:once|twice|three times)\s+(?:a|every|each|per)\s+(?:\w+)|"
    r"every\s+(?:\w+\s)?(?:months?|years?|quarters?|weeks?)|on an? (?:annual|quarterly|"
    r"monthly) basis|"
    r"annually|quarterly|monthly|each year)\b",
    re.IGNORECASE,
)
_DURATION = re.compile(
    r"\bfor (?:at least |a period of (?:at least )?|not less than )?(?:\d+|[a-z]+) (?:years|"
    r"months|days)\b"
)
_AUTHORITY = re.compile(
    r"\bthe (?:Financial Services Commission|Financial Supervisory Service|Commission|Authority|"
    r"Governor|Minister|Supervisor|Registrar|competent authority|Bank of Korea|central bank|"
    r"Committee|Commissioner|regulator|supervisory authority)\b(?!['’])"
)
# A modal and an act; states, as in "shall mean" or "may exceed", follow no procedure.
_DUTY = re.compile(
    r"(?<!No person )(?<!No one )\b(?P<modal>shall|must|may|should)\s+"
    r"(?!not\b|be (?:liable|deemed|construed|void|valid|exempt|subject|entitled|responsible)|"
    r"mean\b|"
    r"include|exclude|apply to|exceed|have\b|constitute|refer|consist|remain|only\b|contain|cover|"
    r"serve|differ|result|arise|relate|depend|affect|also\b)(?P<verb>[a-z]+)\b"
)
# Duties met by handing something in, for which a form can be set.
_PAPERWORK = re.compile(
    r"\b(?:notif|report|submit|fil(?:e|ing)\b|disclos|inform|regist|appl(?:y|ies)\b|request|"
    r"provid|answer|"
    r"object|appeal|publish|announc|deliver|issu|declar|record)\w*"
)
_BRANCHING = re.compile(r"\b(?:if|where|unless|who|which|provided)\b", re.IGNORECASE)
_VAGUE = (
    (_DEADLINE, "vague.time"),
    (_FORM, "vague.form"),
    (_FREQUENCY, "vague.often"),
    (_DURATION, "vague.long"),
    (_AUTHORITY, "vague.organ"),
)


def find_scaled_sanctions(text: str, rng: random.Random) -> list[Change]:
    """List the changes of an amount or term of a sanction to a multiple or a part of it."""
    changes = []
    for span in find_sentences(text):
        if not _PENALTY.search(text, span.start, span.end):
            continue
        for pattern in (_AMOUNT, _CURRENCY_AMOUNT, _WORDED):
            for match in pattern.finditer(text, span.start, span.end):
                scaled = _scale(match["figure"], rng)
                if scaled:
                    changes.append(replace(match.start("figure"), match.end("figure"), scaled))
    return changes


def find_vague_terms(text: str, rng: random.Random) -> list[Change]:
    """List the deadlines, forms, intervals and bodies that a vague phrase can stand in for."""
    return [
        replace(match.start(), match.end(), match_case(expand_phrase(symbol, rng), match[0]))
        for pattern, symbol in _VAGUE
        for match in pattern.finditer(text)
    ]


def find_definite_terms(text: str, rng: random.Random) -> list[Change]:
    """List the deadlines, forms and bodies that fit beside a duty."""
    changes = []
    for span in find_sentences(text):
        body = text[span.start : span.end]
        kind = "definite.paper" if _PAPERWORK.search(body) else "definite"
        for match in _DUTY.finditer(text, span.start, span.end):
            changes.append(insert(match.end("modal"), expand_phrase(f"{kind}.aside", rng)))
        if _DUTY.search(body) and not _DEADLINE.search(body) and not _BRANCHING.search(body):
            changes.append(insert(span.end, expand_phrase(kind, rng)))
    return changes


def find_vague_verbs(text: str, rng: random.Random) -> list[Change]:
    """List the insertions of a vague proviso into a duty."""
    provisos = [alternative for row in read_rows("provisos") for alternative in split_cell(row[0])]
    return [
        insert(match.end("modal"), f", {rng.choice(provisos)},")
        for match in _DUTY.finditer(text)
        if match["modal"] in {"shall", "must", "should"}
    ]


def _scale(figure: str, rng: random.Random) -> str | None:
    """Scale a figure or number word by a round factor; None where none gives a whole number."""
    word = figure.lower()
    value = (
        float(_NUMBER_WORDS.index(word))
        if word in _NUMBER_WORDS
        else float(figure.replace(",", ""))
    )
    results = [value * factor for factor in _FACTORS if (value * factor).is_integer()]
    if not results or value == 0:
        return None
    result = int(rng.choice(results))
    if word in _NUMBER_WORDS and result < len(_NUMBER_WORDS) and result > 1:
        return match_case(_NUMBER_WORDS[result], figure)
    return f"{result:,}" if result > 1 else None


reverse_interpretation = make_rule(find_moves("interpretation"))
change_sanction = make_rule(find_scaled_sanctions, find_moves("sanction"), keep_figures=False)
change_procedure = make_rule(
    find_vague_terms, find_definite_terms, find_vague_verbs, keep_figures=False
)
