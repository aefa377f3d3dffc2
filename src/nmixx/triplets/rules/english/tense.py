"""Shifts of what is done and what is to come: plans told as done, forecasts told as fact, and back.

Both shifts turn a cue and its verb into a finite verb, or a finite verb into a cue and its base
form; they differ in the cues and verbs of `lexicon/prospects.tsv` and in nothing else.
"""

from __future__ import annotations

import random
import re
from functools import cache, partial

from nmixx.triplets.rules.english.edit import Change, Edit, make_rule, match_case
from nmixx.triplets.rules.english.inflection import PARTICIPLE, PAST, inflect, looks_plural
from nmixx.triplets.rules.english.syntax import (
    ORGANISATION,
    Clause,
    Span,
    find_clause,
    find_sentences,
    has_finite_verb,
    is_name_part,
    is_plural,
)
from nmixx.triplets.rules.english.table import compile_words, read_rows, read_words, split_cell

_SINGULAR_CUE = re.compile(
    r"(?:is|was|has|plans|intends|aims|expects|hopes|proposes|seeks|wants)\b"
)
_PLURAL_CUE = re.compile(r"(?:are|were|have|plan|intend|aim|expect|hope|propose|seek|want)\b")
_VERB = (
    r"\s+(?P<adverb>(?:also|however|now|then|soon|thus|still|only|together|further|therefore|again|first|"
    r"(?!(?:app|supp|re|rep|comp|multip|imp|f|al)ly\b)[a-z]+ly)\s+)?(?P<verb>[a-z]{2,})\b(?!-)"
)
# "no plans to move" has a noun where "the bank plans to move" has a verb.
_NOUN_CUE = re.compile(
    r"\b(?:no|has|have|had|its|their|the|any|announced|of|with|are|and|for|on|our|unveiled|"
    r"disclosed|said|about|\w+['’]s)\s+$"
)
_JOINED_VERB = re.compile(
    r"\b(?:and|or)\s+(?:to\s+)?(?P<verb>[a-z]+)(?=\s+(?:the|a|an|its|their|our|to|in|on|\d)\b)"
)
_JOINED_BASE = re.compile(r"\b(?:and|or|then)\s(?:then\s|\w+ly\s)?(\w+)")
_SUBJECT_REACH = 60
_LEAD_REACH = 40
_JOIN_REACH = 120
_PERFECT_SHARE = 0.3
_PAST, _FUTURE = 0, 1
_DOUBTFUL = frozenset({"likely ", "probably ", "possibly ", "presumably "})
_RELATIVE = re.compile(r"(\w+),?\s+(?:which|that|who)\s+$")
_PARTICIPLE_NEXT = re.compile(r"\s+(?:also\s+|already\s+|recently\s+)?([a-z]+)")
# What is expected to have happened is no fact: "they anticipated that it fluctuated".
_EXPECTED = re.compile(
    r"\b(?:expect|anticipat|forecast|project|predict|assum|hop|fear|believ|envisag|likel|chance|"
    r"possib|risk|view)\w*(?:\s[^,;.]*)?$"
)
_YET_TO_COME = re.compile(
    r"\bnext\s(?:spring|summer|autumn|fall|winter|year|month|quarter|week)\b|\bnear(?:er)?\sterm\b|"
    r"\bin the (?:coming|next)\b|\bhorizon\b|\bfrom now\b"
)
# Beside a forecast, words of a time to come or of a model; beside a fact, those of a time gone by.
_AHEAD = re.compile(
    r"\b(?:next|coming|future|ahead|forward|later|soon|eventually|subsequent\w*|thereafter|"
    r"tomorrow|(?:short|near|medium|long)(?:er)?[- ](?:term|run)|over time|time being|"
    r"by (?:the )?(?:end|close|late|mid\w*|early|20\d\d)|horizon|projections?|scenario|path|"
    r"temporar\w+|assum\w+|remainder|rest of|until|into|through|absence|before|to be|some time)\b",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    r"\b(?:recent\w*|since|last|previous\w*|(?<!year )(?:earlier|ago)|past|already|latest|"
    r"yesterday|preceding|revis\w+|so far|to date|estimate\w*|data|releas\w+|unexpected\w*|"
    r"surpris\w+|than (?!a )|evidence\w*)\b",
    re.IGNORECASE,
)
_CONTRAST = re.compile(
    r"[;:()]|\b(?:although|though|while|whereas|but|despite|if|when|where|after|\w+ing the)\b|"
    r",\s\w+ing\b",
    re.IGNORECASE,
)
_SUBJECT_START = re.compile(r"[,;:.]|\b(?:that|said|which|and|but|while|as|if)\b")
_MANNER = re.compile(
    r"(?:ly|nevertheless|nonetheless|also|still|however)$|\b(?:stemming|arising|resulting|it|"
    r"implied|expectations?|[A-Z]\d{1,2})\b"
)


def find_realised(text: str, rng: random.Random, prospect: str) -> list[Change]:
    """List the changes that tell something to come as done."""
    changes: list[Change] = []
    for span in find_sentences(text):
        times = _retime(text, span, _PAST)
        if _looks_ahead(text, span, times):
            continue
        for match in _compile_cues(prospect).finditer(text, span.start, span.end):
            held = prospect == "forecast" and _EXPECTED.search(text[span.start : match.start()])
            if held or _is_open(text, match) or is_name_part(text, match):
                continue
            if prospect == "forecast" and not _is_whole_claim(text, span, match["cue"], _AHEAD):
                continue
            done = match_case(
                _tell_done(match, _reads_plural(text, span, match), bool(times), rng), match[0]
            )
            told = Edit(match.start(), match.end(), done)
            joined = _join_verbs(text, match.end())
            # "and stay" would be left behind.
            if prospect == "forecast" and not joined and _joins_base(text[match.end() : span.end]):
                continue
            changes.append((told, *joined, *times))
    return changes


def find_projected(text: str, rng: random.Random, prospect: str) -> list[Change]:
    """List the changes that tell something done as still to come."""
    verbs, cues = _load_done(prospect), dict(_load_cues(prospect))
    changes: list[Change] = []
    for span in find_sentences(text):
        clause = find_clause(text, span)
        if not clause or (prospect == "plan" and not _can_plan(clause)):
            continue
        if prospect == "forecast" and not _is_whole_claim(text, span, clause.verb, _BEHIND):
            continue
        done = _read_done(text, clause, verbs)
        if done:
            end, base = done
            number = "plural" if _is_plural_subject(clause) else "singular"
            if clause.verb.lower() == "had":
                number += " before"
            if number not in cues:
                continue
            cue = rng.choice(cues[number])
            told = Edit(clause.verb_start, end, f"{cue} {base}")
            changes.append((told, *_retime(text, span, _FUTURE)))
    return changes


def _is_whole_claim(text: str, span: Span, verb: str, times: re.Pattern[str]) -> bool:
    """Tell whether a verb is the only main one of its sentence, and no time binds it."""
    clause = find_clause(text, span)
    if not clause or not verb.lower().startswith(clause.verb.lower()):
        return False
    lead, rest = text[span.start : clause.start], text[clause.verb_start + len(verb) : span.end]
    bound = times.search(text, span.start, span.end) or _CONTRAST.search(text, span.start, span.end)
    others = has_finite_verb(rest) or (
        clause.start - span.start > _LEAD_REACH and has_finite_verb(lead)
    )
    return not (bound or others or _MANNER.search(clause.subject))


def _is_open(text: str, match: re.Match[str]) -> bool:
    """Tell whether a cue is negated or no verb, so that nothing could be done."""
    cue = match["cue"].lower()
    if match["verb"] in read_words("function_words", "never a planned act"):
        return True
    noun = cue.startswith(("plan", "aim", "hope"))
    return noun and bool(_NOUN_CUE.search(text[: match.start()][-20:]))


def _tell_done(match: re.Match[str], plural: bool, dated: bool, rng: random.Random) -> str:
    verb = match["verb"]
    adverb = "" if match["adverb"] in _DOUBTFUL else match["adverb"] or ""
    if verb == "be":
        return f"{'were' if plural else 'was'} {adverb}".rstrip()
    if verb == "have":
        return f"{adverb}had"
    # "has sold it yesterday" would be wrong.
    if not dated and rng.random() < _PERFECT_SHARE:
        return f"{'have' if plural else 'has'} {adverb}{inflect(verb, PARTICIPLE)}"
    return f"{adverb}{inflect(verb, PAST)}"


def _reads_plural(text: str, span: Span, match: re.Match[str]) -> bool:
    cue = match["cue"].lower()
    if _SINGULAR_CUE.match(cue) or _PLURAL_CUE.match(cue):
        return bool(_PLURAL_CUE.match(cue))
    before = text[max(span.start, match.start() - _SUBJECT_REACH) : match.start()]
    relative = _RELATIVE.search(before)
    if relative:
        return looks_plural(relative[1])
    # Behind an aside between commas, the subject opens the sentence.
    subject = _SUBJECT_START.split(before)[-1].strip()
    return is_plural(subject or _SUBJECT_START.split(text[span.start : match.start()])[0])


def _join_verbs(text: str, start: int) -> list[Edit]:
    """Inflect the verbs joined to the first, as in `will buy the unit and merge it`."""
    known = {row[0] for row in read_rows("verbs")}
    return [
        Edit(match.start("verb"), match.end("verb"), inflect(match["verb"], PAST))
        for match in _JOINED_VERB.finditer(text, start, start + _JOIN_REACH)
        if match["verb"] in known
    ]


def _joins_base(rest: str) -> bool:
    known = {row[0] for row in read_rows("verbs")}
    return any(match[1] in known for match in _JOINED_BASE.finditer(rest))


def _retime(text: str, span: Span, target: int) -> list[Edit]:
    """Turn the time words of a sentence towards the past or the future."""
    table = _load_times()[target]
    return [
        Edit(m.start(), m.end(), match_case(table[" ".join(m[0].lower().split())], m[0]))
        for m in compile_words(tuple(table)).finditer(text, span.start, span.end)
    ]


def _looks_ahead(text: str, span: Span, times: list[Edit]) -> bool:
    """Tell whether a sentence names a time to come that no other word would mend."""
    return any(
        not any(edit.start <= match.start() < edit.end for edit in times)
        for match in _YET_TO_COME.finditer(text, span.start, span.end)
    )


def _read_done(text: str, clause: Clause, verbs: dict[str, str]) -> tuple[int, str] | None:
    """Read the finite verb of a clause, with its perfect, as the end of it and its base form."""
    if clause.verb.lower() in {"has", "have", "had"}:
        match = _PARTICIPLE_NEXT.match(text, clause.verb_end)
        base = verbs.get(match[1]) if match else None
        return (match.end(), base) if match and base else None
    base = verbs.get(clause.verb.lower())
    return (clause.verb_end, base) if base else None


def _can_plan(clause: Clause) -> bool:
    return clause.kind == ORGANISATION or clause.subject.lower() in {
        "we",
        "it",
        "they",
        "he",
        "she",
    }


def _is_plural_subject(clause: Clause) -> bool:
    return clause.plural or clause.subject.lower() in {"i", "we", "they", "you"}


@cache
def _load_cues(prospect: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple(
        (row[1], split_cell(row[2])) for row in read_rows("prospects") if row[0] == prospect
    )


@cache
def _compile_cues(prospect: str) -> re.Pattern[str]:
    words = [word for kind, cell in _load_cues(prospect) if kind == "cue" for word in cell]
    return re.compile(rf"(?P<cue>{compile_words(tuple(words)).pattern}){_VERB}", re.IGNORECASE)


@cache
def _load_done(prospect: str) -> dict[str, str]:
    """Map the past and the participle of every verb of the row `done` to its base."""
    verbs = [verb for kind, cell in _load_cues(prospect) if kind == "done" for verb in cell]
    forms = {inflect(verb, form): verb for verb in verbs for form in (PAST, PARTICIPLE)}
    return {form: verb for form, verb in forms.items() if form != verb}


@cache
def _load_times() -> tuple[dict[str, str], dict[str, str]]:
    rows = read_rows("times")
    return {future: past for past, future in rows}, {row[0]: row[1] for row in rows}


realise_plan = make_rule(
    partial(find_realised, prospect="plan"), partial(find_projected, prospect="plan")
)
state_forecast = make_rule(
    partial(find_realised, prospect="forecast"), partial(find_projected, prospect="forecast")
)
