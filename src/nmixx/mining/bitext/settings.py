"""What bitext mining lets a person choose."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from nmixx.mining.products import ProductPrecision
from nmixx.settings import Settings

MarginName = Literal["ratio", "distance", "absolute"]
RetrievalName = Literal["forward", "backward", "intersection", "max"]


USUAL_THRESHOLDS: Mapping[str, float] = {"ratio": 1.2, "distance": 0.1, "absolute": 0.7}
"""Where to begin; the right one depends on the encoder, see ``docs/bitext.md``."""


class BitextSettings(Settings):
    """Which sentences are compared, how a pair is scored, and which pairs are kept."""

    split: bool = Field(default=True, description="split documents into sentences")
    min_characters: int = Field(default=15, ge=1, description="shorter sentences are left out")
    max_characters: int = Field(default=600, ge=1, description="longer sentences are left out")
    neighbours: int = Field(default=4, ge=1, description="nearest neighbours that a margin is over")
    margin: MarginName = Field(default="ratio", description="ratio, distance or absolute")
    retrieval: RetrievalName = Field(
        default="max", description="forward, backward, intersection or max"
    )
    one_to_one: bool = Field(default=True, description="a sentence stands in one pair at most")
    threshold: float = Field(default=1.2, description="the least margin of a pair")
    same_figures: bool = Field(
        default=False, description="leave out pairs whose figures and dates differ"
    )
    precision: ProductPrecision = Field(
        default="auto", description="of products; the answer is the same in any"
    )
