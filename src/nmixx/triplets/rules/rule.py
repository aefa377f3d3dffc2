"""What a rule is, in every language."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Rule = Callable[[str, random.Random], str | None]
"""Turns a text into another, or gives None where it does not apply; pure given text and chooser."""


@dataclass(frozen=True)
class LanguageRules:
    """What one language offers.

    Attributes:
        shifts: a rule for each shift, by its name.
        rephrase: a rewording that keeps the meaning.
        split: the sentences of a document that can stand alone.
        states: whether a text states something, as a sentence or a headline does and a label,
            term or title does not.
    """

    shifts: Mapping[str, Rule]
    rephrase: Rule
    split: Callable[[str], list[str]]
    states: Callable[[str], bool]
