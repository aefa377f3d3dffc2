"""Words with letters outside ASCII, counted, and spelled in the pieces a tokenizer has."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from nmixx.errors import DataError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

FOREIGN = re.compile(r"[^\W\d_a-zA-Z]")
_LETTERS = re.compile(r"[^\W\d_]+")
_LONGEST = 200
_BATCH = 20_000

Symbols = tuple[int, ...]
"""A run of a tokenizer's pieces, by id."""


def count_words(texts: Iterable[str]) -> Counter[str]:
    """Count whitespace-separated words that hold a letter outside ASCII, composed (NFC).

    Raises:
        DataError: there is none, so there is nothing to learn.
    """
    every: Counter[str] = Counter()
    for text in texts:
        every.update(unicodedata.normalize("NFC", text).split())
    found = Counter(
        {word[:_LONGEST]: count for word, count in every.items() if FOREIGN.search(word)}
    )
    if not found:
        raise nothing_to_learn()
    return found


def nothing_to_learn() -> DataError:
    """Give the error for texts without a letter outside ASCII."""
    return DataError(
        "growing the vocabulary: the texts hold no letters outside a-z.\n"
        "Expected text in the languages to grow for; check vocabulary.languages and the corpus."
    )


def letter_runs(texts: Iterable[str]) -> list[str]:
    """Give the words of terms: their runs of letters, composed, each once."""
    runs = (run for text in texts for run in _LETTERS.findall(unicodedata.normalize("NFC", text)))
    return list(dict.fromkeys(runs))


def find_lead(tokenizer: Tokenizer) -> str:
    """Give what makes a lone word look as it does within a text: a space or nothing.

    Some tokenizers put a space before every text themselves.
    """
    within = tokenizer.encode("a a", add_special_tokens=False).ids[-1:]
    alone = tokenizer.encode("a", add_special_tokens=False).ids[-1:]
    return "" if alone == within else " "


def count_runs_of_pieces(
    tokenizer: Tokenizer, words: Counter[str], usable: Callable[[int], bool]
) -> Counter[Symbols]:
    """Spell words in a tokenizer's pieces and count the runs that new pieces may be made of.

    A run ends where the tokenizer would never join, and at pieces that are not ``usable``.
    """
    runs: Counter[Symbols] = Counter()
    lead = find_lead(tokenizer)
    for batch in _batches(list(words.items())):
        encoded = tokenizer.encode_batch(
            [lead + word for word, _ in batch], add_special_tokens=False
        )
        for (_, count), encoding in zip(batch, encoded, strict=True):
            pieces = zip(encoding.ids, encoding.word_ids, strict=True)
            for (wanted, _), run in groupby(pieces, key=lambda piece: (usable(piece[0]), piece[1])):
                if wanted:
                    runs[tuple(token for token, _ in run)] += count
    return runs


def _batches(items: Sequence[tuple[str, int]]) -> Iterator[Sequence[tuple[str, int]]]:
    """Cut a list into lists of moderate length."""
    return (items[at : at + _BATCH] for at in range(0, len(items), _BATCH))


def is_letters(text: str) -> bool:
    """Tell whether a text has letters and marks outside ASCII only, and at least one letter."""
    kinds = {unicodedata.category(mark)[0] for mark in text}
    return "L" in kinds and kinds <= {"L", "M"} and not any(mark.isascii() for mark in text)
