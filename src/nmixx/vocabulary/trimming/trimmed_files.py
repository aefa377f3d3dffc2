"""A trimmed model's files, and the proof that a plain reload gives what was trimmed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nmixx.errors import StageError
from nmixx.storage import read_json, write_json
from nmixx.vocabulary.tokenizer_files import save_tokenizer

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer

_DEFECT = "This is a defect of nmixx with the installed transformers; please report both."


def save_trimmed(model: SentenceTransformer, tokenizer: Tokenizer, folder: Path) -> None:
    """Save a model whose table is cut, with the tokenizer that goes with it."""
    model.save(str(folder), create_model_card=False)
    save_tokenizer(tokenizer, folder)
    config = read_json(folder / "tokenizer_config.json")
    # Old numbers; the added tokens stand in tokenizer.json under their new ones.
    if config.pop("added_tokens_decoder", None) is not None:
        write_json(folder / "tokenizer_config.json", config)


def verify_trimmed(
    folder: Path,
    texts: Sequence[str],
    ids: Sequence[Sequence[int]],
    vectors: Any,  # noqa: ANN401 - an array of shape (texts, dimensions)
) -> None:
    """Load a saved model as any user would, and compare tokens and embeddings.

    Args:
        folder: the saved model.
        texts: whose tokens were all kept.
        ids: their token ids, special ones included, not cut.
        vectors: what the whole model gave for them.

    Raises:
        StageError: a text has other tokens, or an embedding that differs in any bit.
    """
    from sentence_transformers import SentenceTransformer

    loaded = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    for text, expected in zip(texts, ids, strict=True):
        given = loaded.tokenizer(text, truncation=False, verbose=False)["input_ids"]
        if list(given) != list(expected):
            raise StageError(
                f"{folder}: the saved tokenizer does not load as it was made; {text[:60]!r} has "
                f"{len(expected)} tokens before and {len(given)} after reloading.\n{_DEFECT}"
            )
    found = loaded.encode(list(texts), show_progress_bar=False, convert_to_numpy=True)
    same = (np.asarray(vectors) == found).all(axis=1)
    if not same.all():
        raise StageError(
            f"{folder}: {int((~same).sum())} of {len(texts)} embeddings differ after trimming, "
            f"first of {texts[int(same.argmin())][:60]!r}.\n{_DEFECT}"
        )
