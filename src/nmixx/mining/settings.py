"""What the mining stage lets a person choose."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from nmixx.encoding import Precision
from nmixx.settings import Settings


class MiningSettings(Settings):
    """Teacher, policy and number of negatives."""

    teacher: str = Field(
        default="model",
        description="a model's name, or `model` for the run's own model before training",
    )
    prompt: str | None = Field(
        default=None, description="text put before every input of the teacher"
    )
    policy: Literal["perc_pos"] = Field(
        default="perc_pos", description="perc_pos: below positive score x margin"
    )
    margin: float = Field(default=0.95, gt=0, le=1, description="share of the positive's score")
    negatives: int = Field(default=4, ge=1, description="negatives a query")
    queries: int | None = Field(default=None, ge=1, description="sample so many pairs as queries")
    corpus_documents: int | None = Field(default=None, ge=0, description="sample so many documents")
    max_words: int = Field(default=64, ge=1, description="longer texts take no part")
    same_language: bool = Field(
        default=True, description="negatives in the positive's language only"
    )
    block: int = Field(default=4096, ge=1, description="queries and documents compared at once")
    precision: Precision = Field(default="auto", description="of the teacher")
