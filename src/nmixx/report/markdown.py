"""Markdown as the cards use it: tables, and texts that cannot act as markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from nmixx.report.words import NBSP

_WORDS = frozenset({"metric", "meaning", "what changes"})


def table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a table; words stand to the left, figures to the right."""
    sides = [" --- " if title in {titles[0], *_WORDS} else " ---: " for title in titles]
    head = f"| {' | '.join(titles)} |"
    rule = f"|{'|'.join(sides)}|"
    body = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([head, rule, *body]).replace(NBSP, " ") + "\n"


def plain(text: str) -> str:
    """Keep a text from acting as Markdown or HTML."""
    flat = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;")
    return re.sub(r"([\\`*_\[\]|])", r"\\\1", flat)
