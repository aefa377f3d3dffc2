"""Figures written another way, the value unchanged: 1조 2,000억원 as 1.2조원, 25bp as 0.25%p."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

_NUMBER = r"(?<![\d.,])(\d{1,3}(?:,\d{3})+|\d+)"
_DECIMAL = r"(?<![\d.,])(\d+\.\d+)"


class Format(NamedTuple):
    """A way to write a figure: what it looks like, and how to write it otherwise."""

    pattern: re.Pattern[str]
    write: Callable[[re.Match[str]], str]


def _parse(digits: str) -> Decimal:
    return Decimal(digits.replace(",", ""))


def _show(value: Decimal) -> str:
    return f"{value.normalize():,f}"


def _merge_units(match: re.Match[str]) -> str:
    return f"{_show(_parse(match[1]) + _parse(match[2]) / 10_000)}조"


def _split_units(match: re.Match[str]) -> str:
    whole, rest = divmod(_parse(match[1]) * 10_000, 10_000)
    return f"{_show(whole)}조 {_show(rest)}억" if whole else f"{_show(rest)}억"


def _write_points(match: re.Match[str]) -> str:
    return f"{_show(_parse(match[1]) / 100)}%p"


def _write_basis(match: re.Match[str]) -> str:
    return f"{_show(_parse(match[1]) * 100)}bp"


def _write_euros(match: re.Match[str]) -> str:
    scale = {"mn": 100, "m": 100, "mln": 100, "bn": 100_000}[match[2].lower()]
    whole, rest = divmod(Decimal(match[1]) * scale, 10_000)
    parts = [f"{_show(whole)}억"] * bool(whole) + [f"{_show(rest)}만"] * bool(rest)
    return " ".join([*parts, "유로"])


FORMATS = (
    Format(re.compile(rf"{_NUMBER}조 ?(\d{{1,3}}(?:,\d{{3}})|\d{{1,4}})억"), _merge_units),
    Format(re.compile(rf"{_DECIMAL}조"), _split_units),
    Format(re.compile(rf"{_NUMBER} ?bp\b"), _write_points),
    Format(re.compile(r"(?<![\d.,])(0\.\d\d?)%p"), _write_basis),
    Format(re.compile(r"EUR ?(?<![\d.,])(\d+(?:\.\d+)?) ?(mn|mln|bn|m)\b"), _write_euros),
    Format(re.compile(r"(?<=\d)(%)(?!p)"), lambda match: "퍼센트"),
    Format(re.compile(r"(?<=\d) ?(퍼센트|pct\b|프로\b)"), lambda match: "%"),
    Format(re.compile(r"(?<=\d) ?mln 유로"), lambda match: "백만 유로"),
    # "2분기 연속" counts quarters and names none.
    Format(
        re.compile(r"(?<![\d/])([1-4])분기(?! ?(?:연속|만|째|동안|간|내))"),
        lambda match: f"{match[1]}/4분기",
    ),
    Format(re.compile(r"(?<!\d)([1-4])/4 ?분기"), lambda match: f"{match[1]}분기"),
    Format(re.compile(r"\b([1-4])Q\b"), lambda match: f"{match[1]}분기"),
)


def rewrite_figures(text: str) -> str:
    """Return `text` with its figures in other formats, each value the same."""
    for form in FORMATS:
        changed = form.pattern.sub(form.write, text)
        if changed != text:
            return changed
    return text
