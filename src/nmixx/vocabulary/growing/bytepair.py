"""Growing a BPE tokenizer: merges appended after the old ones."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from nmixx.vocabulary.growing.composition import compose_hangul, holds_hangul
from nmixx.vocabulary.growing.continuation import learn_merges
from nmixx.vocabulary.growing.grown import Grown, name_added_tokens
from nmixx.vocabulary.growing.words import (
    Symbols,
    count_runs_of_pieces,
    count_words,
    find_lead,
    is_letters,
    letter_runs,
)

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_SPARE = 1.1  # merges that the old vocabulary forbids are few
_SPACES = " ▁"


@dataclass(frozen=True)
class MergeLesson:
    """Merges learned on top of a BPE tokenizer's own.

    Old merges come before new ones, and no new merge makes an old piece. So a text in which no new
    piece is made is split as before.
    """

    old: Tokenizer
    letters: tuple[str, ...]
    merges: tuple[tuple[str, str], ...]
    hangul: bool

    @cached_property
    def available(self) -> int:
        """Number of pieces that could be added."""
        return len(self.letters) + len({left + right for left, right in self.merges})

    def add(self, size: int, terms: Sequence[str] = ()) -> Grown:
        """Give a tokenizer with ``size`` more pieces, and with the words of all terms whole.

        Single letters that the tokenizer lacks are never cut short; words of terms come on top.
        """
        state: dict[str, Any] = json.loads(self.old.to_str())
        model = state["model"]
        vocabulary: dict[str, int] = model["vocab"]
        vocabulary.update(name_added_tokens(state))
        first = max(vocabulary.values()) + 1
        growth = _Growth(vocabulary, [tuple(pair) for pair in model["merges"]], first)
        for letter in (*self.letters, *self._letters_of(terms)):
            growth.put(letter, _spell_letter(self.old, letter))
        for left, right in self.merges:
            if len(growth.old_pieces) >= size and left + right not in vocabulary:
                break
            growth.merge(left, right)
        model["merges"] = growth.merges
        if self.hangul:
            compose_hangul(state, self.old)
        if runs := letter_runs(terms):
            growth.join_all(_load(state), runs)
            model["merges"] = growth.merges
        return Grown(_load(state), growth.old_pieces, growth.parts, first)

    def _letters_of(self, terms: Sequence[str]) -> list[str]:
        """List the letters of terms that would be spelled in bytes, which cannot be joined."""
        if is_bytewise(self.old):
            return []
        known = {*self.old.get_vocab(), *self.letters}
        return sorted({letter for run in letter_runs(terms) for letter in run} - known)


@dataclass
class _Growth:
    """A vocabulary and its merges while they grow."""

    vocabulary: dict[str, int]
    merges: list[tuple[str, ...]]
    first: int
    old_pieces: dict[int, list[int]] = field(default_factory=dict)
    parts: dict[int, list[int]] = field(default_factory=dict)

    def put(self, piece: str, spelled: list[int], parts: Sequence[int] = ()) -> None:
        """Add a piece with the next id."""
        token = self.first + len(self.old_pieces)
        self.vocabulary[piece] = token
        self.old_pieces[token] = spelled
        self.parts[token] = list(parts)

    def spell(self, piece: str) -> list[int]:
        """Give the old ids of a piece, old or new."""
        token = self.vocabulary[piece]
        return self.old_pieces.get(token, [token])

    def merge(self, left: str, right: str) -> None:
        """Append a merge, and the piece that it makes if that is not there yet."""
        if left + right not in self.vocabulary:
            parts = [self.vocabulary[left], self.vocabulary[right]]
            self.put(left + right, [*self.spell(left), *self.spell(right)], parts)
        self.merges.append((left, right))

    def join_all(self, tokenizer: Tokenizer, runs: Sequence[str]) -> None:
        """Append merges that make one piece of each word, where no old piece is in the way.

        A word is one piece after a space and, where the tokenizer sees the difference, without.
        """
        ranks: dict[tuple[str, str], int] = {}
        forms = [lead + run for lead in dict.fromkeys((find_lead(tokenizer), "")) for run in runs]
        encoded = tokenizer.encode_batch(forms, add_special_tokens=False)
        for encoding in encoded:
            parts = [tokenizer.id_to_token(token) or "" for token in encoding.ids]
            if len(set(encoding.word_ids)) == 1:
                self._join(_apply(parts, ranks), ranks)

    def _join(self, parts: list[str], ranks: dict[tuple[str, str], int]) -> None:
        """Append merges from left to right until one piece is left."""
        while len(parts) > 1:
            free = [at for at in range(len(parts) - 1) if self._is_free(parts[at] + parts[at + 1])]
            if not free:
                return
            left, right = parts[free[0]], parts[free[0] + 1]
            self.merge(left, right)
            ranks[left, right] = len(ranks)
            parts = _apply(parts, ranks)

    def _is_free(self, piece: str) -> bool:
        """Tell whether a piece may be made: it is no old one."""
        token = self.vocabulary.get(piece)
        return token is None or token in self.old_pieces


def _apply(parts: list[str], ranks: Mapping[tuple[str, str], int]) -> list[str]:
    """Join neighbours by rank until none can be joined, as BPE does."""
    parts = list(parts)
    while True:
        pairs = [
            (ranks[pair], at) for at, pair in enumerate(itertools.pairwise(parts)) if pair in ranks
        ]
        if not pairs:
            return parts
        _, at = min(pairs)
        parts[at : at + 2] = [parts[at] + parts[at + 1]]


def learn_bytepair(
    tokenizer: Tokenizer, texts: Iterable[str], size: int, min_frequency: int
) -> MergeLesson:
    """Learn merges on top of a BPE tokenizer's own from texts.

    Byte-level BPE spells every letter in bytes; where a tokenizer falls back to bytes, frequent
    letters are added first.

    Raises:
        DataError: the texts hold no letters outside ASCII, so there is nothing to learn.
    """
    words = count_words(texts)
    bytewise = is_bytewise(tokenizer)
    letters = () if bytewise else find_missing_letters(tokenizer, words, min_frequency)
    taught = _teach_letters(tokenizer, letters)
    names = {token: piece for piece, token in taught.get_vocab().items()}
    read = byte_reader() if bytewise else str
    runs = count_runs_of_pieces(taught, words, _usable(names, read))
    whole = Counter({run: count for run, count in runs.items() if _is_word(run, names, read)})
    learned = learn_merges(whole, size=int(size * _SPARE) + 100, min_frequency=min_frequency)
    merges = _allowed(learned, names)
    hangul = any(holds_hangul(word) for word in words)
    return MergeLesson(tokenizer, tuple(letters), tuple(merges), hangul)


def is_bytewise(tokenizer: Tokenizer) -> bool:
    """Tell whether a tokenizer writes bytes as letters, as GPT-2 does."""
    return "ByteLevel" in json.dumps(json.loads(tokenizer.to_str())["pre_tokenizer"])


def find_missing_letters(
    tokenizer: Tokenizer, words: Counter[str], min_frequency: int
) -> tuple[str, ...]:
    """List the letters outside ASCII, frequent ones first, that a tokenizer has no piece for."""
    counts: Counter[str] = Counter()
    for word, count in words.items():
        for letter in set(word):
            counts[letter] += count
    known = tokenizer.get_vocab()
    normaliser = tokenizer.normalizer
    found: dict[str, None] = {}
    for letter, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        if count < min_frequency or not is_letters(letter):
            continue
        written = normaliser.normalize_str(letter) if normaliser else letter
        found.update(dict.fromkeys(mark for mark in written if is_letters(mark)))
    return tuple(letter for letter in found if letter not in known)


def byte_reader() -> Callable[[str], str | None]:
    """Give a function that reads a piece of bytes written as letters; None for part of a letter.

    Printable bytes stand for themselves, the others for letters from U+0100 on (GPT-2's table).
    """
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in printable]
    table = {chr(byte): byte for byte in printable}
    table |= {chr(0x100 + place): byte for place, byte in enumerate(others)}

    def read(piece: str) -> str | None:
        if any(letter not in table for letter in piece):
            return piece
        try:
            return bytes(table[letter] for letter in piece).decode()
        except UnicodeDecodeError:
            return None

    return read


def _usable(names: Mapping[int, str], read: Callable[[str], str | None]) -> Callable[[int], bool]:
    """Tell of a piece whether a new piece may be made with it: letters outside ASCII, or part."""
    verdicts: dict[int, bool] = {}

    def usable(token: int) -> bool:
        if token not in verdicts:
            text = read(names[token])
            bare = text.strip(_SPACES) if text is not None else None
            # A lone space joins the word that follows it; other symbols end a run.
            lone = text is not None and not bare and len(text) == 1
            verdicts[token] = bare is None or lone or is_letters(bare)
        return verdicts[token]

    return usable


def _is_word(run: Symbols, names: Mapping[int, str], read: Callable[[str], str | None]) -> bool:
    """Tell whether a run of pieces spells letters outside ASCII, after one space at most."""
    text = read("".join(names[token] for token in run))
    if text is None:
        return False
    bare = text[1:] if text[:1] in _SPACES else text
    return is_letters(bare)


def _allowed(
    merges: Iterable[tuple[Symbols, Symbols]], names: Mapping[int, str]
) -> list[tuple[str, str]]:
    """Leave out merges that make an old piece, and what would be made from those."""
    old = set(names.values())
    made: set[Symbols] = set()
    kept: dict[tuple[str, str], None] = {}
    for left, right in merges:
        pieces = tuple("".join(names[token] for token in side) for side in (left, right))
        reachable = all(len(side) == 1 or side in made for side in (left, right))
        if reachable and "".join(pieces) not in old:
            made.add(left + right)
            kept[pieces[0], pieces[1]] = None
    return list(kept)


def _spell_letter(old: Tokenizer, letter: str) -> list[int]:
    """Give the pieces, mostly bytes, that a letter was spelled with, without a leading space."""
    spelled = old.encode(letter, add_special_tokens=False).ids
    space = old.token_to_id("▁")
    return [token for token in spelled if token != space] or spelled


def _teach_letters(tokenizer: Tokenizer, letters: Sequence[str]) -> Tokenizer:
    """Give a tokenizer that also has pieces for single letters."""
    if not letters:
        return tokenizer
    state: dict[str, Any] = json.loads(tokenizer.to_str())
    vocabulary = state["model"]["vocab"]
    vocabulary.update(name_added_tokens(state))
    first = max(vocabulary.values()) + 1
    vocabulary.update({letter: first + place for place, letter in enumerate(letters)})
    return _load(state)


def _load(state: dict[str, Any]) -> Tokenizer:
    """Make a tokenizer of a ``tokenizer.json``."""
    from tokenizers import Tokenizer

    return Tokenizer.from_str(json.dumps(state))
