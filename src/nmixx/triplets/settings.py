"""What the triplets stage lets a person choose."""

from __future__ import annotations

from pydantic import Field

from nmixx.settings import Settings


class TripletSettings(Settings):
    """How many triplets, of which directions, and how sure they must be."""

    maximum: int = Field(default=20_000, ge=0, description="triplets at most")
    per_pair: int = Field(default=2, ge=1, description="triplets a pair and direction at most")
    cross_lingual: bool = Field(
        default=True, description="anchor in one language, the rest in the other"
    )
    same_language: float = Field(
        default=0.0,
        ge=0,
        le=1,
        description="share of texts that give triplets in one language, with a rewording",
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
