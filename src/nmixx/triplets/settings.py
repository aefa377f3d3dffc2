"""What the triplets stage lets a person choose."""

from __future__ import annotations

from pydantic import Field

from nmixx.settings import Settings
from nmixx.triplets.llm.settings import LlmSettings
from nmixx.triplets.mixture import Mixture


class TripletSettings(Settings):
    """How many triplets, of which mixture, and how sure they must be."""

    maximum: int = Field(default=20_000, ge=0, description="triplets at most")
    per_pair: int = Field(default=2, ge=1, description="triplets a text and direction at most")
    cross_lingual: bool = Field(
        default=True, description="anchor in one language, the rest in the other"
    )
    explained: float = Field(
        default=1.0,
        gt=0,
        le=1,
        description="share of each source's translations: those that the others explain best",
    )
    same_language: float = Field(
        default=0.5,
        ge=0,
        le=1,
        description="share of triplets within one language, whose positive is a rewording",
    )
    reworded: float = Field(
        default=0.6,
        ge=0,
        le=1,
        description="share of negatives shifted from a rewording, not from the text itself",
    )
    documents: bool = Field(default=True, description="also the sentences of documents")
    mixture: Mixture = Field(
        default=Mixture(), description="weights of categories, directions and shifts"
    )
    max_characters: int = Field(
        default=400, ge=1, description="longer texts, read only in part, give none"
    )
    units: tuple[str, ...] = Field(
        default=("sentence",), description="units of pairs: sentence, term"
    )
    categories: tuple[str, ...] = Field(default=(), description="only these; all when empty")
    given: bool = Field(
        default=True, description="also a triplet for each negative that a pair brings along"
    )
    min_confidence: float = Field(
        default=0.5, ge=0, le=1, description="the least that the weakest check may score"
    )
    teachers: tuple[str, ...] = Field(
        default=(), description="models that must see the positive nearer; none when empty"
    )
    teacher_margin: float = Field(default=0.0, description="what one of them must see")
    teacher_trivial: float = Field(
        default=0.6, description="what no negative may exceed with every teacher"
    )
    llm: LlmSettings | None = Field(
        default=None, description="also triplets from documents, written by an LLM"
    )
