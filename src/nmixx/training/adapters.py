"""LoRA adapters on a model while it trains, merged into its weights afterwards."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from nmixx.errors import MissingExtraError
from nmixx.training.kinds import ModelKind
from nmixx.training.settings import StepSettings

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer


@contextmanager
def adapters(
    model: SentenceTransformer,
    step: StepSettings,
    kind: ModelKind,
    *,
    rows: Sequence[int],
    seed: int,
    keep: Path | None = None,
) -> Iterator[None]:
    """Train low-rank adapters in the place of a model's weights while the block runs.

    Hu et al. (LoRA, arXiv 2106.09685, equation 3): ``W + (alpha / r) B A``. Rows of new tokens
    train beside them, because an adapter cannot give a row what it never had.

    Args:
        model: changed in place; with merged weights and as it was otherwise, afterwards.
        step: rank and scale.
        kind: names the layers that adapters are put on.
        rows: of the embedding table that train, too.
        seed: of the adapters' first weights.
        keep: a folder for the adapter by itself, written before it is merged.

    Raises:
        MissingExtraError: peft is not installed.
    """
    if importlib.util.find_spec("peft") is None:
        raise MissingExtraError("peft", "lora", f"Training step {step.name!r} with adapters")
    from peft import LoraConfig

    transformer: Any = model[0].auto_model
    trained = [parameter.requires_grad for parameter in transformer.parameters()]
    table = _name_of(transformer, transformer.get_input_embeddings())
    config = LoraConfig(
        r=step.lora_rank,
        lora_alpha=step.lora_alpha,
        lora_dropout=0.0,
        target_modules=_targets(transformer, kind),
        trainable_token_indices={table: list(rows)} if rows else None,
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        transformer.add_adapter(config)
    try:
        yield
        if keep is not None:
            transformer.save_pretrained(str(keep))
    finally:
        _merge(transformer)
        for parameter, was in zip(transformer.parameters(), trained, strict=True):
            parameter.requires_grad_(was)


def _targets(transformer: Any, kind: ModelKind) -> list[str] | str:  # noqa: ANN401 - any model
    """Name the layers that adapters are put on: those of the kind that the model has."""
    linear = (torch.nn.Linear, *_conv1d())
    names = {
        name.rsplit(".", 1)[-1]
        for name, module in transformer.named_modules()
        if isinstance(module, linear)
    }
    return sorted(names & set(kind.lora_targets)) or "all-linear"


def _conv1d() -> tuple[type, ...]:
    """Give GPT-2's linear layer."""
    from transformers.pytorch_utils import Conv1D

    return (Conv1D,)


def _name_of(transformer: Any, wanted: Any) -> str:  # noqa: ANN401 - any model
    """Give a module's name within a model, the last part of it."""
    return next(
        str(name).rsplit(".", 1)[-1]
        for name, module in transformer.named_modules()
        if module is wanted
    )


def _merge(transformer: Any) -> None:  # noqa: ANN401 - any model
    """Merge all adapters into the layers they stand on, and take them off."""
    done: list[str] = []
    for name, module in list(transformer.named_modules()):
        if any(name.startswith(f"{one}.") for one in done):
            continue  # within what has been merged already
        merged = _merged(module)
        if merged is not None:
            parent, _, last = name.rpartition(".")
            setattr(transformer.get_submodule(parent), last, merged)
            done.append(name)
    transformer._hf_peft_config_loaded = False
    del transformer.peft_config


def _merged(module: Any) -> Any:  # noqa: ANN401 - peft's layers share no base
    """Give the layer under an adapter, with the adapter merged into it; None under none."""
    if hasattr(module, "unload_and_optionally_merge_module"):
        return module.unload_and_optionally_merge_module(
            merge=True, safe_merge=False, adapter_names=None
        )
    if hasattr(module, "get_base_layer") and hasattr(module, "merge"):
        module.merge()
        return module.get_base_layer()
    return None
