"""Korean spacing errors: spaces left out between words, and put in before endings."""

from __future__ import annotations

import random
import re

_SHARE = 0.3
_BETWEEN = re.compile(r"(?<=[가-힣]) (?=[가-힣])")
_PARTICLE = re.compile(
    r"(?<=[가-힣]{2})(?=(?:은|는|이|가|을|를|에|의|로|와|과|도|에서|으로)(?:\s|$))"
)


def misspace(text: str, rng: random.Random) -> str:
    """Leave three in ten spaces out, or part a particle from its noun, as people do.

    A text without Hangul, or with a single word and no particle, stays as it is.
    """
    gaps = [(found.start(), found.end(), "") for found in _BETWEEN.finditer(text)]
    parts = [(found.start(), found.start(), " ") for found in _PARTICLE.finditer(text)]
    edits = []
    if gaps:
        edits += rng.sample(gaps, max(1, round(_SHARE * len(gaps))))
    if parts and (not edits or rng.random() < _SHARE):
        edits.append(rng.choice(parts))
    for start, end, put in sorted(edits, reverse=True):
        text = text[:start] + put + text[end:]
    return text
