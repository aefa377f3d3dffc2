"""Choosing how many pieces to add: doubling while that still shortens words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from nmixx.vocabulary.reporting.coverage import sample_evenly

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from nmixx.vocabulary.growing.families import Lesson

SMALLEST, LARGEST = 1_000, 64_000
_TEXTS = 4_000


@dataclass(frozen=True)
class Rung:
    """A size that was tried, what it adds in fact, and the tokens per word under it."""

    size: int
    added: int
    tokens_per_word: float

    def to_row(self) -> dict[str, float | int]:
        """Give the figures as plain data."""
        return asdict(self)


def climb(
    tokenizer: Tokenizer, lesson: Lesson, texts: Sequence[str], threshold: float
) -> tuple[int, list[Rung]]:
    """Double the number of pieces while that takes a good share off the tokens per word.

    From 1,000 up to 64,000: a size is taken over the one before it when tokens per word fall by
    ``threshold`` at least, as a share of what they were; the first that does not ends the search.

    Args:
        tokenizer: the old one, size 0.
        lesson: what was learned, for 64,000 pieces.
        texts: of the languages to grow for; 4,000 at even distances are measured.
        threshold: between 0 and 1.

    Returns:
        The size, and all that were tried.
    """
    sample = sample_evenly(texts, _TEXTS)
    tried = [Rung(0, 0, _tokens_per_word(tokenizer, sample))]
    size = SMALLEST
    while size <= LARGEST:
        grown = lesson.add(size)
        added = len(grown.old_pieces)
        if added == tried[-1].added:
            # Below the floor that is never cut short, or above all that could be learned.
            if size > lesson.available:
                break
            size *= 2
            continue
        rung = Rung(size, added, _tokens_per_word(grown.tokenizer, sample))
        enough = rung.tokens_per_word <= tried[-1].tokens_per_word * (1 - threshold)
        tried.append(rung)
        if not enough:
            return tried[-2].size, tried
        size *= 2
    return tried[-1].size, tried


def _tokens_per_word(tokenizer: Tokenizer, texts: Sequence[str]) -> float:
    """Measure tokens per whitespace-separated word."""
    encoded = tokenizer.encode_batch(list(texts), add_special_tokens=False)
    words = sum(len(text.split()) for text in texts)
    return sum(len(one.ids) for one in encoded) / max(words, 1)
