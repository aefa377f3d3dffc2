"""From documents to the sentences that are compared: split, cleaned, each text once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nmixx.corpus.clean import clean_text, normalise_key
from nmixx.errors import DataError
from nmixx.mining.bitext.settings import BitextSettings
from nmixx.records import Document, Dropped

_CLOSERS = "\"'”’」』)\\]"
_BREAK = re.compile(
    rf"(?<=[.!?。])[{_CLOSERS}]*\s+(?=[\"'“‘「『(\[□○◦▪•\-–]*\s*[A-Z가-힣0-9①-⑳])"
    r"|\s+(?=[□○◦▪•]\s)|\n+"
)
# Minutes end sentences with a noun form (… 하였음. … 것임.), which a full stop closes all the same.
_ABBREVIATION = re.compile(
    r"(?:^|[\s(“\"])(?:[A-Z]|Mr|Mrs|Ms|Dr|Prof|St|No|Nos|Vol|Fig|Sec|Art|Inc|Ltd|Co|Corp|vs|cf|"
    r"e\.g|i\.e|a\.m|p\.m|U\.S|U\.K|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec|"
    r"\d{1,2}|[IVX]+|[가-하])\.$"
)


@dataclass(frozen=True)
class Sentence:
    """A sentence, the document it stands in, and its place there."""

    text: str
    document: Document
    place: int

    @property
    def id(self) -> str:
        """Name of the sentence: its document's id and its number in it, from 0."""
        return f"{self.document.id}#{self.place}"


@dataclass(frozen=True)
class Side:
    """The sentences of one language, and those that were left out with the reason."""

    lang: str
    sentences: tuple[Sentence, ...]
    dropped: tuple[Dropped, ...]


def split_sentences(text: str) -> list[str]:
    """Split Korean or English text after full stops, bullets and line breaks.

    A stop after an initial, a numeral of a list or a usual abbreviation ends nothing.
    """
    parts: list[str] = []
    for part in _BREAK.split(text):
        if parts and _ABBREVIATION.search(parts[-1]):
            parts[-1] = f"{parts[-1]} {part}"
        else:
            parts.append(part)
    return [cleaned for part in parts if (cleaned := clean_text(part))]


def gather_sentences(documents: Sequence[Document], settings: BitextSettings, name: str) -> Side:
    """List the sentences of documents once each; the first of equal ones stays.

    Equal sentences would be each other's neighbours and raise the bar for both.

    Raises:
        DataError: none is left.
    """
    kept: dict[str, Sentence] = {}
    dropped: list[Dropped] = []
    for document in documents:
        texts = split_sentences(document.text) if settings.split else [clean_text(document.text)]
        for place, text in enumerate(texts):
            sentence = Sentence(text, document, place)
            reason = _unfit(text, settings)
            if reason is None and normalise_key(text) in kept:
                reason = "stood there before"
            if reason is None:
                kept[normalise_key(text)] = sentence
            else:
                dropped.append(Dropped(sentence.id, text, document.source, reason, name))
    if not kept:
        raise DataError(
            f"the {name} set: none of its {len(dropped)} sentences can be used "
            f"({settings.min_characters} to {settings.max_characters} characters were expected).\n"
            "Give other documents, or other lengths."
        )
    langs = [sentence.document.lang for sentence in kept.values()]
    usual = max(sorted(set(langs)), key=langs.count)
    return Side(usual, tuple(kept.values()), tuple(dropped))


def _unfit(text: str, settings: BitextSettings) -> str | None:
    """Say why a sentence is not compared, or nothing."""
    if len(text) < settings.min_characters:
        return "too short"
    if len(text) > settings.max_characters:
        return "too long"
    letters = sum(map(str.isalpha, text))
    return "few letters" if letters * 2 < len(text.replace(" ", "")) else None
