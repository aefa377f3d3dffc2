"""FOCUS: new rows as a mixture of the old rows of tokens used in similar company."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nmixx.encoding import FloatArray
from nmixx.vocabulary.growing.grown import Grown
from nmixx.vocabulary.rows.auxiliary import as_rows, require, train_vectors, wrap
from nmixx.vocabulary.rows.means import InitialRows

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_EPOCHS, _MIN_COUNT = 3, 10  # those of the package


def make_focus_rows(
    old: Tokenizer, grown: Grown, table: FloatArray, texts: Sequence[str]
) -> InitialRows:
    """Make rows with the package ``deepfocus`` (Dobler and de Melo, 2023, "FOCUS").

    fastText vectors of tokens are trained on the texts; a new token's row is the sparsemax of its
    similarities to old tokens in the texts, times their rows. A token too rare for a vector
    gets a random row, as the package has it.

    Args:
        old: the tokenizer before.
        grown: the tokenizer after.
        table: the old embedding table, shape (old tokens, dimensions).
        texts: of the languages that were grown for.

    Raises:
        MissingExtraError: ``deepfocus`` or ``fasttext`` is not installed.
    """
    import torch

    fasttext = require("fasttext", "focus")
    deepfocus = require("deepfocus", "focus")
    encoded = grown.tokenizer.encode_batch(list(texts), add_special_tokens=False)
    lines = (" ".join(one.tokens) for one in encoded)
    with train_vectors(fasttext, lines, epochs=_EPOCHS, min_count=_MIN_COUNT) as (model, path):
        known = set(model.get_words(on_unicode_error="ignore"))
        made = deepfocus.FOCUS(
            target_tokenizer=wrap(grown.tokenizer),
            source_tokenizer=wrap(old),
            source_embeddings=torch.from_numpy(table),
            fasttext_model_path=str(path),
            verbosity="silent",
        )
    names = (grown.tokenizer.id_to_token(token) for token in grown.old_pieces)
    mixed = sum(name in known for name in names)
    counts = {"focus": mixed, "random": len(grown.old_pieces) - mixed}
    return InitialRows(as_rows(made, grown.first, grown.size), "focus", counts)
