"""How well a tokenizer covers a language: tokens per word, whole words, unknown and cut text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_WORD = re.compile(r"\S+")
_BATCH = 1_000


@dataclass(frozen=True)
class Coverage:
    """Coverage of one language's texts by one tokenizer; shares lie between 0 and 1.

    Special tokens are not counted; ``tokens_per_word`` and ``words_whole`` are of words between
    spaces.
    """

    texts: int
    words: int
    tokens: int
    tokens_per_word: float
    tokens_per_character: float
    tokens_per_text: float
    words_whole: float
    unknown_share: float
    byte_share: float
    truncated_share: float

    def to_row(self) -> dict[str, float | int]:
        """Give the figures as plain data."""
        return asdict(self)


def measure_coverage(
    tokenizer: Tokenizer,
    texts: Sequence[str],
    *,
    unknown: str | None,
    max_length: int,
    broken: frozenset[int] = frozenset(),
) -> Coverage:
    """Measure how a tokenizer splits texts into whitespace-separated words.

    Args:
        tokenizer: without padding and truncation.
        texts: texts of one language.
        unknown: the unknown token's string, if the tokenizer has one.
        max_length: tokens, special ones included, that the model reads of a text.
        broken: ids of tokens that write bytes instead of whole characters.

    Returns:
        The coverage; ``truncated_share`` is the share of all tokens beyond ``max_length``,
        ``byte_share`` that of broken tokens.
    """
    unknown_id = tokenizer.token_to_id(unknown) if unknown is not None else None
    specials = tokenizer.num_special_tokens_to_add(is_pair=False)
    words = in_words = tokens = whole = unknowns = bytes_ = cut = 0
    for ids, pieces in _split(tokenizer, texts):
        words += int((pieces > 0).sum())
        in_words += int(pieces.sum())
        whole += int((pieces == 1).sum())
        tokens += len(ids)
        unknowns += ids.count(unknown_id) if unknown_id is not None else 0
        bytes_ += sum(number in broken for number in ids) if broken else 0
        cut += max(0, len(ids) + specials - max_length)
    characters = sum(len(text) for text in texts)
    return Coverage(
        texts=len(texts),
        words=words,
        tokens=tokens,
        tokens_per_word=in_words / max(words, 1),
        tokens_per_character=tokens / max(characters, 1),
        tokens_per_text=tokens / max(len(texts), 1),
        words_whole=whole / max(words, 1),
        unknown_share=unknowns / max(tokens, 1),
        byte_share=bytes_ / max(tokens, 1),
        truncated_share=cut / max(tokens, 1),
    )


def _split(
    tokenizer: Tokenizer, texts: Sequence[str]
) -> Iterator[tuple[list[int], npt.NDArray[np.int64]]]:
    """Give for each text its token ids, and how many tokens each of its words has.

    Texts are encoded whole, since many tokenizers treat a word otherwise behind a space. A token
    belongs to the word that its last character lies in, else to the next one.
    """
    for start in range(0, len(texts), _BATCH):
        batch = list(texts[start : start + _BATCH])
        for text, encoding in zip(
            batch, tokenizer.encode_batch(batch, add_special_tokens=False), strict=True
        ):
            borders = np.array([match.end() for match in _WORD.finditer(text)], dtype=np.int64)
            ends = np.array([end for _, end in encoding.offsets], dtype=np.int64)
            places = np.searchsorted(borders, np.maximum(ends - 1, 0), side="right")
            inside = places[places < len(borders)]
            yield encoding.ids, np.bincount(inside, minlength=len(borders))


def sample_evenly(texts: Iterable[str], size: int) -> list[str]:
    """Take ``size`` texts at even distances, so that every source is seen."""
    every = list(texts)
    if len(every) <= size:
        return every
    return [every[number * len(every) // size] for number in range(size)]
