"""Where the embedding rows of new tokens come from: one table of arms."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from nmixx.encoding import FloatArray
from nmixx.errors import DataError
from nmixx.vocabulary.growing.grown import Grown
from nmixx.vocabulary.rows.focus import make_focus_rows
from nmixx.vocabulary.rows.means import InitialRows, average_pieces, average_translations
from nmixx.vocabulary.rows.wechsel import make_wechsel_rows
from nmixx.vocabulary.settings import VocabularySettings
from nmixx.words.model1 import DoubleArray, align_both_ways

if TYPE_CHECKING:
    from tokenizers import Tokenizer


@dataclass(frozen=True)
class Material:
    """All that rows can be made from.

    Attributes:
        old: the tokenizer before.
        grown: the tokenizer after.
        table: the old embedding table, shape (old tokens, dimensions).
        texts: of the languages that were grown for.
        pivot_texts: of the pivot language.
        sides: translations as (text in a grown language, text in the pivot language).
        settings: how many sources a row has, and how long the aligner runs.
    """

    old: Tokenizer
    grown: Grown
    table: FloatArray
    texts: Sequence[str]
    pivot_texts: Sequence[str]
    sides: Sequence[tuple[str, str]]
    settings: VocabularySettings

    @cached_property
    def token_pairs(self) -> tuple[list[list[int]], list[list[int]]]:
        """The tokens of both sides of the translations: after, and before."""
        targets = self.grown.tokenizer.encode_batch(
            [target for target, _ in self.sides], add_special_tokens=False
        )
        pivots = self.old.encode_batch([pivot for _, pivot in self.sides], add_special_tokens=False)
        return [one.ids for one in targets], [one.ids for one in pivots]


def make_rows(material: Material) -> InitialRows:
    """Make the rows of new tokens with the arm that the settings name.

    ``auto`` is ``aligned`` where there are translations, else ``pieces``.

    Raises:
        DataError: the arm needs translations and there are none.
        MissingExtraError: the arm needs a package that is not installed.
    """
    name = material.settings.initial
    if name == "auto":
        name = "aligned" if material.sides else "pieces"
    return ARMS[name](material)


def _from_pieces(material: Material) -> InitialRows:
    """Take the mean of the old pieces."""
    return average_pieces(material.table, material.grown.old_pieces)


def _from_translations(material: Material) -> InitialRows:
    """Take the mean of what parallel pairs link a token to."""
    if not material.sides:
        settings = material.settings
        raise DataError(
            "vocabulary.initial is aligned, but no pair translates between "
            f"{' or '.join(settings.languages)} and {settings.pivot}.\n"
            "Give pairs of kind translation, or set vocabulary.initial to pieces."
        )
    targets, pivots = material.token_pairs
    alignment = align_both_ways(targets, pivots, iterations=material.settings.iterations)
    return average_translations(
        material.table,
        material.grown.old_pieces,
        material.grown.parts,
        alignment,
        weights=weigh_by_rarity(pivots, len(material.table)),
        sources_per_row=material.settings.sources_per_row,
    )


def weigh_by_rarity(texts: Iterable[Sequence[int]], size: int) -> DoubleArray:
    """Weigh tokens by log(1 + N / (1 + n)): n occurrences of the token, N of all tokens.

    Words such as "the" stand beside everything and say little.
    """
    every = np.fromiter((token for text in texts for token in text), dtype=np.int64)
    counts = np.bincount(every, minlength=size)
    weights: DoubleArray = np.log(1 + counts.sum() / (1 + counts))
    return weights


def _from_focus(material: Material) -> InitialRows:
    """Take what FOCUS makes."""
    return make_focus_rows(material.old, material.grown, material.table, material.texts)


def _from_wechsel(material: Material) -> InitialRows:
    """Take what WECHSEL makes."""
    return make_wechsel_rows(
        material.old,
        material.grown,
        material.table,
        material.texts,
        material.pivot_texts,
        material.sides,
    )


ARMS: Mapping[str, Callable[[Material], InitialRows]] = {
    "pieces": _from_pieces,
    "aligned": _from_translations,
    "focus": _from_focus,
    "wechsel": _from_wechsel,
}
"""By the names that ``vocabulary.initial`` takes."""
