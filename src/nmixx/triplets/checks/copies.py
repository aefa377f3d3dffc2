"""Whether the three texts are three texts, and hold nothing of a generator's own words."""

from __future__ import annotations

import re
import unicodedata

from nmixx.records import Triplet
from nmixx.triplets.checks.check import origin_of
from nmixx.triplets.taxonomy import SHIFTS

_LABEL = re.compile(
    r"^\W{0,3}(?:positive|negative|paraphrase|translation|rewrit\w+|shifted|output|answer|result|"
    r"anchor|original|sentence|text|번역|의역|바꿔 ?쓴|원문|정답|답변|출력|결과|문장|긍정|부정)"
    r"(?:\s?(?:sentence|text|version|문장|문))?\s*[:：=]",
    re.IGNORECASE,
)
_CHATTER = re.compile(
    r"```|</?\w+>|\{\s*\"|\bas an ai\b|\bhere(?:'s| is| are) (?:the|a|your)\b[^.]{0,40}:|"
    r"\bunsuitable\b|\bi (?:cannot|can't|am unable to)\b|\bsorry, (?:but )?i\b|"
    r"다음은 .{0,30}(?:번역|문장|의역)(?:입니다|:)|번역(?:하면|문은) 다음|죄송(?:하지만|합니다)|"
    r"AI ?(?:언어 ?)?모델",
    re.IGNORECASE,
)
_TOO_MUCH = 1.3  # times the anchor's length: the positive repeats the anchor and says more


def differ_positive(triplet: Triplet) -> float:
    """Score 0 where the positive is the anchor but for spaces, case and punctuation."""
    return 0.0 if squeeze(triplet.anchor) == squeeze(triplet.positive) else 1.0


def differ_negative(triplet: Triplet) -> float:
    """Score 0 where the negative is another of the triplet's texts, or what it was made of."""
    others = (triplet.anchor, triplet.positive, origin_of(triplet) or triplet.positive)
    return 0.0 if squeeze(triplet.negative) in {squeeze(text) for text in others} else 1.0


def stay_silent(triplet: Triplet) -> float:
    """Score 0 where a text holds a label, a remark to the reader or another text whole."""
    origin = origin_of(triplet) or triplet.anchor
    for text, source in ((triplet.positive, triplet.anchor), (triplet.negative, origin)):
        for pattern in (_LABEL, _CHATTER):
            if pattern.search(text) and not pattern.search(source):
                return 0.0
    if _names_shift(triplet.negative) or _repeats(triplet):
        return 0.0
    return 1.0


def squeeze(text: str) -> str:
    """Keep a text's letters, digits and meaningful signs: what a near-copy has in common.

    Korean writers set spaces as they please, so spaces say nothing.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(mark for mark in folded if mark.isalnum() or mark in "%+<>▲△▼↑↓")


def _names_shift(text: str) -> bool:
    """Tell whether a text holds the name of a shift as settings spell it."""
    return "_" in text and any(name in text for name in SHIFTS if "_" in name)


def _repeats(triplet: Triplet) -> bool:
    """Tell whether the positive holds the whole anchor and more."""
    anchor, positive = squeeze(triplet.anchor), squeeze(triplet.positive)
    return len(positive) > _TOO_MUCH * len(anchor) and len(anchor) > 15 and anchor in positive
