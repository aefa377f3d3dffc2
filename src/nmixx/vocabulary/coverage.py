"""How well a tokenizer covers a language: tokens per word, whole words, unknown and cut text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokenizers import Tokenizer


@dataclass(frozen=True)
class Coverage:
    """Coverage of one language's texts by one tokenizer; shares lie between 0 and 1."""

    texts: int
    words: int
    tokens: int
    tokens_per_word: float
    tokens_per_character: float
    words_whole: float
    unknown_share: float
    truncated_share: float

    def to_row(self) -> dict[str, float | int]:
        """Give the figures as plain data."""
        return asdict(self)


def measure_coverage(
    tokenizer: Tokenizer, texts: Sequence[str], *, unknown: str | None, max_length: int
) -> Coverage:
    """Measure how a tokenizer splits texts into whitespace-separated words.

    Args:
        tokenizer: without padding and truncation.
        texts: texts of one language.
        unknown: the unknown token's string, if the tokenizer has one.
        max_length: tokens, special ones included, that the model reads of a text.

    Returns:
        The coverage; ``truncated_share`` is the share of all tokens beyond ``max_length``.
    """
    encoded = tokenizer.encode_batch([text.split() for text in texts], is_pretokenized=True)
    words = tokens = whole = unknowns = cut = 0
    specials = tokenizer.num_special_tokens_to_add(is_pair=False)
    for encoding in encoded:
        pieces = [
            (word, token)
            for word, token in zip(encoding.word_ids, encoding.tokens, strict=True)
            if word is not None
        ]
        sizes = [len(list(group)) for _, group in groupby(pieces, key=lambda piece: piece[0])]
        words += len(sizes)
        tokens += len(pieces)
        whole += sum(size == 1 for size in sizes)
        unknowns += sum(token == unknown for _, token in pieces)
        cut += max(0, len(pieces) + specials - max_length)
    characters = sum(len(text) for text in texts)
    return Coverage(
        texts=len(texts),
        words=words,
        tokens=tokens,
        tokens_per_word=tokens / max(words, 1),
        tokens_per_character=tokens / max(characters, 1),
        words_whole=whole / max(words, 1),
        unknown_share=unknowns / max(tokens, 1),
        truncated_share=cut / max(tokens, 1),
    )


def sample_evenly(texts: Iterable[str], size: int) -> list[str]:
    """Take ``size`` texts at even distances, so that every source is seen."""
    every = list(texts)
    if len(every) <= size:
        return every
    return [every[number * len(every) // size] for number in range(size)]
