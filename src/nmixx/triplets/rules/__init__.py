"""Rules that carry out a shift or a rewording, one package a language."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from nmixx.errors import MissingExtraError
from nmixx.triplets.rules.rule import LanguageRules

__all__ = ["LanguageRules", "rules_for"]


def _korean() -> LanguageRules:
    """Load the Korean rules, which work on morphemes."""
    try:
        import kiwipiepy  # noqa: F401 - only to say early that it is missing
    except ImportError:
        raise MissingExtraError("kiwipiepy", "ko", "Making Korean triplets") from None
    from nmixx.triplets.rules import korean

    return LanguageRules(korean.RULES, korean.rephrase, korean.split_sentences, korean.find_form)


def _english() -> LanguageRules:
    """Load the English rules."""
    from nmixx.triplets.rules import english

    return LanguageRules(
        english.RULES, english.rephrase, english.split_sentences, english.find_form
    )


_LOADERS: dict[str, Callable[[], LanguageRules]] = {"ko": _korean, "en": _english}


@cache
def rules_for(lang: str) -> LanguageRules | None:
    """Give a language's rules, or None when it has none.

    Raises:
        MissingExtraError: the package the rules need is not installed.
    """
    loader = _LOADERS.get(lang)
    return None if loader is None else loader()
