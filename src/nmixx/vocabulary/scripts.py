"""Which script a character belongs to, by its name in the Unicode database."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

COMMON = "COMMON"
"""Stands for digits, punctuation, symbols and spaces, which every language uses."""

_RARE = 1e-4


@lru_cache(maxsize=200_000)
def script_of(character: str) -> str:
    """Name the script of a character: the first word of its Unicode name, or ``COMMON``.

    ``가`` and single jamo are ``HANGUL``, ``a`` and ``é`` are ``LATIN``, ``漢`` is ``CJK``. Only
    letters and the marks on them have a script; combining marks of no script are ``COMMON``.
    """
    kind = unicodedata.category(character)
    if kind[0] not in "LM":
        return COMMON
    script = unicodedata.name(character, COMMON).split()[0]
    return COMMON if script in ("COMBINING", "VARIATION", "MODIFIER") else script


def scripts_in(text: str) -> frozenset[str]:
    """Name all scripts of a text but ``COMMON``."""
    return frozenset(map(script_of, text)) - {COMMON}


def count_scripts(texts: Iterable[str]) -> Counter[str]:
    """Count the letters of each script in texts."""
    characters: Counter[str] = Counter()
    for text in texts:
        characters.update(text)
    counts: Counter[str] = Counter()
    for character, count in characters.items():
        counts[script_of(character)] += count
    del counts[COMMON]
    return counts


def common_scripts(counts: Counter[str]) -> frozenset[str]:
    """Name the scripts that hold at least one in 10,000 of all counted letters."""
    total = counts.total()
    return frozenset(script for script, count in counts.items() if count >= _RARE * total)
