"""Growing a model's vocabulary: new pieces, new rows, saved so that they load as they were."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nmixx.encoding import FloatArray
from nmixx.errors import DataError, StageError
from nmixx.records import Pair
from nmixx.vocabulary import tokenizer_files
from nmixx.vocabulary.growing.families import Lesson, find_family
from nmixx.vocabulary.growing.sizes import LARGEST, Rung, climb
from nmixx.vocabulary.growing.terms import Terms, read_terms
from nmixx.vocabulary.rows.initial import Material, make_rows
from nmixx.vocabulary.rows.means import InitialRows
from nmixx.vocabulary.settings import VocabularySettings

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer
    from torch import Tensor

logger = logging.getLogger(__name__)

_PROBES = ("Café in Zürich, 3Q EPS +5.2%", "3Q 영업익 87억원, S&P500지수", "", "  two  spaces ")


@dataclass(frozen=True)
class Growth:
    """What was added to a model.

    Attributes:
        kind: of the tokenizer.
        size: pieces asked for, or chosen by :func:`nmixx.vocabulary.growing.sizes.climb`.
        initial: the new rows, and how they were made.
        terms: whose words were made whole.
        ladder: the sizes that were tried, when the size was to be chosen.
        notes: what a person should know.
    """

    kind: str
    size: int
    initial: InitialRows
    terms: Terms
    ladder: Sequence[Rung] = ()
    notes: Sequence[str] = field(default=())

    def to_row(self) -> dict[str, Any]:
        """Give it as plain data, without the rows."""
        row: dict[str, Any] = {
            "tokenizer": self.kind,
            "added_tokens": len(self.initial.rows),
            "initial": self.initial.arm,
            "initialised": dict(self.initial.made_by),
            "notes": list(self.notes),
        }
        if self.terms.words:
            row |= self.terms.to_row()
        if self.ladder:
            row["ladder"] = [rung.to_row() for rung in self.ladder]
        return row


def grow_model(
    model: SentenceTransformer,
    texts: Mapping[str, Sequence[str]],
    pairs: Sequence[Pair],
    settings: VocabularySettings,
    folder: Path,
) -> Growth:
    """Add pieces learned from texts to a model and save it to ``folder``.

    Args:
        model: changed in place: its embedding table gets longer.
        texts: texts by language; those of the languages to grow for are learned from.
        pairs: translation pairs between them and the pivot language.
        settings: size and languages.
        folder: where the model is saved; it loads with ``SentenceTransformer(folder)``.

    Returns:
        The new rows and how they were made.

    Raises:
        ModelError: the tokenizer is of a kind that cannot be grown.
        DataError: the texts hold nothing to learn from, or the terms cannot be read.
        MissingExtraError: the initial rows need a package that is not installed.
        StageError: the saved model does not load as it was made.
    """
    old = tokenizer_files.bare_tokenizer(model)
    family = find_family(old)
    terms = read_terms(settings.terms, settings.terms_column) if settings.terms else Terms()
    own = [text for lang in settings.languages for text in texts.get(lang, ())]
    limit = LARGEST if settings.size == "auto" else settings.size
    lesson = family.learn(old, own, limit, settings.min_frequency)
    size, ladder = _choose_size(old, lesson, own, settings)
    grown = lesson.add(size, terms.words)
    if not grown.old_pieces:
        raise _nothing_new(settings)
    logger.info("adding %d pieces learned from %d texts", len(grown.old_pieces), len(own))
    table = token_table(model).detach().cpu().float().numpy()[: grown.first]
    sides = [side for pair in pairs if (side := _target_and_pivot(pair, settings)) is not None]
    pivot_texts = texts.get(settings.pivot, ())
    initial = make_rows(Material(old, grown, table, own, pivot_texts, sides, settings))
    write_rows(model, initial.rows, grown.first)
    model.save(str(folder), create_model_card=False)
    tokenizer_files.save_tokenizer(grown.tokenizer, folder)
    tokenizer_files.verify_reload(folder, grown.tokenizer, [*own[:200], *_PROBES])
    return Growth(family.name, size, initial, terms, ladder, _notes(lesson, size, terms, settings))


def _choose_size(
    old: Tokenizer, lesson: Lesson, texts: Sequence[str], settings: VocabularySettings
) -> tuple[int, list[Rung]]:
    """Take the size asked for, or find one."""
    if settings.size != "auto":
        return settings.size, []
    return climb(old, lesson, texts, settings.threshold)


def _notes(lesson: Lesson, size: int, terms: Terms, settings: VocabularySettings) -> list[str]:
    """Say what did not go as asked for."""
    notes = []
    if settings.size != "auto" and lesson.available < size:
        notes.append(
            f"{size:,} pieces were asked for; the texts give {lesson.available:,}. Add texts, "
            f"lower vocabulary.min_frequency (now {settings.min_frequency}), or set "
            "vocabulary.size to auto."
        )
    if terms.blanks or terms.duplicates:
        notes.append(
            f"{settings.terms}: {terms.blanks:,} blank and {terms.duplicates:,} repeated terms "
            f"were left out; {len(terms.words):,} are kept."
        )
    return notes


def _nothing_new(settings: VocabularySettings) -> DataError:
    """Say that the tokenizer has all there is to learn."""
    return DataError(
        f"growing the vocabulary: the tokenizer already has every piece that the "
        f"{' and '.join(settings.languages)} texts give (size {settings.size}, min_frequency "
        f"{settings.min_frequency}).\n"
        "Add texts or a larger size, or set vocabulary.grow to false."
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


def write_rows(model: SentenceTransformer, rows: FloatArray, first: int) -> None:
    """Write new rows from ``first`` on, and lengthen the embedding table where it is too short.

    Some tables are longer than the tokenizer; rows that no token has are used, none is cut.
    """
    import torch

    transformer: Any = model[0]
    size = max(first + len(rows), token_table(model).shape[0])
    if token_table(model).shape[0] < size:
        transformer.auto_model.resize_token_embeddings(size, mean_resizing=False)
    table = token_table(model)
    if table.shape[0] != size:
        raise StageError(f"the embedding table has {table.shape[0]} rows; {size} were expected.")
    with torch.no_grad():
        table[first : first + len(rows)] = torch.from_numpy(rows).to(table)
