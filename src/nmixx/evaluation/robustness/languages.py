"""Which language a text is in, as far as perturbing it needs to know."""

from __future__ import annotations

import re

HANGUL = re.compile("[가-힣]")


def is_korean(text: str) -> bool:
    """Tell whether a text has Hangul syllables; mixed text counts as Korean."""
    return HANGUL.search(text) is not None
