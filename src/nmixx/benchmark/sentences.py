"""Sentences of a document: cut where one plainly ends, whole where that is in doubt."""

from __future__ import annotations

import re

_END = re.compile(r"(?<=[.!?。])[\"'”’)\]]*\s+(?=[\"'“‘(\[]*[A-Z0-9가-힣一-鿿])")
# A full stop after these, after one capital or after a bare number ends no sentence.
_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:[A-Z]|\d{1,3}|Inc|Corp|Ltd|Co|Mr|Mrs|Ms|Dr|St|No|vs|etc|Jan|Feb|Mar|Apr|Jun|"
    r"Jul|Aug|Sept?|Oct|Nov|Dec|U\.S|U\.K|e\.g|i\.e|approx|Art|Sec|Fig)\.$"
)


def split_sentences(text: str) -> list[str]:
    """Split a text into sentences; abbreviations and numbered headings do not end one."""
    parts: list[str] = []
    start = 0
    for match in _END.finditer(text):
        end = match.start() + len(match[0].rstrip())
        if _ABBREVIATION.search(text[start : match.start()]):
            continue
        parts.append(text[start:end].strip())
        start = match.end()
    parts.append(text[start:].strip())
    return [part for part in parts if part]
