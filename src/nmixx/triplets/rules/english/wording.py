"""Rewordings that keep every fact: figures, dates and set phrases written another way."""

from __future__ import annotations

import random
import re
from decimal import Decimal

from nmixx.triplets.rules.english.edit import Change, match_case, replace
from nmixx.triplets.rules.english.notation import AMOUNT, MONTH
from nmixx.triplets.rules.english.syntax import is_name_part
from nmixx.triplets.rules.english.table import compile_words, read_rows, split_cell

_CURRENCIES = {
    "EUR": "euros",
    "USD": "US dollars",
    "$": "dollars",
    "US$": "US dollars",
    "€": "euros",
    "GBP": "pounds",
    "£": "pounds",
    "SEK": "Swedish kronor",
    "KRW": "won",
    "JPY": "yen",
}
_SCALES = {
    "mn": "million",
    "mln": "million",
    "m": "million",
    "million": "million",
    "bn": "billion",
    "bln": "billion",
    "billion": "billion",
}
_CODES = {
    "euros": "EUR",
    "euro": "EUR",
    "eur": "EUR",
    "dollars": "USD",
    "dlrs": "USD",
    "won": "KRW",
    "pounds": "GBP",
    "yen": "JPY",
}
# A sum in front of a noun, as in "a EUR 3 mn order", stays as it is; so does a sum told twice.
_NO_NOUN = (
    r"(?=\s*[.,;]|\s*$|\s+(?:in|from|to|of|for|at|and|on|by|compared|during|with|over|as|against|"
    r"or|while|was|were|is|are|will)\b)"
)
_SUM_BEFORE = re.compile(r"(?:mn|mln|m|million|bn|bln|billion|euros?|eur|\(|\ban?)\s*$")
_MONEY_BEFORE = re.compile(
    r"(?<![\w$])(?P<unit>EUR|USD|US\$|GBP|SEK|KRW|JPY|\$|€|£)\s?(?P<figure>\d+(?:[.,]\d+)*)\s?"
    r"(?P<scale>mn|mln|m|million|bn|bln|billion)\b" + _NO_NOUN
)
_MONEY_AFTER = re.compile(
    r"(?P<figure>(?<![\w.,$€£])\d+(?:[.,]\d+)*)\s(?P<scale>mn|mln|million|bn|bln|billion)\s"
    r"(?P<unit>euros?|eur|won|yen)\b" + _NO_NOUN
)
_MILLION = {"bn": "mn", "bln": "mln", "billion": "million"}
_BILLION = {million: billion for billion, million in _MILLION.items()}
_BILLIONS = re.compile(
    r"(?<![\w.,])(?P<figure>\d{1,3}\.\d{1,3}|\d{4,6})\s(?P<scale>mn|mln|million|bn|bln|billion)\b"
)
_PERCENT = re.compile(r"(?<=\d)(?P<gap>\s?)(?P<sign>%|percent\b|per cent\b|pct\b)(?!\s*-?point|-)")
_BASIS = re.compile(rf"(?<![\w.,])(?P<figure>\d+)\s?(?P<unit>basis points|bps)\b{_NO_NOUN}")
_POINTS = re.compile(r"(?<![\w.,])(?P<figure>[0-2]\.\d{1,2})\spercentage points?\b")
_QUARTER = re.compile(
    r"\bthe (?P<ordinal>first|second|third|fourth) quarter of (?P<year>(?:19|20)\d\d)\b"
)
_QUARTER_CODE = re.compile(r"\bQ(?P<number>[1-4])(?:\s+(?:of\s+)?|/)(?P<year>(?:19|20)\d\d)\b")
_DAY_MONTH = re.compile(
    rf"\b(?P<day>\d{{1,2}})\s(?P<month>{MONTH})(?:\s(?P<year>(?:19|20)\d\d))?\b"
)
_MONTH_DAY = re.compile(
    rf"\b(?P<month>{MONTH})\s(?P<day>\d{{1,2}})(?!\d)(?:,\s(?P<year>(?:19|20)\d\d))?(?!\s?[-–])"
)
# A plan, no cause: "is due to begin".
_SCHEDULED = re.compile(
    r"due to (?:be|begin|start|end|open|close|expire|mature|take|meet|go|come|leave|join|return|"
    r"retire|become|run|report|publish|release|present|announce|decide|vote|sign|complete|pay|"
    r"receive|arrive|appear)\b"
)
_BEFORE_SENTENCE = frozenset({"", ".", "!", "?"})
_ORDINALS = ("first", "second", "third", "fourth")
# A period that follows belongs to the figure before it: "from EUR 2 mn in 2006".
_LAST = r"(?=\s*[.,;](?:\s|$)|\s*$)"
_TO_FROM = re.compile(rf"\bto (?P<to>{AMOUNT}) from (?P<from>{AMOUNT}){_LAST}")
_FROM_TO = re.compile(rf"\bfrom (?P<from>{AMOUNT}) to (?P<to>{AMOUNT}){_LAST}")
_OWNER = re.compile(
    r"\b(?P<det>[Tt]he) (?P<owner>company|group|bank|firm|unit|division|fund|board)['’]s "
    r"(?P<what>(?:net |operating |gross |pretax |total |annual |quarterly )?(?:sales|profit|loss|"
    r"revenue|earnings|margin|income|turnover|costs|expenses|order backlog|market share|dividend|"
    r"shares))\b"
)


def find_money(text: str, rng: random.Random) -> list[Change]:
    """List the sums that can be written another way, as `EUR 3 mn` and `3 million euros`."""
    changes = [
        replace(m.start(), m.end(), f"{m['figure']} {_SCALES[m['scale']]} {_CURRENCIES[m['unit']]}")
        for m in _MONEY_BEFORE.finditer(text)
        if not _SUM_BEFORE.search(text[: m.start()][-10:])
    ]
    return changes + [
        replace(m.start(), m.end(), f"{_CODES[m['unit']]} {m['figure']} {_SCALES[m['scale']]}")
        for m in _MONEY_AFTER.finditer(text)
        if not _SUM_BEFORE.search(text[: m.start()][-10:])
    ]


def find_scales(text: str, rng: random.Random) -> list[Change]:
    """List the sums in billions that can be written in millions, and the reverse."""
    changes = []
    for m in _BILLIONS.finditer(text):
        value = Decimal(m["figure"])
        if m["scale"] in {"bn", "bln", "billion"}:
            shown = f"{(value * 1000).normalize():,f} {_MILLION[m['scale']]}"
        elif value >= 1000 and value % 100 == 0:
            shown = f"{(value / 1000).normalize():f} {_BILLION[m['scale']]}"
        else:
            continue
        changes.append(replace(m.start(), m.end(), shown))
    return changes


def find_rates(text: str, rng: random.Random) -> list[Change]:
    """List the percentages, points and basis points that can be written another way."""
    changes = [
        replace(m.start(), m.end(), " percent" if m["sign"] == "%" else "%")
        for m in _PERCENT.finditer(text)
    ]
    changes += [
        replace(m.start(), m.end(), f"{int(m['figure']) / 100:g} percentage points")
        for m in _BASIS.finditer(text)
    ]
    return changes + [
        replace(m.start(), m.end(), f"{float(m['figure']) * 100:.0f} basis points")
        for m in _POINTS.finditer(text)
    ]


def find_dates(text: str, rng: random.Random) -> list[Change]:
    """List the quarters and days that can be written another way."""
    changes = [
        replace(m.start(), m.end(), f"Q{_ORDINALS.index(m['ordinal']) + 1} {m['year']}")
        for m in _QUARTER.finditer(text)
    ]
    changes += [
        replace(m.start(), m.end(), f"the {_ORDINALS[int(m['number']) - 1]} quarter of {m['year']}")
        for m in _QUARTER_CODE.finditer(text)
    ]
    changes += [
        replace(
            m.start(), m.end(), f"{m['month']} {m['day']}" + (f", {m['year']}" if m["year"] else "")
        )
        for m in _DAY_MONTH.finditer(text)
    ]
    return changes + [
        replace(
            m.start(), m.end(), f"{m['day']} {m['month']}" + (f" {m['year']}" if m["year"] else "")
        )
        for m in _MONTH_DAY.finditer(text)
    ]


def find_owners(text: str, rng: random.Random) -> list[Change]:
    """List the possessives that `of` can stand in for."""
    return [
        replace(m.start(), m.end(), f"{m['det']} {m['what']} of the {m['owner']}")
        for m in _OWNER.finditer(text)
    ]


def find_spans_of_change(text: str, rng: random.Random) -> list[Change]:
    """List the pairs `to A from B` and `from B to A` that can change places."""
    changes = [
        replace(m.start(), m.end(), f"from {m['from']} to {m['to']}")
        for m in _TO_FROM.finditer(text)
    ]
    return changes + [
        replace(m.start(), m.end(), f"to {m['to']} from {m['from']}")
        for m in _FROM_TO.finditer(text)
    ]


def find_phrases(text: str, rng: random.Random) -> list[Change]:
    """List the set phrases with another of the same meaning: `compared with` and `against`."""
    changes = []
    for (cell,) in read_rows("set_phrases"):
        phrases = split_cell(cell)
        for match in compile_words(phrases).finditer(text):
            written = " ".join(match[0].split())
            # An abbreviation is met in capitals only, and gives no capital to what it stands for.
            old = written if written in phrases else written.lower()
            if old not in phrases or (old != written and is_name_part(text, match)):
                continue
            if _SCHEDULED.match(text, match.start()):
                continue
            new = rng.choice([phrase for phrase in phrases if phrase != old])
            opens = text[: match.start()].rstrip()[-1:] in _BEFORE_SENTENCE
            if opens or not old[0].isupper():
                new = match_case(new, written)
            changes.append(replace(match.start(), match.end(), new))
    return changes
