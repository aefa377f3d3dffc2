"""Figures whose unit was lost in translation: 10.5억 유로 is no translation of 10.5 million euros.

Korean counts in ten thousands (만) and hundred millions (억), so a figure before these units cannot
stay the same digit for digit in a language that counts in thousands and millions. And EUR 5.6 mn is
no sum of money where the currency is left out.
"""

from __future__ import annotations

import re

_KOREAN = re.compile(r"(\d[\d,]*(?:\.\d+)?)\s?(?:만|억)")
_SPLIT = re.compile(r"(?<=\d)\s(?=\.\d)")
_FIGURE = re.compile(r"\d[\d,]*(?:\.\d+)?")
_SUM = re.compile(
    r"(?:\b(?:EUR|USD|GBP|SEK|NOK|DKK|CHF|JPY|KRW|CNY|RUB|LTL|EEK)|[$€£¥₩])\s?\d|"
    r"\d\s?(?:m|mn|mln|bn|bln|million|billion)?\s?(?:EUR|euros?|dollars|dlrs|pounds|kron[aeo]r?|won)\b"
)
_KOREAN_CURRENCY = re.compile(
    r"유로|달러|파운드|크로나|크로네|크론|크룬|프랑|엔|원|위안|루블|리타스|라트|링깃|루피|페소|헤알|"
    r"EUR|USD|GBP|SEK|NOK|DKK|CHF|JPY|KRW|CNY|RUB|LTL|EEK|[$€£¥₩]"
)


def keeps_units(one: str, other: str) -> bool:
    """Tell whether a text and its translation count alike and in the same money."""
    return keeps_scale(one, other) and keeps_currency(one, other) and keeps_currency(other, one)


def keeps_currency(text: str, korean: str) -> bool:
    """Tell whether a sum of money is one in the Korean text, too, in whichever currency."""
    if not re.search("[가-힣]", korean) or re.search("[가-힣]", text):
        return True
    return not _SUM.search(text) or bool(_KOREAN_CURRENCY.search(korean))


def keeps_scale(one: str, other: str) -> bool:
    """Tell whether no figure of either text with a Korean unit stands in the other as it is."""
    return not (_shared(one, other) or _shared(other, one))


def _shared(text: str, other: str) -> set[str]:
    """Give the figures before a Korean unit that the other text has without one."""
    scaled = {_plain(found) for found in _KOREAN.findall(text)}
    if not scaled:
        return set()
    bare = _KOREAN.sub(" ", _SPLIT.sub("", other))
    return scaled & {_plain(found) for found in _FIGURE.findall(bare)}


def _plain(figure: str) -> str:
    return figure.replace(",", "").rstrip("0").rstrip(".") if "." in figure else figure
