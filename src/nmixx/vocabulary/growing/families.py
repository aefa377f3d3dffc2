"""Kinds of tokenizers that can be grown, behind one small protocol."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from nmixx.errors import ModelError
from nmixx.vocabulary.growing.bytepair import learn_bytepair
from nmixx.vocabulary.growing.grown import Grown
from nmixx.vocabulary.growing.unigram import learn_unigram
from nmixx.vocabulary.growing.wordpiece import learn_wordpiece

if TYPE_CHECKING:
    from tokenizers import Tokenizer


class Lesson(Protocol):
    """What a family learned from texts: pieces in the order of their use."""

    @property
    def available(self) -> int:
        """Number of pieces that could be added."""

    def add(self, size: int, terms: Sequence[str] = ()) -> Grown:
        """Give a tokenizer with ``size`` more pieces, and with every term whole."""


Learn = Callable[["Tokenizer", Sequence[str], int, int], Lesson]
"""Takes a tokenizer, texts, how many pieces at most, and how often one must occur."""


@dataclass(frozen=True)
class Family:
    """One kind of tokenizer: what people call it, and how it learns."""

    name: str
    learn: Learn


FAMILIES: Mapping[str, Family] = {
    "WordPiece": Family("WordPiece (BERT)", learn_wordpiece),
    "BPE": Family("BPE (GPT-2, Qwen, Llama, Mistral)", learn_bytepair),
    "Unigram": Family("Unigram (XLM-R, bge-m3, multilingual-e5)", learn_unigram),
}
"""By the model type that the tokenizers library writes into ``tokenizer.json``."""


def find_family(tokenizer: Tokenizer) -> Family:
    """Give the family of a tokenizer.

    Raises:
        ModelError: the tokenizer is of a kind that cannot be grown; the kind is named.
    """
    model: dict[str, Any] = json.loads(tokenizer.to_str())["model"]
    kind = str(model["type"])
    marks = [
        f"{mark} {model[mark]!r}"
        for mark in ("continuing_subword_prefix", "end_of_word_suffix")
        if kind == "BPE" and model.get(mark)
    ]
    if kind in FAMILIES and not marks:
        return FAMILIES[kind]
    shown = f"{kind} with {' and '.join(marks)}" if marks else kind
    known = "; ".join(family.name for family in FAMILIES.values())
    raise ModelError(
        f"growing the vocabulary: the model's tokenizer is of kind {shown}; these can be grown: "
        f"{known}.\n"
        "Set vocabulary.grow to false to adapt the model with its tokenizer as it is."
    )
