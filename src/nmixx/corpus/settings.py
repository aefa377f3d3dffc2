"""What the corpus stage lets a person choose."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from nmixx.corpus.language import ISO_639_1
from nmixx.settings import Settings

PairKind = Literal["translation", "paraphrase", "title", "qa", "entailment"]

# Country codes and names that stand where a language was meant; "kr" is Kanuri by the standard.
_MISTAKEN = {"kr": "ko", "kor": "ko", "jp": "ja", "cn": "zh", "eng": "en", "us": "en", "vn": "vi"}


def _check_language(code: str) -> str:
    """Accept an ISO 639-1 code; name the likely one for a common mistake."""
    if code in _MISTAKEN:
        raise ValueError(
            f"not the code of a language meant here; did you mean {_MISTAKEN[code]!r}?"
        )
    if code not in ISO_639_1:
        raise ValueError("not an ISO 639-1 language code, such as 'ko' or 'en'")
    return code


Language = Annotated[str, AfterValidator(_check_language)]


class PairSource(Settings):
    """A file, folder, pattern, hub dataset or sample with two texts a row."""

    path: str = Field(description="file, folder, pattern, hf:OWNER/NAME or sample:pairs")
    columns: dict[str, str] = Field(
        default_factory=dict, description="our column: the file's; only where they differ"
    )
    kind: PairKind | None = Field(
        default=None,
        description="what joins the two texts; by default what the row or its columns say:"
        " two languages are a translation, a query or question is qa",
    )
    category: str | None = Field(
        default=None, description="category of all rows; by default the row's own, else general"
    )
    anchor_lang: Language | None = Field(default=None, description="language of the first text")
    positive_lang: Language | None = Field(default=None, description="language of the second text")
    weight: float = Field(default=1.0, gt=0, description="how often training meets these rows")
    limit: int | None = Field(
        default=None, ge=1, description="at most so many rows, drawn at random"
    )
    name: str | None = Field(default=None, min_length=1, description="by default the file's name")


class DocumentSource(Settings):
    """A file, folder, pattern, hub dataset or sample with one text a row."""

    path: str = Field(description="file, folder, pattern, hf:OWNER/NAME or sample:documents")
    columns: dict[str, str] = Field(
        default_factory=dict, description="our column: the file's; only where they differ"
    )
    lang: Language | None = Field(
        default=None, description="by default the row's own, else detected"
    )
    category: str | None = Field(
        default=None, description="category of all rows; by default the row's own, else general"
    )
    weight: float = Field(default=1.0, gt=0, description="how often training meets these rows")
    limit: int | None = Field(
        default=None, ge=1, description="at most so many rows, drawn at random"
    )
    name: str | None = Field(default=None, min_length=1, description="by default the file's name")


class CorpusSettings(Settings):
    """Which texts to read, what to drop, and what must never be trained on."""

    pairs: tuple[PairSource, ...] = Field(default=(), description="sources of pairs")
    documents: tuple[DocumentSource, ...] = Field(default=(), description="sources of single texts")
    evaluation: tuple[str, ...] = Field(
        default=(), description="evaluation files whose texts must not be trained on"
    )
    min_characters: int = Field(default=2, ge=1, description="shorter texts are dropped")
    max_characters: int = Field(default=6_000, ge=1, description="longer texts are dropped")
    near_duplicate: float = Field(
        default=0.9,
        ge=0.5,
        le=1,
        description="Jaccard similarity from which a later row is dropped",
    )
    contamination: float = Field(
        default=0.9,
        ge=0.5,
        le=1,
        description="Jaccard similarity to an evaluation text that drops a row",
    )
    detect_language: bool = Field(
        default=True, description="drop rows that are plainly not in the language they claim"
    )
