"""The same characters and figures in another notation."""

from __future__ import annotations

import random
import re

from nmixx.evaluation.robustness.languages import is_korean

_WIDE = {ord(mark): ord(mark) + 0xFEE0 for mark in map(chr, range(0x21, 0x7F))}
_NARROW = {wide: narrow for narrow, wide in _WIDE.items()}
_LONG = re.compile(r"(?<![\d.,])\d{4,}(?![\d,])(?!년|\s?(?:year|fiscal))")
_GROUPED = re.compile(r"(?<![\d,.])\d{1,3}(?:,\d{3})+(?![\d,])")
_SIGN = re.compile(r"(?<=\d)\s?%(?!p)")
_SPELLED = re.compile(r"(?<=\d)\s?(?:percent|per cent|퍼센트|프로)(?![\w가-힣])")
_YEARS = range(1900, 2100)


def widen(text: str, rng: random.Random) -> str:
    """Write the ASCII letters, figures and signs of a text in full width; narrow a wide text.

    Japanese and older Korean input methods give these; NFKC takes them back.
    """
    del rng  # there is one way to do it
    narrowed = text.translate(_NARROW)
    return narrowed if narrowed != text else text.translate(_WIDE)


def renumber(text: str, rng: random.Random) -> str:
    """Write figures another way: with or without thousands' commas, ``%`` or the word for it.

    A number of four digits that may be a year is left alone.
    """
    del rng  # every figure that can be written another way is
    swapped = _GROUPED.sub(lambda found: found[0].replace(",", ""), text)
    if swapped == text:
        swapped = _LONG.sub(_group, text)
    word = "퍼센트" if is_korean(text) else " percent"
    signed = _SPELLED.sub("%", swapped)
    return signed if signed != swapped else _SIGN.sub(word, swapped)


def _group(found: re.Match[str]) -> str:
    """Write a number with commas unless it may be a year or begins with a zero."""
    number = int(found[0])
    if number in _YEARS or found[0].startswith("0"):
        return found[0]
    return f"{number:,}"
