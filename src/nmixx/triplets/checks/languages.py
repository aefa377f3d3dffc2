"""Whether each text is in the language it is said to be in."""

from __future__ import annotations

import re

from nmixx.corpus.language import contradicts
from nmixx.records import Triplet

_HANGUL = re.compile("[가-힣]")
_LATIN = re.compile("[A-Za-z]")


def keep_languages(triplet: Triplet) -> float | None:
    """Score 0 where a text is plainly in another language, as far as scripts and statistics tell.

    The other pair of texts decides nothing: one wrong text spoils the triplet.
    """
    texts = (
        (triplet.anchor, triplet.anchor_lang),
        (triplet.positive, triplet.positive_lang),
        (triplet.negative, triplet.negative_lang),
    )
    return 1.0 if all(_fits(text, lang) for text, lang in texts) else 0.0


def _fits(text: str, lang: str) -> bool:
    """Tell whether nothing speaks against a text's language; the two scripts decide first."""
    hangul, latin = len(_HANGUL.findall(text)), len(_LATIN.findall(text))
    if lang == "ko" and hangul == 0 and latin > 0:
        return False
    if lang == "en" and hangul * 3 > latin:
        return False
    return contradicts(text, lang) is None
