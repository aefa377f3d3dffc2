"""What the builder lets a person choose."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from nmixx.benchmark.scale import Scale
from nmixx.settings import Settings

Level = Literal["ordinal", "interval", "nominal"]


class DraftSettings(Settings):
    """How many pairs, of which kinds, from which texts."""

    pairs: int = Field(default=400, ge=2, description="pairs to draft")
    faithful: float = Field(
        default=0.5, ge=0, le=1, description="share of faithful pairs of each shift"
    )
    categories: tuple[str, ...] = Field(default=(), description="only these; all when empty")
    shifts: tuple[str, ...] = Field(default=(), description="only these; all when empty")
    langs: tuple[str, ...] = Field(
        default=(), description="only these, such as ko or en-ko; all when empty"
    )
    per_source: int = Field(default=4, ge=1, description="pairs from one document at most")
    min_characters: int = Field(default=20, ge=1, description="shorter sentences are passed over")
    max_characters: int = Field(default=300, ge=1, description="longer sentences are passed over")
    scale: Scale = Field(default_factory=Scale, description="on which annotators will score")


class AgreementSettings(Settings):
    """How agreement is measured, and what counts as standing apart."""

    level: Level = Field(default="ordinal", description="level of measurement of the scores")
    disputed_from: float = Field(
        default=0.4,
        gt=0,
        le=1,
        description="range of a pair's scores, as a share of the scale, from which it is disputed",
    )
    careless_gain: float = Field(
        default=0.05, ge=0, description="alpha gained without an annotator, from which ..."
    )
    careless_correlation: float = Field(
        default=0.6,
        ge=-1,
        le=1,
        description="... together with a correlation below this with the others they are careless",
    )
    biased_from: float = Field(
        default=0.1,
        gt=0,
        le=1,
        description="mean distance from the others, as a share of the scale, that is a bias",
    )
    resamples: int = Field(default=1000, ge=1, description="for the intervals")


class FreezeSettings(Settings):
    """What becomes of the scores, and into which splits the pairs go."""

    name: str = Field(default="sts-benchmark", min_length=1, description="of the dataset card")
    licence: str = Field(default="other", min_length=1, description="the Hub's licence identifier")
    aggregate: Literal["mean", "median"] = Field(
        default="mean", description="of the scores that nobody adjudicated"
    )
    disputed: Literal["keep", "drop"] = Field(
        default="keep", description="disputed pairs that nobody adjudicated"
    )
    disputed_from: float = Field(default=0.4, gt=0, le=1, description="as for agreement")
    without: tuple[str, ...] = Field(default=(), description="annotators whose scores are left out")
    splits: dict[str, float] = Field(
        default_factory=lambda: {"dev": 0.2, "test": 0.8},
        min_length=1,
        description="split to its share of the pairs",
    )
    format: Literal["jsonl", "parquet"] = Field(default="jsonl", description="of the splits")
