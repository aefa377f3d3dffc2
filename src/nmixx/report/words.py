"""How figures and differences are written, and which words of two texts differ."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

MINUS = "−"
NBSP = "\u00a0"
DIGITS = 3
"""Digits behind the point of a task's figure, on the page and in the cards."""


@dataclass(frozen=True)
class Stretch:
    """Words of a text that were kept, taken away or put in."""

    kind: Literal["same", "gone", "new"]
    text: str


def figure(value: float | None, digits: int = DIGITS) -> str:
    """Write a figure with so many digits and a true minus; a dash where there is none."""
    if value is None:
        return "–"
    return f"{value:,.{digits}f}".replace("-", MINUS)


def signed(value: float, digits: int = DIGITS) -> str:
    """Write a difference with its sign; what rounds to nothing is ``±0``."""
    text = f"{value:+,.{digits}f}"
    return f"±{text[1:]}" if float(text.replace(",", "")) == 0 else text.replace("-", MINUS)


def span(low: float, high: float, *, sign: bool = False) -> str:
    """Write an interval as ``0.71 to 0.76``."""
    write = signed if sign else figure
    return f"{write(low)} to {write(high)}".replace(" ", NBSP)


def chance(p: float) -> str:
    """Write a p value, as a bound where it is below a thousandth."""
    return "< 0.001".replace(" ", NBSP) if p < 0.001 else figure(p)


def percent(share: float | None) -> str:
    """Write a share as percent; small ones with a digit more."""
    if share is None:
        return "–"
    digits = 0 if share >= 0.1 or share == 0 else 1
    return f"{share * 100:.{digits}f}{NBSP}%"


def join(names: Sequence[str], *, most: int = 6) -> str:
    """Write a list as ``a, b and c``; beyond ``most`` names the rest is counted."""
    shown = list(names[:most])
    if len(names) > most:
        shown.append(f"{len(names) - most} more")
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def shorten(text: str, size: int = 160) -> str:
    """Cut a text at a word near ``size`` characters."""
    flat = " ".join(text.split())
    if len(flat) <= size:
        return flat
    head, _, _ = flat[:size].rpartition(" ")
    return f"{head or flat[:size]} …"


def fit(text: str, size: int) -> str:
    """Cut a name that would run out of its column; Korean counts double."""
    room, kept = size, ""
    for mark in text:
        room -= 2 if ord(mark) >= 0x1100 else 1
        if room < 0:
            return kept.rstrip() + "…"
        kept += mark
    return kept


def sentence(text: str) -> str:
    """Write a remark as a sentence: a capital, true minus signs and a full stop."""
    written = re.sub(r"(?<![\w-])-(?=\d)", MINUS, text)
    return f"{written[:1].upper()}{written[1:]}."


def mark_changes(before: str, after: str) -> list[Stretch]:
    """Find by words what was taken away and what was put in.

    A change within a word marks the whole word, so that Korean endings stay readable.
    """
    old, new = before.split(), after.split()
    stretches: list[Stretch] = []
    matcher = difflib.SequenceMatcher(a=old, b=new, autojunk=False)
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            stretches.append(Stretch("same", _elide(old[i:j])))
            continue
        if j > i:
            stretches.append(Stretch("gone", " ".join(old[i:j])))
        if m > k:
            stretches.append(Stretch("new", " ".join(new[k:m])))
    return stretches


def _elide(kept: Sequence[str], *, ends: int = 12) -> str:
    """Leave out the middle of a long unchanged stretch."""
    if len(kept) <= 2 * ends + 4:
        return " ".join(kept)
    return " ".join([*kept[:ends], "…", *kept[-ends:]])
