"""Growing a model's vocabulary: new pieces, new rows, saved so that they load as they were."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nmixx.encoding import FloatArray
from nmixx.errors import StageError
from nmixx.records import Pair
from nmixx.vocabulary import tokenizer_files, wordpiece
from nmixx.vocabulary.alignment import TranslationCounts, align_tokens
from nmixx.vocabulary.pieces import count_runs, learn_pieces
from nmixx.vocabulary.rows import InitialRows, initialise_rows
from nmixx.vocabulary.settings import VocabularySettings

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer
    from torch import Tensor

logger = logging.getLogger(__name__)


def grow_model(
    model: SentenceTransformer,
    texts: Sequence[str],
    pairs: Sequence[Pair],
    settings: VocabularySettings,
    folder: Path,
) -> InitialRows:
    """Add pieces learned from ``texts`` to a WordPiece model and save it to ``folder``.

    Args:
        model: changed in place: its embedding table gets longer.
        texts: texts of the languages to grow for.
        pairs: translation pairs between them and the pivot language.
        settings: size and languages.
        folder: where the model is saved; it loads with ``SentenceTransformer(folder)``.

    Returns:
        The new rows and how they were made.

    Raises:
        ModelError: the tokenizer is not WordPiece.
        DataError: the texts hold nothing to learn from.
        StageError: the saved model does not load as it was made.
    """
    old = tokenizer_files.bare_tokenizer(model)
    prefix = wordpiece.require_wordpiece(old)
    pieces = learn_pieces(
        count_runs(texts),
        old.get_vocab(),
        size=settings.size,
        min_frequency=settings.min_frequency,
        prefix=prefix,
    )
    logger.info("adding %d pieces learned from %d texts", len(pieces), len(texts))
    new = wordpiece.add_pieces(old, pieces)
    alignment = _align(old, new, pairs, settings)
    vocabulary = new.get_vocab()
    old_pieces = {
        vocabulary[piece]: old.encode(piece.removeprefix(prefix), add_special_tokens=False).ids
        for piece in pieces
    }
    table = token_table(model).detach().cpu().float().numpy()[: old.get_vocab_size()]
    initial = initialise_rows(
        table, old_pieces, alignment, sources_per_row=settings.sources_per_row
    )
    _append_rows(model, initial.rows, new.get_vocab_size())
    model.save(str(folder), create_model_card=False)
    tokenizer_files.save_tokenizer(new, folder)
    tokenizer_files.verify_reload(folder, new, [*texts[:200], "Café in Zürich, 3Q EPS +5.2%"])
    return initial


def _align(
    old: Tokenizer, new: Tokenizer, pairs: Sequence[Pair], settings: VocabularySettings
) -> TranslationCounts | None:
    """Link new tokens to the pivot language's tokens, when there are pairs to learn from."""
    sides = [_target_and_pivot(pair, settings) for pair in pairs]
    usable = [side for side in sides if side is not None]
    if not usable:
        return None
    first_new = old.get_vocab_size()
    targets = new.encode_batch([target for target, _ in usable], add_special_tokens=False)
    pivots = old.encode_batch([pivot for _, pivot in usable], add_special_tokens=False)
    return align_tokens(
        [[token for token in encoding.ids if token >= first_new] for encoding in targets],
        [encoding.ids for encoding in pivots],
        iterations=settings.iterations,
    )


def _target_and_pivot(pair: Pair, settings: VocabularySettings) -> tuple[str, str] | None:
    """Give the side in a grown language and the side in the pivot language, if it has both."""
    by_lang: Mapping[str, str] = {
        pair.anchor_lang: pair.anchor,
        pair.positive_lang: pair.positive,
    }
    pivot = by_lang.get(settings.pivot)
    target = next((by_lang[lang] for lang in settings.languages if lang in by_lang), None)
    return None if pivot is None or target is None else (target, pivot)


def token_table(model: SentenceTransformer) -> Tensor:
    """Give the embedding table of a model's transformer, shape (tokens, dimensions)."""
    transformer: Any = model[0]
    table: Tensor = transformer.auto_model.get_input_embeddings().weight
    return table


def _append_rows(model: SentenceTransformer, rows: FloatArray, size: int) -> None:
    """Lengthen the embedding table to ``size`` and write the new rows at its end."""
    import torch

    transformer: Any = model[0]
    transformer.auto_model.resize_token_embeddings(size, mean_resizing=False)
    table = token_table(model)
    if table.shape[0] != size:
        raise StageError(f"the embedding table has {table.shape[0]} rows; {size} were expected.")
    with torch.no_grad():
        table[size - len(rows) :] = torch.from_numpy(rows).to(table)
