"""Figures whose unit was lost in translation: 10.5억 유로 is no translation of 10.5 million euros.

Korean counts in ten thousands (만) and hundred millions (억), so a figure before these units cannot
stay the same digit for digit in a language that counts in thousands and millions.
"""

from __future__ import annotations

import re

_KOREAN = re.compile(r"(\d[\d,]*(?:\.\d+)?)\s?(?:만|억)")
_SPLIT = re.compile(r"(?<=\d)\s(?=\.\d)")
_FIGURE = re.compile(r"\d[\d,]*(?:\.\d+)?")


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
