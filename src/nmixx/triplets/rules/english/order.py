"""Sentences told in another order: time phrases, clauses, sources, passives, changes as nouns."""

from __future__ import annotations

import re
from collections.abc import Callable

from nmixx.triplets.rules.english.edit import agree_articles, match_case
from nmixx.triplets.rules.english.notation import MONTH, STOP
from nmixx.triplets.rules.english.syntax import has_finite_verb, lower_first
from nmixx.triplets.rules.english.table import read_words

_PERIOD = "(?:first|second|third|fourth|last|final|current|fiscal|previous)"
_TIME = (
    rf"(?:in (?:the )?(?:{MONTH} )?{_PERIOD}?\s?(?:quarter|half|year)?(?: of)?\s?(?:19|20)\d\d|"
    rf"on {MONTH} \d{{1,2}}(?:, \d{{4}})?|on \d{{1,2}} {MONTH}(?: \d{{4}})?|"
    r"during (?:the )?(?:fiscal )?(?:year )?\d{4}|"
    r"in the (?:first|second|third|fourth) (?:quarter|half)(?: of (?:the year|\d{4}))?|"
    r"at the end of (?:\w+ )?\d{4}|last year|this year|next year)"
)
_TIME_LAST = re.compile(rf"^(?P<body>[^,;:()]+?)\s(?P<time>{_TIME}){STOP}")
_TIME_FIRST = re.compile(
    rf"^(?P<time>{_TIME}),?\s(?P<body>[A-Za-z][^,;:()]+?){STOP}", re.IGNORECASE
)
# A time that closes a sentence belongs to its verb where a figure or a participle stands before it;
# behind a noun it may belong to the noun, as in "conditions in 2009".
_TELLS_WHEN = re.compile(r"(?:\d|%|percent|per cent|pct|mn|mln|million|billion|eur|dlrs|\w{3,}ed)$")
_LINK = "(?P<link>As|Although|Because|Since|When|After|Before|While|If|Unless)"
_CLAUSE_FIRST = re.compile(rf"^{_LINK}\s(?P<sub>[^,;:()]+),\s(?P<main>[^,;:()]+?){STOP}")
_CLAUSE_LAST = re.compile(
    r"^(?P<main>[^,;:()]{15,}?),?\s(?P<link>although|because|while|even though|unless)\s"
    r"(?P<sub>(?:the|its|a|an|it|they|we|our|net|sales|demand|prices|costs)\s[^,;:()]{4,}?)"
    rf"{STOP}"
)
_SOURCE_FIRST = re.compile(rf"^According to (?P<who>[^,;]{{3,60}}),\s(?P<body>.+?){STOP}")
_SAID_LAST = re.compile(
    r"^(?P<body>[^\"“”`]{20,}?)\s*,\s(?P<who>(?!(?:he|she|it|they|we|who|which)\b)"
    rf"(?:the|[A-Z])[\w.&'’ -]{{1,40}}?)\s(?:said|says){STOP}"
)
_SAID_FIRST = re.compile(
    r"^(?P<who>(?!It\b|He\b|She\b|They\b|We\b)"
    r"(?:The (?:company|group|bank|firm)|[A-Z][\w&-]+(?:\s[A-Z][\w&-]+){0,2}))\s"
    rf"(?:said|says)\s(?:that\s)?(?P<body>(?:it|its|the)\s[^\"“”;:]{{20,}}?){STOP}"
)
_PERCENT_CHANGE = re.compile(
    r"^(?P<who>[^,;:()]{3,60}?)\s(?P<verb>rose|increased|grew|fell|decreased|declined)\s(?:by\s)?"
    r"(?P<amount>\d+(?:[.,]\d+)?\s?(?:%|percent|per cent|pct))(?=\s|[.,])"
)
_CHANGE_NOUNS = {
    "rose": ("rise", "increase"),
    "increased": ("increase", "rise"),
    "grew": ("increase", "rise"),
    "fell": ("fall", "decline"),
    "decreased": ("decrease", "decline"),
    "declined": ("decline", "fall"),
}
_PASSIVE = re.compile(
    r"^(?P<what>[^,;:()]{3,60}?)\s(?P<be>was|were)\s(?P<verb>acquired|approved|announced|signed|"
    r"issued|appointed|completed|led|supported|audited|designed|developed|built|published|"
    rf"prepared)\sby\s(?P<who>[^,;:()]{{3,50}}?){STOP}"
)
_AGENT_REST = re.compile(r"\b(?:in|on|at|and|with|for|during|after|to|from|who|which)\b")
_MORE_THAN_A_CLAUSE = re.compile(
    r"\b(?:and|while|that|which|compared|from|expected|forecast|projected|likely)\b"
)


def front_time(text: str) -> str | None:
    """Move a time phrase from the end of a sentence to its beginning."""
    match = _TIME_LAST.match(text)
    body = lower_first(match["body"]) if match else None
    if not match or not body or not _is_whole(body) or not _TELLS_WHEN.search(body):
        return None
    return f"{_capitalise(match['time'])}, {body}{match['stop']}"


def close_with_time(text: str) -> str | None:
    """Move a time phrase from the beginning of a sentence to its end."""
    match = _TIME_FIRST.match(text)
    if not match or re.search(r"\b(?:and|while|that|which|compared|from|in)\b", match["body"]):
        return None
    return f"{_capitalise(match['body'])} {_uncapitalise(match['time'])}{match['stop']}"


def close_with_clause(text: str) -> str | None:
    """Turn `As X, Y` into `Y as X`."""
    match = _CLAUSE_FIRST.match(text)
    sub = match["sub"] if match else ""
    # "If X, then Y" keeps its order.
    if not match or not has_finite_verb(sub) or match["main"].lower().startswith("then "):
        return None
    link = match["link"].lower()
    comma = "," if link in {"although", "while"} else ""
    return f"{_capitalise(match['main'])}{comma} {link} {sub}{match['stop']}"


def front_clause(text: str) -> str | None:
    """Turn `Y because X` into `Because X, Y`."""
    match = _CLAUSE_LAST.match(text)
    main = lower_first(match["main"]) if match else None
    if not match or not main or not has_finite_verb(match["sub"]):
        return None
    if re.search(r"\b(?:that|which|who|not|and|if)\b", match["main"]):
        return None
    return f"{_capitalise(match['link'])} {match['sub']}, {main}{match['stop']}"


def move_source(text: str) -> str | None:
    """Move who said it: `According to X, Y`, `Y, X said` and `X said that Y`."""
    match = _SOURCE_FIRST.match(text)
    if match:
        return f"{_capitalise(match['body'])}, according to {match['who']}{match['stop']}"
    match = _SAID_LAST.match(text)
    if match:
        body = lower_first(match["body"])
        return f"According to {match['who']}, {body}{match['stop']}" if body else None
    match = _SAID_FIRST.match(text)
    if match:
        who = match["who"].replace("The ", "the ", 1)
        return f"{_capitalise(match['body'])}, {who} said{match['stop']}"
    return None


def nominalise_change(text: str) -> str | None:
    """Turn `sales rose 5 %` into `sales recorded a rise of 5 %`."""
    match = _PERCENT_CHANGE.match(text)
    if not match or re.search(r"\b(?:which|that|and|to|by)\b", match["who"]):
        return None
    noun = _CHANGE_NOUNS[match["verb"]][len(match["who"]) % 2]
    rest = text[match.end() :]
    return f"{match['who']} recorded {agree_articles(f'a {noun}')} of {match['amount']}{rest}"


def activate(text: str) -> str | None:
    """Turn a short passive with its agent into the active voice."""
    match = _PASSIVE.match(text)
    if not match or _AGENT_REST.search(match["who"]):
        return None
    what = lower_first(match["what"])
    return f"{_capitalise(match['who'])} {match['verb']} {what}{match['stop']}" if what else None


def _capitalise(text: str) -> str:
    return match_case(text, "A")


def _is_whole(body: str) -> bool:
    """Tell whether a sentence that lost its time phrase is one clause with nothing left hanging."""
    last = body.split()[-1].lower()
    hanging = last in read_words("function_words", "cannot close")
    return not hanging and not _MORE_THAN_A_CLAUSE.search(body)


def _uncapitalise(text: str) -> str:
    return text[:1].lower() + text[1:]


REORDERINGS: tuple[Callable[[str], str | None], ...] = (
    front_time,
    close_with_time,
    close_with_clause,
    front_clause,
    move_source,
    nominalise_change,
    activate,
)
