"""What a rule is, in every language."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Rule = Callable[[str, random.Random], str | None]
"""Turns a text into another, or gives None where it does not apply; pure given text and chooser."""


STATEMENT, LABEL, OTHER = "statement", "label", "other"


@dataclass(frozen=True)
class LanguageRules:
    """What one language offers.

    Attributes:
        shifts: a rule for each shift, by its name.
        rephrase: a rewording that keeps the meaning.
        split: the sentences of a document that can stand alone.
        form: what a text is: a ``STATEMENT`` (a sentence, a headline), a ``LABEL`` that states
            nothing, or something else, such as a question or advice to a reader.
    """

    shifts: Mapping[str, Rule]
    rephrase: Rule
    split: Callable[[str], list[str]]
    form: Callable[[str], str]
