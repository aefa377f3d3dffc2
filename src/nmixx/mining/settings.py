"""What the mining stage lets a person choose."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from nmixx.encoding import Precision
from nmixx.errors import InputError
from nmixx.mining.choices import Choice, choose
from nmixx.settings import Settings

PolicyName = Literal["naive", "shifted", "absolute", "margin_pos", "perc_pos", "perc_pos_apart"]


class MiningSettings(Settings):
    """Teacher, policy, what may never be mined, and what becomes of a query that comes short."""

    teacher: str = Field(
        default="model",
        description="a model's name, bm25, run:FILE, or `model`: the run's own before training",
    )
    fused_with: tuple[str, ...] = Field(
        default=(), description="more teachers, whose rankings are fused with the first's"
    )
    fusion: Literal["rrf", "weighted"] = Field(
        default="rrf", description="reciprocal ranks, or the mean of normalised scores"
    )
    rescorer: str | None = Field(
        default=None, description="a cross-encoder that scores the best `window` again"
    )
    normalisation: str | None = Field(
        default=None, description="minmax, zscore or sigmoid, for teachers of unbounded scores"
    )
    window: int = Field(
        default=200, ge=1, description="candidates a query that are fused or rescored"
    )
    consensus: str | None = Field(
        default=None, description="a second teacher that must find a negative low enough too"
    )
    query_prompt: str | None = Field(default=None, description="put before every query")
    document_prompt: str | None = Field(default=None, description="put before every document")
    precision: Precision = Field(default="auto", description="of the teacher and of the search")

    policy: PolicyName = Field(default="perc_pos", description="a row of the table of policies")
    margin: float | None = Field(
        default=None, description="the policy's number; its own default when not given"
    )
    apart: float | None = Field(
        default=None,
        description="perc_pos_apart: highest similarity to the positive, as a share of its score",
    )
    positives: Literal["lowest", "each"] = Field(
        default="lowest", description="the ceiling of a query with several: by the lowest, or each"
    )
    negatives: int = Field(default=4, ge=1, description="negatives a query")
    sampling: Literal["top", "random"] = Field(
        default="top", description="the best below the ceiling, or drawn from the best"
    )
    sample_from: int = Field(
        default=32, ge=1, description="random sampling draws from so many of the best"
    )
    shortfall: Literal["keep", "drop", "fill"] = Field(
        default="keep", description="of a query with too few: keep them, drop it, or fill up"
    )
    depth: int = Field(
        default=32, ge=0, description="best candidates kept besides, to choose again from later"
    )

    language: Literal["positive", "any"] = Field(
        default="positive", description="negatives in the positive's language only, or in any"
    )
    query_language_share: float | None = Field(
        default=None, ge=0, le=1, description="share of negatives in the query's own language"
    )
    constraints: tuple[str, ...] = Field(
        default=(), description="such as same:category, other:source, within:date:30"
    )
    near_duplicates: float | None = Field(
        default=0.8, gt=0, le=1, description="never mine what is so like a positive in its letters"
    )

    queries: int | None = Field(default=None, ge=1, description="sample so many pairs as queries")
    corpus_documents: int | None = Field(default=None, ge=0, description="sample so many documents")
    max_words: int | None = Field(
        default=None, ge=1, description="longer texts take no part; all do when not given"
    )

    @property
    def choice(self) -> Choice:
        """The policy with its numbers."""
        return choose(self.policy, self.margin, self.apart)

    @model_validator(mode="after")
    def _fits_together(self) -> MiningSettings:
        """Refuse numbers that the policy does not take."""
        try:
            choice = self.choice
        except InputError as error:
            raise ValueError(str(error).rstrip(".")) from None
        if self.policy.startswith("perc_pos") and not 0 < (choice.margin or 0) <= 1:
            raise ValueError(f"margin of {self.policy}: expected more than 0 and at most 1")
        if self.query_language_share is not None and self.language != "any":
            raise ValueError("query_language_share needs language: any")
        return self
