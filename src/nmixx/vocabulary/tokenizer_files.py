"""A model's tokenizer taken out, and put back so that a plain reload gives the same tokens."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nmixx.errors import ModelError, StageError
from nmixx.storage import read_json, write_json, write_text

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer


_STALE_FILES = (
    "vocab.txt",
    "vocab.json",
    "merges.txt",
    "added_tokens.json",
    "sentencepiece.bpe.model",
    "spiece.model",
    "tokenizer.model",
)
"""The vocabulary as it was, from which some classes would build themselves anew."""


def bare_tokenizer(model: SentenceTransformer) -> Tokenizer:
    """Copy a model's tokenizer, without padding and truncation.

    Raises:
        ModelError: the model has no tokenizer of the tokenizers library.
    """
    from tokenizers import Tokenizer

    backend = getattr(model.tokenizer, "backend_tokenizer", None)
    if backend is None:
        raise ModelError(
            f"the tokenizer {type(model.tokenizer).__name__} is not of the tokenizers library.\n"
            "Expected a model with a tokenizer.json."
        )
    tokenizer = Tokenizer.from_str(backend.to_str())
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def save_tokenizer(tokenizer: Tokenizer, folder: Path) -> None:
    """Put a grown or trimmed tokenizer into a saved model's folder.

    With transformers 5 a ``BertTokenizer`` rebuilds its normaliser from ``tokenizer_config.json``
    and ignores the one in ``tokenizer.json``; the generic class takes ``tokenizer.json`` as it is.
    """
    write_text(folder / "tokenizer.json", tokenizer.to_str())
    config = read_json(folder / "tokenizer_config.json")
    config["tokenizer_class"] = "PreTrainedTokenizerFast"
    write_json(folder / "tokenizer_config.json", config)
    for name in _STALE_FILES:
        (folder / name).unlink(missing_ok=True)


def verify_reload(folder: Path, tokenizer: Tokenizer, texts: Sequence[str]) -> None:
    """Load the saved model as any user would and compare token ids.

    Raises:
        StageError: the reloaded tokenizer splits a text differently; the text is shown.
    """
    from transformers import AutoTokenizer

    loaded = AutoTokenizer.from_pretrained(folder)
    for text in texts:
        expected = tokenizer.encode(text).ids
        given = loaded(text, truncation=False)["input_ids"]
        if given != expected:
            raise StageError(
                f"{folder}: the saved tokenizer does not load as it was made; {text[:60]!r} has "
                f"{len(expected)} tokens before and {len(given)} after reloading.\n"
                "This is a defect of nmixx with the installed transformers; please report both."
            )
