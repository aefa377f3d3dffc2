"""Meaning-preserving rewrites: the rephrasings that positives of triplets are made with."""

from __future__ import annotations

import random

from nmixx.evaluation.robustness.languages import is_korean


def reword(text: str, rng: random.Random) -> str:
    """Tell a text again in other words by rule; one that no rule fits stays as it is.

    Raises:
        MissingExtraError: the text is Korean and the package for its morphemes is missing.
    """
    from nmixx.triplets.rules import rules_for

    rules = rules_for("ko" if is_korean(text) else "en")
    changed = None if rules is None else rules.rephrase(text, rng)
    return text if changed is None else changed
