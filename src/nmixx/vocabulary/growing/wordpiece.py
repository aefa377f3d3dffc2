"""Growing a WordPiece tokenizer."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from nmixx.vocabulary.growing.grown import Grown, name_added_tokens
from nmixx.vocabulary.growing.pieces import Candidates, count_runs, learn_pieces
from nmixx.vocabulary.growing.words import letter_runs

if TYPE_CHECKING:
    from tokenizers import Tokenizer


@dataclass(frozen=True)
class WordPieceLesson:
    """Pieces learned for a WordPiece tokenizer, which takes the longest that fits.

    New pieces hold no ASCII, so English text and figures keep their token ids.
    """

    old: Tokenizer
    prefix: str
    candidates: Candidates

    @cached_property
    def available(self) -> int:
        """Number of pieces that could be added."""
        return len(self.candidates.take(self.old.get_vocab(), 10**9))

    def add(self, size: int, terms: Sequence[str] = ()) -> Grown:
        """Give a tokenizer with ``size`` more pieces, and with the words of all terms whole.

        The words of terms that would be split come on top.
        """
        pieces = self.candidates.take(self.old.get_vocab(), size)
        new = add_pieces(self.old, pieces)
        if terms:
            words = _split(new, letter_runs(terms))
            pieces += [word for word in words if word not in new.get_vocab()]
            new = add_pieces(self.old, pieces)
        vocabulary = new.get_vocab()
        old_pieces = {
            vocabulary[piece]: self.old.encode(
                piece.removeprefix(self.prefix), add_special_tokens=False
            ).ids
            for piece in pieces
        }
        parts = {vocabulary[piece]: _take_apart(piece, self.prefix, vocabulary) for piece in pieces}
        return Grown(new, old_pieces, parts, min(old_pieces, default=len(vocabulary)))


def _take_apart(piece: str, prefix: str, vocabulary: Mapping[str, int]) -> list[int]:
    """Split a piece as WordPiece would if it did not have it; none where it could not."""
    text = piece.removeprefix(prefix)
    parts: list[int] = []
    start = 0
    while start < len(text):
        mark = prefix if start or piece.startswith(prefix) else ""
        longest = len(text) if start else len(text) - 1
        fitting = (end for end in range(longest, start, -1) if mark + text[start:end] in vocabulary)
        end = next(fitting, None)
        if end is None:
            return []
        parts.append(vocabulary[mark + text[start:end]])
        start = end
    return parts


def learn_wordpiece(
    tokenizer: Tokenizer, texts: Iterable[str], size: int, min_frequency: int
) -> WordPieceLesson:
    """Learn pieces for a WordPiece tokenizer from texts.

    Raises:
        DataError: the texts hold no letters outside ASCII, so there is nothing to learn.
    """
    # The mark of a continuing piece is ``##`` in BERT.
    prefix = str(json.loads(tokenizer.to_str())["model"]["continuing_subword_prefix"])
    counts = count_runs(texts)
    learned = learn_pieces(counts, size=size, min_frequency=min_frequency, prefix=prefix)
    return WordPieceLesson(tokenizer, prefix, learned)


def add_pieces(tokenizer: Tokenizer, pieces: Sequence[str]) -> Tokenizer:
    """Give a tokenizer that also knows ``pieces``; they take the ids after the last one.

    A BERT normaliser that strips accents also takes Hangul apart into jamo. Composing again
    afterwards (NFC) keeps syllables whole and leaves accented Latin stripped as before.
    """
    from tokenizers import Tokenizer

    state: dict[str, Any] = json.loads(tokenizer.to_str())
    vocabulary: dict[str, int] = state["model"]["vocab"]
    vocabulary.update(name_added_tokens(state))
    first = max(vocabulary.values()) + 1
    new = [piece for piece in dict.fromkeys(pieces) if piece not in vocabulary]
    vocabulary.update({piece: first + place for place, piece in enumerate(new)})
    steps = state["normalizer"] or {"type": "Sequence", "normalizers": []}
    steps = steps["normalizers"] if steps["type"] == "Sequence" else [steps]
    if steps[-1:] != [{"type": "NFC"}]:
        state["normalizer"] = {"type": "Sequence", "normalizers": [*steps, {"type": "NFC"}]}
    return Tokenizer.from_str(json.dumps(state))


def _split(tokenizer: Tokenizer, words: Sequence[str]) -> list[str]:
    """Write words as the tokenizer sees them before it looks for pieces, each once."""
    normaliser, splitter = tokenizer.normalizer, tokenizer.pre_tokenizer
    written = [normaliser.normalize_str(word) for word in words]
    parts = [splitter.pre_tokenize_str(word) if splitter else [(word, ())] for word in written]
    return list(dict.fromkeys(part for some in parts for part, _ in some if part))
