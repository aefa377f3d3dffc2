"""Texts to draft from: sentences of documents, and sentences with their translation."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nmixx.benchmark.sentences import split_sentences
from nmixx.benchmark.settings import DraftSettings
from nmixx.corpus.clean import normalise_key
from nmixx.records import Document, Pair


@dataclass(frozen=True)
class SourceText:
    """One sentence, where it comes from, and its translation where there is one."""

    text: str
    lang: str
    category: str
    source: str
    group: str
    translation: str = ""
    translation_lang: str = ""


def gather_texts(
    documents: Sequence[Document], pairs: Sequence[Pair], settings: DraftSettings, *, seed: int
) -> list[SourceText]:
    """List the sentences to draft from, in an order by chance; a sentence that recurs counts once.

    Args:
        documents: texts in one language, split into sentences.
        pairs: of which translations give both of their sides, each with the other.
        settings: which categories, and how long a sentence may be.
        seed: of the order.
    """
    found: dict[str, SourceText] = {}
    for source in (*_from_pairs(pairs), *_from_documents(documents)):
        wanted = not settings.categories or source.category in settings.categories
        if wanted and settings.min_characters <= len(source.text) <= settings.max_characters:
            found.setdefault(normalise_key(source.text), source)
    texts = list(found.values())
    random.Random(seed).shuffle(texts)
    return texts


def _from_documents(documents: Sequence[Document]) -> Iterator[SourceText]:
    """Yield each sentence of each document."""
    for document in documents:
        for sentence in split_sentences(document.text):
            group = document.group or document.id
            yield SourceText(sentence, document.lang, document.category, document.id, group)


def _from_pairs(pairs: Sequence[Pair]) -> Iterator[SourceText]:
    """Yield both sides of each translation."""
    for pair in pairs:
        if pair.kind != "translation":
            continue
        one, two = (pair.anchor, pair.anchor_lang), (pair.positive, pair.positive_lang)
        for (text, lang), (other, other_lang) in ((one, two), (two, one)):
            group = pair.group or pair.id
            yield SourceText(text, lang, pair.category, pair.id, group, other, other_lang)
