"""Finding the quantities of a text: times first, then numerals with what stands around them.

Each pass takes away what it has read, so that ``3분기`` is a quarter and no number besides.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

from nmixx.triplets.quantities.numerals import (
    DIGITS,
    KOREAN_NUMERAL,
    parse_english,
    parse_korean,
)
from nmixx.triplets.quantities.quantity import Quantity
from nmixx.triplets.quantities.tables import (
    COUNTED,
    CURRENCIES,
    ENGLISH_SCALES,
    MONTHS,
    ORDINALS,
    RATES,
    SPELLED,
    alternatives,
)

Read = Callable[[re.Match[str]], Iterator[Quantity]]

_TAKEN = "\x01"
_FRACTIONS = {"½": ".5", "¼": ".25", "¾": ".75"}
_LONE_POINT = re.compile(r"(?<=\d) \.(?=\d)")  # tokenised text: "EUR1 .0 m"
_YEAR = re.compile(r"(?:19|20)\d\d")
_AFTER = r"(?![A-Za-z])"
_LETTERED = [name for name in CURRENCIES if name[0].isalpha() and name.isascii()]
_KOREAN = [name for name in CURRENCIES if not name.isascii() and name[0].isalpha()]
_SIGNS = [name for name in CURRENCIES if not name[-1].isalpha()]
_SHORT_SCALES = frozenset({"m", "b"})  # metres and bytes, unless money stands beside them
_FULL_MONTHS = [name for name in MONTHS if len(name) > 4 or name in {"june", "july"}]
_SHORT_MONTHS = [name for name in MONTHS if name not in _FULL_MONTHS]


def _month_names(names: list[str]) -> str:
    """Write months with their capital, the only sign that tells May from may."""
    return alternatives([name.capitalize() for name in names] + [name.upper() for name in names])


_BEFORE = (
    rf"(?:(?P<before>{alternatives(_SIGNS)}|(?<![A-Za-z])(?i:{alternatives(_LETTERED)}))\.?\s?)?"
)
_BEHIND = (
    rf"(?:[\s-]?(?:(?P<rate>(?i:{alternatives(RATES)})(?![A-Za-z])(?!젝|그램|세서|모션))"
    rf"|(?(before)(?!)|(?P<behind>{alternatives(_SIGNS)}|(?i:{alternatives(_LETTERED)}){_AFTER}"
    rf"|(?:{alternatives(_KOREAN)})(?!칙|료|자재|유|진)))))?"
)
_NUMERAL = (
    rf"(?P<korean>{KOREAN_NUMERAL})"
    rf"|(?P<digits>{DIGITS})(?:[\s-]?(?P<scale>(?i:{alternatives(ENGLISH_SCALES)})){_AFTER})?"
)
_WORD = alternatives(name for name in SPELLED if name.isascii() and name != "a")
_COUNT = alternatives(name for name in SPELLED if not name.isascii())


def _read_date(match: re.Match[str]) -> Iterator[Quantity]:
    """Read 2024-03-15."""
    yield Quantity(Decimal(match[1]), "year")
    yield Quantity(Decimal(match[2]), "month")
    yield Quantity(Decimal(match[3]))


def _read_period(unit: str) -> Read:
    """Read every group of a match as a period of one unit."""

    def read(match: re.Match[str]) -> Iterator[Quantity]:
        for group in filter(None, match.groups()):
            yield Quantity(_ordinal(group), unit)

    return read


def _ordinal(text: str) -> Decimal:
    """Give the number of a quarter, half-year or month."""
    lowered = text.lower()
    named = {"상": 1, "하": 2, **ORDINALS, **MONTHS}
    return Decimal(named[lowered] if lowered in named else re.sub(r"\D", "", text))


def _read_short_year(match: re.Match[str]) -> Iterator[Quantity]:
    """Read '24년 and FY24."""
    yield Quantity(Decimal(match[1] if len(match[1]) == 4 else f"20{match[1]}"), "year")


def _read_quarter_of_year(match: re.Match[str]) -> Iterator[Quantity]:
    """Read 1Q24."""
    yield Quantity(Decimal(match[1]), "quarter")
    if match[2]:
        yield Quantity(Decimal(match[2] if len(match[2]) == 4 else f"20{match[2]}"), "year")


def _read_clock(match: re.Match[str]) -> Iterator[Quantity]:
    """Take a time of day away: languages write it too differently to compare."""
    yield from ()


def _read_plain(match: re.Match[str]) -> Iterator[Quantity]:
    """Read the number of an article of law, which no scale follows."""
    yield Quantity(Decimal(match[1]))


def _read_amount(match: re.Match[str]) -> Iterator[Quantity]:
    """Read a numeral with the scale, currency or share that stands around it."""
    money = match["before"] or match["behind"]
    scale = match["scale"]
    if scale and scale.lower() in _SHORT_SCALES and not money:
        scale = None
    if match["korean"]:
        value = parse_korean(match["korean"])
    else:
        value = parse_english(match["digits"], scale)
    yield _with_unit(value, match["digits"] or "", bool(scale), money, match["rate"])


def _with_unit(
    value: Decimal, digits: str, scaled: bool, money: str | None, rate: str | None
) -> Quantity:
    """Give a value its unit; four bare digits from 1900 to 2099 are a year."""
    if rate:
        unit, factor = RATES[rate.lower()]
        return Quantity((value * factor).normalize(), unit)
    if money:
        return Quantity(value.normalize(), CURRENCIES[money.lower()])
    if not scaled and _YEAR.fullmatch(digits):
        return Quantity(value.normalize(), "year")
    # "한 개" is "a": a bare 1 is as often a word as not.
    return Quantity(value.normalize(), spelled=value == 1)


def _read_spelled(match: re.Match[str]) -> Iterator[Quantity]:
    """Read a number word; with a scale behind it it is as good as digits."""
    number = Decimal(SPELLED[match[1].lower()])
    scale = match[2] if match.re.groups > 1 else None
    if scale:
        yield Quantity((number * ENGLISH_SCALES[scale.lower()]).normalize())
    else:
        yield Quantity(number, spelled=True)


_QUARTERS, _HALVES, _MONTHS = map(_read_period, ("quarter", "half", "month"))
_POINT = r"\s?[-./]\s?"
_SCALE = alternatives(name for name in ENGLISH_SCALES if len(name) > 1)

_PASSES: tuple[tuple[re.Pattern[str], Read], ...] = tuple(
    (re.compile(pattern), read)
    for pattern, read in (
        (rf"(?<!\d)((?:19|20)\d\d){_POINT}(0?[1-9]|1[0-2]){_POINT}([0-3]?\d)(?!\d)", _read_date),
        (r"(?i)(?<![\d.:])\d{1,2}(?:[:.]\d\d)?\s?[ap]\.?m\b", _read_clock),
        (r"(?<![\d.:])\d{1,2}:\d\d(?![\d:])", _read_clock),
        (r"(?<!\d)\d{1,2}시(?:\s?\d{1,2}분)?(?![가-힣]*[간장])", _read_clock),
        (r"(?<![\d./])([1-4])(?:/4)?\s?분기(?!\s?(?:연속|만에|째|동안|간|내))", _QUARTERS),
        (r"(?<![A-Za-z\d.])([1-4])Q\s?'?((?:20)?\d\d)?(?![A-Za-z\d])", _read_quarter_of_year),
        (r"(?<![A-Za-z\d])Q([1-4])(?![A-Za-z\d])", _QUARTERS),
        (r"(?i)\b(first|second|third|fourth|final|1st|2nd|3rd|4th)[ -]quarter", _QUARTERS),
        (r"(?i)\b(first|second|1st|2nd)[ -](?:half|six months)", _HALVES),
        (r"([상하])반기", _HALVES),
        (r"(?<![A-Za-z\d])(?:H([12])|([12])H)(?![A-Za-z\d])", _HALVES),
        (r"(?<!\d)((?:19|20)\d\d)\s?년", _read_period("year")),
        (r"['’‘](\d\d)년", _read_short_year),
        (r"\bFY\s?'?((?:19|20)?\d\d)(?!\d)", _read_short_year),
        (r"(?<![\d.,])(?:(1[0-2]|0?[1-9])(?:월)?\s?[-~∼～]\s?)?(1[0-2]|0?[1-9])월", _MONTHS),
        (rf"\b({_month_names(_FULL_MONTHS)})\b", _MONTHS),
        (rf"(?<=\d[ -])({_month_names(_SHORT_MONTHS)})\b", _MONTHS),
        (rf"\b({_month_names(_SHORT_MONTHS)})(?=\.?,?[ -]\d)", _MONTHS),
        (r"(?:\b(?:in|of|to|by|on|from|since|until|early|late) |[Mm]id-)(May)\b", _MONTHS),
        (r"제\s?(\d+)\s?(?:조|항|호|장|절|관)", _read_plain),
        (rf"{_BEFORE}(?:{_NUMERAL}){_BEHIND}", _read_amount),
        (rf"(?i)\b({_WORD}|a(?= (?:{_SCALE})\b))\b(?:[ -]({_SCALE})\b)?", _read_spelled),
        (rf"(?<![가-힣])({_COUNT})(?=\s?(?:{COUNTED}))", _read_spelled),
    )
)  # fmt: skip


@lru_cache(maxsize=65536)
def read_quantities(text: str) -> tuple[Quantity, ...]:
    """List the quantities of a Korean or English text, in no order that means anything.

    ``1조 2,000억원`` and ``1.2 trillion won`` give the same, as do ``25bp`` and ``0.25%p``,
    ``2024년 3월`` and ``March 2024``. Signs, and what is counted, are not looked at.
    """
    rest = unicodedata.normalize("NFKC", _replace_fractions(text))
    rest = _LONE_POINT.sub(".", rest)
    found: list[Quantity] = []
    for pattern, read in _PASSES:
        for match in list(pattern.finditer(rest)):
            found += read(match)
            rest = rest[: match.start()] + _TAKEN * len(match[0]) + rest[match.end() :]
    return tuple(replace(one, value=one.value.normalize()) for one in found)


def _replace_fractions(text: str) -> str:
    """Write 4½ as 4.5."""
    for sign, digits in _FRACTIONS.items():
        if sign in text:
            text = re.sub(rf"(?<=\d)\s?{sign}", digits, text).replace(sign, f"0{digits}")
    return text
