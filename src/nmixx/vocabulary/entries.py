"""What the entries of a vocabulary write: text without marks, whole characters or bare bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tokenizers import Tokenizer

WORD_START = "▁"
"""What the SentencePiece family writes for a space before a word."""

_BYTE = re.compile(r"<0x[0-9A-Fa-f]{2}>")


@dataclass(frozen=True)
class Entry:
    """One entry of a vocabulary.

    Attributes:
        token: as the vocabulary has it, with marks.
        text: what it writes without marks and leading space; None where it writes bytes that are
            not whole characters.
        start: it stands where a word begins; for bytes and WordPiece, where it need not continue.
    """

    token: str
    text: str | None
    start: bool


@dataclass(frozen=True)
class Vocabulary:
    """A tokenizer taken apart.

    Attributes:
        kind: the name the tokenizers library has for it: WordPiece, BPE, Unigram, WordLevel.
        byte_level: its entries are written in the byte alphabet of GPT-2.
        entries: every entry by id; added tokens are not among them.
        added: added tokens, special or not, by id.
        state: the tokenizer as data, as in ``tokenizer.json``.
    """

    kind: str
    byte_level: bool
    entries: Mapping[int, Entry]
    added: Mapping[int, str]
    state: Mapping[str, Any] = field(repr=False)

    @property
    def size(self) -> int:
        """Give the number of ids in use."""
        return len(self.entries) + len(self.added)

    def broken(self) -> frozenset[int]:
        """Give the ids of entries that write bytes instead of whole characters."""
        return frozenset(number for number, entry in self.entries.items() if entry.text is None)


def read_vocabulary(tokenizer: Tokenizer) -> Vocabulary:
    """Take a tokenizer apart; its entries come in the order of their ids."""
    state: dict[str, Any] = json.loads(tokenizer.to_str())
    model = state["model"]
    kind = str(model["type"])
    byte_level = kind == "BPE" and _is_byte_level(state)
    prefix = str(model.get("continuing_subword_prefix") or "")
    added = {int(token["id"]): str(token["content"]) for token in state["added_tokens"]}
    read = _read_bytes if byte_level else _read_pieces if kind == "WordPiece" else _read_marked
    entries = {
        number: read(token, prefix)
        for token, number in sorted(_numbers(model["vocab"]), key=lambda item: item[1])
        if number not in added
    }
    return Vocabulary(kind, byte_level, entries, added, state)


@cache
def byte_alphabet() -> Mapping[str, int]:
    """Give the byte for each letter of GPT-2's alphabet, which writes any byte as a letter.

    Printable bytes of Latin-1 stand for themselves; the others take the code points from 256 on, in
    their order (Radford et al., 2019).
    """
    plain = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    letters = {chr(byte): byte for byte in plain}
    others = (byte for byte in range(256) if byte not in set(plain))
    return letters | {chr(256 + place): byte for place, byte in enumerate(others)}


def _numbers(vocabulary: Any) -> Iterator[tuple[str, int]]:  # noqa: ANN401 - two layouts
    """Give tokens with their ids; Unigram's are a list with scores."""
    if isinstance(vocabulary, list):
        return ((str(row[0]), number) for number, row in enumerate(vocabulary))
    return iter(vocabulary.items())


def _is_byte_level(state: Mapping[str, Any]) -> bool:
    """Tell whether any step of a tokenizer turns text into the byte alphabet."""
    steps = [state[part] for part in ("normalizer", "pre_tokenizer", "decoder") if state[part]]
    while steps:
        step = steps.pop()
        if step["type"] == "ByteLevel":
            return True
        steps += [
            inner
            for part in step.values()
            if isinstance(part, list)
            for inner in part
            if isinstance(inner, dict) and "type" in inner
        ]
    return False


def _read_bytes(token: str, _: str) -> Entry:
    """Read an entry of byte-level BPE."""
    letters = byte_alphabet()
    try:
        text = bytes(letters[letter] for letter in token).decode("utf-8")
    except (KeyError, UnicodeDecodeError):
        return Entry(token, None, start=False)
    return Entry(token, text.removeprefix(" ") or text, start=text.startswith(" "))


def _read_pieces(token: str, prefix: str) -> Entry:
    """Read an entry of WordPiece."""
    continued = bool(prefix) and token.startswith(prefix) and token != prefix
    return Entry(token, token.removeprefix(prefix) if continued else token, start=not continued)


def _read_marked(token: str, _: str) -> Entry:
    """Read an entry of the SentencePiece family, Unigram or BPE."""
    if _BYTE.fullmatch(token):
        return Entry(token, None, start=False)
    start = token.startswith(WORD_START)
    return Entry(token, (token[1:] or token) if start else token, start=start)
