"""Entries of a vocabulary that no text leads to."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING

from nmixx.vocabulary.entries import Entry, Vocabulary
from nmixx.vocabulary.scripts import scripts_in

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_CONTEXTS = ("", " ", "a ", "x", "«", "0", ".", "가", "가 ")
_WORDS = 3


def find_unreachable(tokenizer: Tokenizer, vocabulary: Vocabulary) -> list[int]:
    """Find the entries whose own text is never encoded with them.

    Each entry's text is encoded alone and behind other text: a space, a letter, a figure, a mark,
    and long words that no entry continues, so that what stands behind them has to begin a piece of
    its own. An entry that appears in none of these is called unreachable. Added tokens are left
    aside, and so are bytes of half a character, which cannot be written down alone (Land and
    Bartolo, 2024, section 3.1, test one context).

    Args:
        tokenizer: without padding and truncation.
        vocabulary: the same tokenizer taken apart.
    """
    waiting = {
        number: entry.text for number, entry in vocabulary.entries.items() if entry.text is not None
    }
    for before in (*_CONTEXTS, *_blocking_words(tokenizer, vocabulary)):
        numbers = list(waiting)
        encoded = tokenizer.encode_batch(
            [before + waiting[number] for number in numbers], add_special_tokens=False
        )
        for number, encoding in zip(numbers, encoded, strict=True):
            if number in encoding.ids:
                del waiting[number]
    return list(waiting)


def _blocking_words(tokenizer: Tokenizer, vocabulary: Vocabulary) -> list[str]:
    """Give long words that are entries, and that no other entry begins with."""
    words = {
        script: [
            entry
            for entry in vocabulary.entries.values()
            if entry.start
            and entry.text
            and entry.text.isalpha()
            and scripts_in(entry.text) == {script}
        ]
        for script in ("LATIN", "HANGUL")
    }
    return [word for some in words.values() for word in _longest_whole(tokenizer, some)]


def _longest_whole(tokenizer: Tokenizer, entries: Sequence[Entry]) -> list[str]:
    """Give the longest of some entries that stand whole in a text and begin no other entry."""
    texts = sorted(entry.text or "" for entry in entries)
    ends = {
        text
        for text, following in zip_longest(texts, texts[1:], fillvalue="")
        if not following.startswith(text)
    }
    found: list[str] = []
    for text in sorted(ends, key=lambda text: (-len(text), text)):
        if len(tokenizer.encode(text, add_special_tokens=False).ids) == 1:
            found.append(text)
        if len(found) == _WORDS:
            break
    return found
