"""Rules that carry out a shift or a rewording, one package a language."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from nmixx.errors import MissingExtraError

Rule = Callable[[str, random.Random], str | None]


@dataclass(frozen=True)
class LanguageRules:
    """What one language offers: a rule for each shift, and a rewording that keeps the meaning."""

    shifts: Mapping[str, Rule]
    rephrase: Rule


def _korean() -> LanguageRules:
    """Load the Korean rules, which work on morphemes."""
    try:
        import kiwipiepy  # noqa: F401 - only to say early that it is missing
    except ImportError:
        raise MissingExtraError("kiwipiepy", "ko", "Making Korean triplets") from None
    from nmixx.triplets.rules import korean

    return LanguageRules(korean.RULES, korean.rephrase)


def _english() -> LanguageRules:
    """Load the English rules."""
    from nmixx.triplets.rules import english

    return LanguageRules(english.RULES, english.rephrase)


_LOADERS: dict[str, Callable[[], LanguageRules]] = {"ko": _korean, "en": _english}


@cache
def rules_for(lang: str) -> LanguageRules | None:
    """Give a language's rules, or None when it has none.

    Raises:
        MissingExtraError: the package the rules need is not installed.

    """
    loader = _LOADERS.get(lang)
    return None if loader is None else loader()
