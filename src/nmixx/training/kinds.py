"""The table of model kinds: what training needs to know of each, told from its config."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nmixx.training.settings import KindName, StepSettings

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

logger = logging.getLogger(__name__)

_ENCODER = ("query", "key", "value", "dense")
_DECODER = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")


@dataclass(frozen=True)
class ModelKind:
    """One kind of base model.

    Attributes:
        examples: public models of the kind.
        model_types: the ``model_type`` that their configuration names.
        pooling: how they make one vector of their tokens'.
        lora_targets: what adapters are put on; for a model type that is not listed all linear
            layers are.
        learning_rate: of full fine-tuning, where a step gives none.
        lora_learning_rate: of adapters, likewise.
        max_length: tokens read of a text while training, likewise.
        prompt: put before every text while training, where a step gives no prompts.
        marks: how the kind is told from others of its type and pooling: parts of names of which
            one is in the model's, such as ``e5``. Without any it stands for all that are left.
    """

    examples: tuple[str, ...]
    model_types: frozenset[str]
    pooling: str
    lora_targets: tuple[str, ...]
    learning_rate: float
    lora_learning_rate: float
    max_length: int
    prompt: str = ""
    marks: tuple[str, ...] = ()


_SIMILAR = "Instruct: Retrieve semantically similar text.\nQuery: "
_BERTS = frozenset(
    {"bert", "roberta", "xlm-roberta", "camembert", "electra", "mpnet", "distilbert"}
)
_DECODERS = frozenset({"mistral", "qwen2", "qwen3", "llama", "gemma", "gpt2"})

KINDS: Mapping[KindName, ModelKind] = {
    "e5": ModelKind(
        ("intfloat/multilingual-e5-base", "intfloat/multilingual-e5-large"),
        _BERTS,
        "mean",
        _ENCODER,
        learning_rate=2e-5,
        lora_learning_rate=2e-4,
        max_length=256,
        prompt="query: ",
        marks=("e5",),
    ),
    "mean_encoder": ModelKind(
        ("sentence-transformers/all-MiniLM-L6-v2",),
        _BERTS,
        "mean",
        (*_ENCODER, "q", "k", "v", "o"),
        learning_rate=1e-4,
        lora_learning_rate=5e-4,
        max_length=64,
    ),
    "cls_encoder": ModelKind(
        ("BAAI/bge-m3", "nlpai-lab/KURE-v1"),
        _BERTS,
        "cls",
        (*_ENCODER, "q", "k", "v", "o"),
        learning_rate=1e-5,
        lora_learning_rate=1e-4,
        max_length=256,
    ),
    "icl_decoder": ModelKind(
        ("BAAI/bge-en-icl",),
        _DECODERS,
        "lasttoken",
        _DECODER,
        learning_rate=1e-5,
        lora_learning_rate=1e-4,
        max_length=256,
        prompt="<instruct>Retrieve semantically similar text.\n<query>",
        marks=("icl",),
    ),
    "decoder": ModelKind(
        (
            "intfloat/e5-mistral-7b-instruct",
            "Qwen/Qwen3-Embedding-0.6B",
            "kakaocorp/kanana-nano-2.1b-embedding",
        ),
        _DECODERS,
        "lasttoken",
        (*_DECODER, "c_attn", "c_proj", "c_fc"),
        learning_rate=1e-5,
        lora_learning_rate=1e-4,
        max_length=256,
        prompt=_SIMILAR,
    ),
}

_OTHER = ModelKind((), frozenset(), "", (), 2e-5, 1e-4, 256)
"""What is assumed of a model that no row describes."""


def recognise_kind(model: SentenceTransformer, name: KindName | None = None) -> ModelKind:
    """Find a model's row of the table.

    Args:
        model: any model.
        name: of a row; recognised from the model when not given.
    """
    if name is not None:
        return KINDS[name]
    config = getattr(getattr(model[0], "auto_model", None), "config", None)
    model_type, pooling = str(getattr(config, "model_type", "")), find_pooling(model)
    called = f"{getattr(config, '_name_or_path', '')} {model.model_card_data.base_model}".lower()
    for row, kind in KINDS.items():
        marked = not kind.marks or any(mark in called for mark in kind.marks)
        if model_type in kind.model_types and pooling == kind.pooling and marked:
            logger.info("the model is of kind %s", row)
            return kind
    logger.info("no kind is known of %r with %s pooling; defaults hold", model_type, pooling)
    return _OTHER


def find_pooling(model: SentenceTransformer) -> str:
    """Give how a model makes one vector of its tokens', empty where it does not say."""
    modes = [getattr(module, "pooling_mode", None) for module in model.children()]
    found: list[Any] = [mode for mode in modes if mode]
    if not found:
        return ""
    return found[0] if isinstance(found[0], str) else "+".join(found[0])


def fill_step(step: StepSettings, kind: ModelKind) -> StepSettings:
    """Give a step with the kind's defaults where it leaves something open."""
    rate = kind.lora_learning_rate if step.train == "lora" else kind.learning_rate
    return step.model_copy(
        update={
            "learning_rate": step.learning_rate or rate,
            "max_length": step.max_length or kind.max_length,
        }
    )


def choose_prompts(step: StepSettings, kind: ModelKind, columns: tuple[str, ...]) -> dict[str, str]:
    """Give the prompt of each column: the step's own, or the kind's on all of them."""
    if step.prompts is not None:
        return dict(step.prompts)
    return dict.fromkeys(columns, kind.prompt) if kind.prompt else {}
