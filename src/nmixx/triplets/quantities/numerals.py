"""From digits and scale words to a value: ``1조 2,000억``, ``8천7백만``, ``1.2 trillion``."""

from __future__ import annotations

import re
from decimal import Decimal

from nmixx.triplets.quantities.tables import ENGLISH_SCALES, KOREAN_LARGE, KOREAN_SMALL

DIGITS = r"\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?"
# 조각, 경기 and their like are words, no scales.
_LARGE = "(?:[만억]|조(?![각직사치건선금별작항회])|경(?![기쟁제우로영비]))"
# A bare number behind a scale belongs to it only where it does not begin a quantity of its own.
_REST = rf"\s?(?:{DIGITS})(?!\s?(?:[십백천만억조경년월일%]|개월|분기|퍼센트|bp|\d|[,.]\d))"
KOREAN_NUMERAL = (
    rf"(?:{DIGITS})(?:\s?[십백천]*{_LARGE}|[십백천])"
    rf"(?:\s?(?:{DIGITS})(?:\s?[십백천]*{_LARGE}|[십백천]))*(?:{_REST})?"
)
"""Digits with Korean scale words among them."""

_PART = re.compile(rf"{DIGITS}|[십백천만억조경]")


def parse_digits(digits: str) -> Decimal:
    """Read plain digits with or without thousands separators."""
    return Decimal(digits.replace(",", ""))


def parse_korean(numeral: str) -> Decimal:
    """Read a numeral that matches :data:`KOREAN_NUMERAL`.

    Small scales (십, 백, 천) add up to a section, which a large one (만, 억, 조, 경) multiplies.
    """
    total = section = Decimal(0)
    number: Decimal | None = None
    for part in _PART.findall(numeral):
        if part in KOREAN_SMALL:
            section += (Decimal(1) if number is None else number) * KOREAN_SMALL[part]
            number = None
        elif part in KOREAN_LARGE:
            section += number or 0
            total += (section or 1) * KOREAN_LARGE[part]
            section, number = Decimal(0), None
        else:
            number = parse_digits(part)
    return total + section + (number or 0)


def parse_english(digits: str, scale: str | None) -> Decimal:
    """Read digits with an English scale word, or none, behind them."""
    return parse_digits(digits) * (ENGLISH_SCALES[scale.lower()] if scale else 1)
