"""The coverage report: languages, categories, words split worst, and encoding time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from nmixx.records import Document, Pair
from nmixx.vocabulary.entries import Vocabulary, read_vocabulary
from nmixx.vocabulary.reporting.costs import time_encoding
from nmixx.vocabulary.reporting.coverage import measure_coverage, sample_evenly
from nmixx.vocabulary.reporting.splits import find_split_words, split_words
from nmixx.vocabulary.tokenizer_files import bare_tokenizer

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer

Texts = Mapping[str, Mapping[str, Sequence[str]]]
"""Texts by language and category."""


@dataclass(frozen=True)
class Gauge:
    """A model's tokenizer, ready to be measured with."""

    tokenizer: Tokenizer
    vocabulary: Vocabulary
    broken: frozenset[int]
    unknown: str | None
    max_length: int

    @classmethod
    def of(cls, model: SentenceTransformer) -> Self:
        """Take a model's tokenizer out.

        Raises:
            ModelError: the model has no tokenizer of the tokenizers library.
        """
        tokenizer = bare_tokenizer(model)
        vocabulary = read_vocabulary(tokenizer)
        unknown = getattr(model.tokenizer, "unk_token", None)
        # Byte-level tokenizers name an unknown token that they never need.
        unknown = None if vocabulary.byte_level else unknown
        length = int(model.max_seq_length or 512)
        return cls(tokenizer, vocabulary, vocabulary.broken(), unknown, length)

    def measure(self, texts: Sequence[str], limit: int) -> dict[str, float | int]:
        """Measure the coverage of some of the texts."""
        return measure_coverage(
            self.tokenizer,
            sample_evenly(texts, limit),
            unknown=self.unknown,
            max_length=self.max_length,
            broken=self.broken,
        ).to_row()


def sort_texts(documents: Sequence[Document], pairs: Sequence[Pair]) -> Texts:
    """Gather the texts of documents and of both sides of pairs by language and category, once."""
    found: dict[str, dict[str, dict[str, None]]] = {}
    for document in documents:
        found.setdefault(document.lang, {}).setdefault(document.category, {})[document.text] = None
    for pair in pairs:
        for lang, text in ((pair.anchor_lang, pair.anchor), (pair.positive_lang, pair.positive)):
            found.setdefault(lang, {}).setdefault(pair.category, {})[text] = None
    return {
        lang: {category: list(texts) for category, texts in sorted(categories.items())}
        for lang, categories in sorted(found.items())
    }


def report_model(
    model: SentenceTransformer,
    texts: Texts,
    *,
    limit: int = 2_000,
    timing: bool = True,
    words: Mapping[str, Sequence[str]] | None = None,
) -> dict[str, Any]:
    """Report how a model's tokenizer treats each language and category.

    Args:
        model: whose tokenizer, maximum length and speed are measured.
        texts: from :func:`sort_texts`.
        limit: at most so many texts of a category are measured, taken at even distances; words are
            counted in all of them.
        timing: measure the encoding time, too.
        words: by language, words to count the pieces of, such as those another model splits worst.

    Returns:
        For each language the figures of
        :class:`nmixx.vocabulary.reporting.coverage.Coverage`; the same under ``by`` for each
        category; ``worst``, the 50 words that cost most tokens; ``pieces``, the number of tokens of
        each of ``words``; and ``seconds_per_1000``, the seconds for 1,000 texts on this machine.
    """
    gauge = Gauge.of(model)
    result: dict[str, Any] = {}
    for lang, categories in texts.items():
        every = list(dict.fromkeys(text for some in categories.values() for text in some))
        if not every:
            continue
        row: dict[str, Any] = gauge.measure(every, limit)
        row["by"] = {name: gauge.measure(some, limit) for name, some in categories.items()}
        found = find_split_words(gauge.tokenizer, gauge.vocabulary, every)
        row["worst"] = [word.to_row() for word in found]
        asked = (words or {}).get(lang, ())
        split = split_words(gauge.tokenizer, asked)
        row["pieces"] = {word: len(ids) for word, ids in zip(asked, split, strict=True)}
        if timing:
            row["seconds_per_1000"] = time_encoding(model, every)
        result[lang] = row
    return result


def report_models(
    models: Mapping[str, Callable[[], SentenceTransformer]],
    texts: Texts,
    *,
    limit: int = 2_000,
    timing: bool = True,
) -> dict[str, dict[str, Any]]:
    """Report on several models side by side, one in memory at a time.

    Args:
        models: by name, how each is loaded.
        texts: from :func:`sort_texts`.
        limit: see :func:`report_model`.
        timing: see :func:`report_model`.

    Returns:
        The report of each model; ``pieces`` is of the words that the first one splits worst.
    """
    found: dict[str, dict[str, Any]] = {}
    words: dict[str, list[str]] | None = None
    for name, load in models.items():
        found[name] = report_model(load(), texts, limit=limit, timing=timing, words=words)
        if words is None:
            words = {
                lang: [split["word"] for split in row["worst"]] for lang, row in found[name].items()
            }
    return found
