"""The guide of the guided objectives: whose embeddings, kept in the embedding store."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nmixx.encoding import EmbeddingStore, Encoder, FloatArray, SentenceEncoder
from nmixx.errors import DataError
from nmixx.training.objectives import OBJECTIVES
from nmixx.training.settings import StepSettings

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Guide = Callable[[Sequence[str]], FloatArray]

_BASE, _START = "base", "start"


def make_guide(
    step: StepSettings, model: SentenceTransformer, base: Encoder | None, folder: Path
) -> Guide | None:
    """Give what embeds a step's texts for its guided objective, None where it has none.

    A guide sees each text once before the step begins, and not again with every batch.

    Args:
        step: names the guide: ``base``, ``start`` (the model as the step finds it) or a model.
        model: the one to be trained.
        base: the base model's encoder.
        folder: the step's; the embeddings are kept under it.

    Raises:
        DataError: the base model is asked for and none was given.
        ModelError: there is no such model.
    """
    if not OBJECTIVES[step.objective].needs_guide:
        return None
    if step.guide == _BASE and base is None:
        raise DataError(
            f"training step {step.name!r}: its guide is the base model, and none was given."
        )
    encoder = _open(step.guide, model, base)
    store = EmbeddingStore(folder / "embeddings", encoder)
    return lambda texts: store.encode(texts, label="encoding with the guide")


def guide_fingerprint(step: StepSettings) -> str | None:
    """Hash a guide of its own; the base and the step's start are known without."""
    if not OBJECTIVES[step.objective].needs_guide or step.guide in (_BASE, _START):
        return None
    return SentenceEncoder.load(step.guide, precision="auto").fingerprint


def _open(name: str, model: SentenceTransformer, base: Encoder | None) -> Encoder:
    """Give the guide's encoder."""
    if name == _BASE and base is not None:
        return base
    if name == _START:
        return SentenceEncoder(model, precision="auto")
    return SentenceEncoder.load(name, precision="auto")
