"""The words on which a tokenizer spends most: frequent ones that it takes apart."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from nmixx.vocabulary.entries import WORD_START, Vocabulary, byte_alphabet

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_WORD = re.compile(r"\w(?:\S*\w)?")
_CANDIDATES = 20_000
_BEFORE = "a "  # a word in the midst of a text, where many tokenizers see a space before it


@dataclass(frozen=True)
class SplitWord:
    """A word that takes several tokens.

    Attributes:
        word: without punctuation around it.
        count: how often the texts have it.
        pieces: its tokens, readable.
        cost: tokens spent on it in all, ``count`` times the number of pieces.
    """

    word: str
    count: int
    pieces: Sequence[str]
    cost: int

    def to_row(self) -> dict[str, Any]:
        """Give it as plain data."""
        return {**asdict(self), "pieces": list(self.pieces)}


def find_split_words(
    tokenizer: Tokenizer, vocabulary: Vocabulary, texts: Sequence[str], *, size: int = 50
) -> list[SplitWord]:
    """Find the words that cost most tokens among those that are not kept whole.

    Words have at least one letter. Looked at are the 20,000 most frequent ones.

    Args:
        tokenizer: without padding and truncation.
        vocabulary: the same tokenizer taken apart.
        texts: of one language.
        size: how many words are given.
    """
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(word for word in _WORD.findall(text) if any(map(str.isalpha, word)))
    words = [word for word, _ in counts.most_common(_CANDIDATES)]
    split = [
        (word, ids)
        for word, ids in zip(words, split_words(tokenizer, words), strict=True)
        if len(ids) > 1
    ]
    split.sort(key=lambda item: (-counts[item[0]] * len(item[1]), item[0]))
    return [
        SplitWord(
            word,
            counts[word],
            tuple(write_token(vocabulary, number) for number in ids),
            counts[word] * len(ids),
        )
        for word, ids in split[:size]
    ]


def split_words(tokenizer: Tokenizer, words: Sequence[str]) -> list[list[int]]:
    """Give the token ids of each word as they are in the midst of a text."""
    encoded = tokenizer.encode_batch([_BEFORE + word for word in words], add_special_tokens=False)
    return [
        [
            number
            for number, (_, end) in zip(encoding.ids, encoding.offsets, strict=True)
            if end > len(_BEFORE)
        ]
        for encoding in encoded
    ]


def write_token(vocabulary: Vocabulary, number: int) -> str:
    """Write a token so that people can read it: bytes of half a character as ``<EC 98>``."""
    entry = vocabulary.entries.get(number)
    if entry is None:
        return vocabulary.added.get(number, f"#{number}")
    if not vocabulary.byte_level:
        return entry.token
    if entry.text is None:
        letters = byte_alphabet()
        return f"<{' '.join(f'{letters[m]:02X}' if m in letters else m for m in entry.token)}>"
    return (WORD_START if entry.start else "") + entry.text
