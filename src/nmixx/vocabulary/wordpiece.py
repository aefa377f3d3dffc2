"""Adding pieces to a WordPiece tokenizer."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from nmixx.errors import ModelError

if TYPE_CHECKING:
    from tokenizers import Tokenizer


def require_wordpiece(tokenizer: Tokenizer) -> str:
    """Give the mark of a continuing piece, ``##`` in BERT.

    Raises:
        ModelError: the tokenizer is of another kind, which is named.
    """
    model = json.loads(tokenizer.to_str())["model"]
    if model["type"] != "WordPiece":
        raise ModelError(
            f"growing the vocabulary: the model's tokenizer is of kind {model['type']}; "
            "only WordPiece (the BERT family) can be grown so far.\n"
            "Set vocabulary.grow to false to adapt the model with its tokenizer as it is."
        )
    return str(model["continuing_subword_prefix"])


def add_pieces(tokenizer: Tokenizer, pieces: Sequence[str]) -> Tokenizer:
    """Give a tokenizer that also knows ``pieces``; they take the ids after the last one.

    A BERT normaliser that strips accents also takes Hangul apart into jamo. Composing again
    afterwards (NFC) keeps syllables whole and leaves accented Latin stripped as before.
    """
    from tokenizers import Tokenizer

    state: dict[str, Any] = json.loads(tokenizer.to_str())
    vocabulary = state["model"]["vocab"]
    # Added tokens may lie after the vocabulary's last id; named in it, they keep their ids.
    vocabulary.update({token["content"]: token["id"] for token in state["added_tokens"]})
    for piece in pieces:
        vocabulary.setdefault(piece, len(vocabulary))
    steps = state["normalizer"] or {"type": "Sequence", "normalizers": []}
    steps = steps["normalizers"] if steps["type"] == "Sequence" else [steps]
    if steps[-1:] != [{"type": "NFC"}]:
        state["normalizer"] = {"type": "Sequence", "normalizers": [*steps, {"type": "NFC"}]}
    return Tokenizer.from_str(json.dumps(state))
