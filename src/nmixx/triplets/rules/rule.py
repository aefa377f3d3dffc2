"""What a rule is, in every language."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Rule = Callable[[str, random.Random], str | None]
"""Turns a text into another, or gives None where it does not apply; pure given text and chooser."""


@dataclass(frozen=True)
class LanguageRules:
    """What one language offers: a rule for each shift, and a rewording that keeps the meaning."""

    shifts: Mapping[str, Rule]
    rephrase: Rule
