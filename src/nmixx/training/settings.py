"""What the training stage lets a person choose: steps, each with an objective."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from nmixx.encoding import Precision
from nmixx.settings import Settings
from nmixx.training.watch_settings import GuardSettings, Toward, WatchSettings

ObjectiveName = Literal["pair_ranking", "distillation", "triplet", "triplet_in_batch"]


class StepSettings(Settings):
    """One step of training: which rows, which objective, how long."""

    name: str = Field(description="the step's name in logs and in the report")
    objective: ObjectiveName = Field(description="a row of the table in training/objectives.py")
    epochs: float = Field(default=1.0, gt=0, description="passes over the rows")
    batch_size: int = Field(default=128, ge=2, description="rows a step")
    learning_rate: float = Field(default=1e-4, gt=0, description="of all but the token rows")
    token_learning_rate: float | None = Field(
        default=None, gt=0, description="of the embedding table; the learning rate when not given"
    )
    warmup: float = Field(default=0.1, ge=0, lt=1, description="share of steps with a rising rate")
    temperature: float = Field(default=0.05, gt=0, description="t of the temperature-scaled losses")
    anchoring: float = Field(
        default=0.0,
        ge=0,
        description="weight of the pull towards the base model's pivot embeddings",
    )
    keep: Annotated[float, Field(gt=0, le=1)] | Literal["auto"] = Field(
        default=1.0,
        description="share of the step's change of weights that is kept; auto asks the guard",
    )
    keep_toward: Toward = Field(
        default="start", description="what the rest is: the model before the step, or the base"
    )
    guard: GuardSettings | None = Field(
        default=None, description="development tasks that `keep: auto` must not make worse"
    )
    watch: WatchSettings | None = Field(
        default=None, description="judge on development tasks on the way, and keep the best"
    )
    replay: float = Field(
        default=0.0, ge=0, lt=1, description="share of general pairs among the rows of a batch"
    )
    drift: float = Field(
        default=0.0, ge=0, description="weight of holding general texts where the base has them"
    )
    drift_texts: int = Field(default=16, ge=1, description="texts held with each batch")
    general: tuple[str, ...] = Field(
        default=("general",), description="categories of the pairs that replay and drift take"
    )
    max_length: int = Field(default=64, ge=8, description="tokens read of a text while training")
    sentences: int | None = Field(default=None, ge=0, description="pairs of unit sentence, at most")
    terms: int | None = Field(default=None, ge=0, description="pairs of unit term, at most")
    kinds: tuple[str, ...] = Field(default=("translation",), description="kinds of pairs taken")
    triplets: int | None = Field(default=None, ge=0, description="shifted triplets, at most")
    given: int | None = Field(
        default=None, ge=0, description="triplets whose negatives came with the pairs, at most"
    )
    mined: int | None = Field(default=0, ge=0, description="mined triplets, at most; all when null")

    @model_validator(mode="after")
    def _check_guard(self) -> Self:
        if self.keep == "auto" and self.guard is None:
            raise ValueError("keep: auto needs a guard, e.g. guard: {tasks: [stsb-en-dev]}")
        if self.keep != "auto" and self.guard is not None:
            raise ValueError("a guard is asked by keep: auto only; set it, or leave guard out")
        return self


class TrainingSettings(Settings):
    """The steps in order, and what they share."""

    steps: tuple[StepSettings, ...] = Field(
        default=(), description="none leaves the model as it is"
    )
    precision: Precision = Field(default="auto", description="bfloat16 where the processor has it")
    checkpoints: int = Field(default=5, ge=1, description="checkpoints a step, to resume from")
