"""WECHSEL: new rows as a mixture of the old rows of words near in a shared space."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nmixx.encoding import FloatArray
from nmixx.errors import DataError
from nmixx.vocabulary.growing.grown import Grown
from nmixx.vocabulary.rows.auxiliary import as_rows, require, train_vectors, wrap
from nmixx.vocabulary.rows.means import InitialRows
from nmixx.words.model1 import align_both_ways

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_EPOCHS, _MIN_COUNT, _NGRAM = 20, 5, 5  # those of the package
_WORD = re.compile(r"\w+")
_EVIDENCE = 2.0


def make_wechsel_rows(
    old: Tokenizer,
    grown: Grown,
    table: FloatArray,
    texts: Sequence[str],
    pivot_texts: Sequence[str],
    sides: Sequence[tuple[str, str]],
) -> InitialRows:
    """Make rows with the package ``wechsel`` (Minixhofer et al., 2022, "WECHSEL").

    fastText vectors of words are trained on the texts of each side and laid over each other
    (Procrustes) by a dictionary; a new token's row is the softmax of its similarities to the
    nearest old tokens, times their rows. The dictionary comes from the caller's pairs: for each
    word the one it is linked to most by IBM Model 1 in both directions.

    Args:
        old: the tokenizer before.
        grown: the tokenizer after.
        table: the old embedding table, shape (old tokens, dimensions).
        texts: of the languages that were grown for.
        pivot_texts: of the pivot language.
        sides: translations as (text in a grown language, text in the pivot language).

    Raises:
        MissingExtraError: ``wechsel`` or ``fasttext`` is not installed.
        DataError: there are no translations, or too few to make a dictionary from.
    """
    if not sides:
        raise DataError(
            "vocabulary.initial is wechsel, which needs a dictionary, but no pair is a translation "
            "into the pivot language.\nGive pairs of kind translation, or set it to pieces."
        )
    fasttext = require("fasttext", "wechsel")
    package = require("wechsel", "wechsel")
    chosen = {"epochs": _EPOCHS, "min_count": _MIN_COUNT, "minn": _NGRAM, "maxn": _NGRAM}
    with (
        train_vectors(fasttext, _split(pivot_texts), **chosen) as (source, _),
        train_vectors(fasttext, _split(texts), **chosen) as (target, _),
        tempfile.TemporaryDirectory() as folder,
    ):
        dictionary = Path(folder) / "dictionary.txt"
        lines = [
            f"{pivot}\t{word}\n"
            for word, pivot in make_dictionary(sides)
            if source.get_word_id(pivot) != -1 and target.get_word_id(word) != -1
        ]
        if not lines:
            raise DataError(
                f"vocabulary.initial is wechsel, but the {len(sides):,} translations link no two "
                "words often enough for a dictionary.\nGive more pairs, or set it to pieces."
            )
        dictionary.write_text("".join(lines), encoding="utf-8")
        mapped = package.WECHSEL(source, target, bilingual_dictionary=str(dictionary))
        made, info = mapped.apply(wrap(old), wrap(grown.tokenizer), table)
    missing = set(info.not_found)
    names = (grown.tokenizer.id_to_token(token) for token in grown.old_pieces)
    random = sum(name in missing for name in names)
    counts = {"wechsel": len(grown.old_pieces) - random, "random": random}
    return InitialRows(as_rows(made, grown.first, grown.size), "wechsel", counts)


def make_dictionary(sides: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Give for each word the word of the other language it is linked to most."""
    numbers: dict[str, int] = {}
    columns = [
        [[numbers.setdefault(word, len(numbers)) for word in _words(text)] for text in column]
        for column in zip(*sides, strict=True)
    ]
    links = align_both_ways(columns[0], columns[1])
    names = list(numbers)
    best: dict[str, str] = {}
    for target, source, count in zip(links.targets, links.sources, links.counts, strict=True):
        if count >= _EVIDENCE:
            best.setdefault(names[target], names[source])
    return list(best.items())


def _words(text: str) -> list[str]:
    """Split a text into small-letter words."""
    return _WORD.findall(text.lower())


def _split(texts: Iterable[str]) -> Iterator[str]:
    """Write texts as words with spaces between."""
    return (" ".join(_words(text)) for text in texts)
