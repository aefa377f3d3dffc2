"""What the training stage lets a person choose: steps, each with an objective."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from nmixx.encoding import Precision
from nmixx.settings import Settings
from nmixx.training.watch_settings import GuardSettings, Toward, WatchSettings

ObjectiveName = Literal[
    "pair_ranking",
    "distillation",
    "guided_pairs",
    "lexical",
    "triplet",
    "triplet_in_batch",
    "multiple_negatives",
    "guided",
]

KindName = Literal["e5", "mean_encoder", "cls_encoder", "icl_decoder", "decoder"]


class Mixture(Settings):
    """How often rows are met: each row's weights are multiplied, and 1 stands where none is given.

    0 leaves rows out, 0.3 draws three in ten of them, 2 all of them twice.
    """

    category: dict[str, Annotated[float, Field(ge=0)]] = Field(
        default_factory=dict, description="weight by category, such as news"
    )
    shift: dict[str, Annotated[float, Field(ge=0)]] = Field(
        default_factory=dict, description="weight by a triplet's negative_kind or a pair's kind"
    )
    direction: dict[str, Annotated[float, Field(ge=0)]] = Field(
        default_factory=dict, description="weight by languages of anchor and positive: ko-en"
    )


class StepSettings(Settings):
    """One step of training: which rows, which objective, how long."""

    name: str = Field(description="the step's name in logs and in the report")
    objective: ObjectiveName = Field(description="a row of the table in training/objectives")
    epochs: float = Field(default=1.0, gt=0, description="passes over the rows")
    batch_size: int = Field(default=128, ge=2, description="rows a step")
    learning_rate: float | None = Field(
        default=None, gt=0, description="of all but the token rows; the model kind's when not given"
    )
    token_learning_rate: float | None = Field(
        default=None, gt=0, description="of the embedding table; the learning rate when not given"
    )
    warmup: float = Field(default=0.1, ge=0, lt=1, description="share of steps with a rising rate")
    temperature: float = Field(default=0.05, gt=0, description="t of the temperature-scaled losses")
    margin: float = Field(
        default=0.0, ge=0, lt=2, description="cosine by which a pair must be ahead; LaBSE has 0.3"
    )
    dimensions: tuple[Annotated[int, Field(ge=1)], ...] = Field(
        default=(), description="Matryoshka: shorter lengths at which the loss counts, too"
    )
    guide: str = Field(
        default="start", description="of guided objectives: base, start (of the step) or a model"
    )
    guide_margin: float = Field(
        default=0.0, ge=0, lt=2, description="how far below the positive negatives must be"
    )
    guide_margin_kind: Literal["absolute", "relative"] = Field(
        default="absolute", description="whether guide_margin is a cosine or a share of one"
    )
    batch_tokens: int | None = Field(
        default=None, ge=16, description="a batch ends before rows times longest is more than that"
    )
    mini_batch: int | None = Field(
        default=None, ge=1, description="texts embedded at once, for batches beyond memory"
    )
    anchoring: float = Field(
        default=0.0,
        ge=0,
        description="weight of the pull towards the base model's pivot embeddings",
    )
    relations: float = Field(
        default=0.0,
        ge=0,
        description="weight of keeping each text's neighbours as the base model has them",
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
    max_length: int | None = Field(
        default=None, ge=8, description="tokens read of a text while training; the model kind's"
    )
    prompts: dict[str, str] | None = Field(
        default=None, description="put before texts, by column; the model kind's when not given"
    )
    train: Literal["all", "lora", "rows"] = Field(
        default="all", description="all weights, LoRA adapters, or token rows only"
    )
    train_rows: Literal["all", "new", "none"] | None = Field(
        default=None,
        description="rows of the embedding table: all, or with adapters new ones, when not given",
    )
    lora_rank: int = Field(default=16, ge=1, description="r of the adapters")
    lora_alpha: int = Field(default=32, gt=0, description="adapters are scaled by alpha / r")
    save_adapter: bool = Field(
        default=False, description="keep the adapter by itself, too; the model has it merged"
    )
    gradient_checkpointing: bool = Field(
        default=False, description="compute layers again on the way back, for less memory"
    )
    sentences: int | None = Field(default=None, ge=0, description="pairs of unit sentence, at most")
    terms: int | None = Field(default=None, ge=0, description="pairs of unit term, at most")
    kinds: tuple[str, ...] = Field(default=("translation",), description="kinds of pairs taken")
    triplets: int | None = Field(default=None, ge=0, description="shifted triplets, at most")
    given: int | None = Field(
        default=None, ge=0, description="triplets whose negatives came with the pairs, at most"
    )
    mined: int | None = Field(default=0, ge=0, description="mined triplets, at most; all when null")
    negatives: int = Field(default=4, ge=1, description="negatives of one anchor, at most")
    mixture: Mixture = Field(default=Mixture(), description="how often which rows are met")

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
    kind: KindName | None = Field(
        default=None, description="a row of training/kinds.py; recognised when not given"
    )
    checkpoints: int = Field(default=5, ge=1, description="checkpoints a step, to resume from")
    seed: int | None = Field(
        default=None, ge=0, description="of a run's rows and batches; the recipe's when not given"
    )
