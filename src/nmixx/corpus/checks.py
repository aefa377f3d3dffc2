"""Checks: what a single row must pass, whatever the other rows are."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from nmixx.corpus.items import Drop, Item
from nmixx.corpus.language import contradicts
from nmixx.corpus.settings import CorpusSettings

Check = Callable[[Item, CorpusSettings], str | None]


def find_empty(item: Item, settings: CorpusSettings) -> str | None:
    """Tell when a text holds neither a letter nor a digit."""
    return None if all(item.keys) else "no letter and no digit"


def find_short(item: Item, settings: CorpusSettings) -> str | None:
    """Tell how short a text is that is too short."""
    size = min(map(len, item.texts))
    least = settings.min_characters
    return f"characters: {size}, at least {least}" if size < least else None


def find_long(item: Item, settings: CorpusSettings) -> str | None:
    """Tell how long a text is that is too long."""
    size = max(map(len, item.texts))
    most = settings.max_characters
    return f"characters: {size}, at most {most}" if size > most else None


def find_language(item: Item, settings: CorpusSettings) -> str | None:
    """Tell which language a text is in when it claims another."""
    if not settings.detect_language:
        return None
    for text, lang in zip(item.texts, item.langs, strict=True):
        found = contradicts(text, lang)
        if found:
            return f"said to be {lang}, reads as {found}: {text[:60]}"
    return None


CHECKS: dict[str, Check] = {
    "empty": find_empty,
    "too short": find_short,
    "too long": find_long,
    "wrong language": find_language,
}
"""Reason to check, in the order in which they are tried."""


def check_items(items: Iterable[Item], settings: CorpusSettings) -> tuple[list[Item], list[Drop]]:
    """Split items into those that pass every check and those that fail one."""
    kept, dropped = [], []
    for item in items:
        for reason, check in CHECKS.items():
            detail = check(item, settings)
            if detail is not None:
                dropped.append(Drop(item, reason, detail))
                break
        else:
            kept.append(item)
    return kept, dropped
