"""Files named on the command line: told apart by their columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from nmixx.corpus.readers import read_rows
from nmixx.corpus.shapes import read_documents, read_pairs
from nmixx.records import Document, Pair


def guess_shape(path: str) -> Literal["pairs", "documents"]:
    """Tell from the first row's columns whether a file holds pairs or documents.

    Raises:
        DataError: there is nothing to read at ``path``.
    """
    _, row = next(iter(read_rows(path)))
    return "documents" if "text" in row else "pairs"


def read_corpus(paths: Iterable[str]) -> tuple[list[Document], list[Pair]]:
    """Read documents and pairs from files of either kind.

    Raises:
        DataError: a file or a row of it cannot be used.
    """
    documents: list[Document] = []
    pairs: list[Pair] = []
    for path in paths:
        if guess_shape(path) == "documents":
            documents += read_documents(path)
        else:
            pairs += read_pairs(path)
    return documents, pairs


def read_texts(paths: Iterable[str]) -> dict[str, list[str]]:
    """Read all texts of files by language, each text once.

    Raises:
        DataError: a file or a row of it cannot be used.
    """
    return texts_by_language(*read_corpus(paths))


def texts_by_language(documents: Sequence[Document], pairs: Sequence[Pair]) -> dict[str, list[str]]:
    """Gather the texts of documents and of both sides of pairs by language, each text once."""
    texts: dict[str, dict[str, None]] = {}
    for document in documents:
        texts.setdefault(document.lang, {})[document.text] = None
    for pair in pairs:
        texts.setdefault(pair.anchor_lang, {})[pair.anchor] = None
        texts.setdefault(pair.positive_lang, {})[pair.positive] = None
    return {lang: list(some) for lang, some in texts.items()}
