"""Judging a model in the middle of its training, by whatever judge was handed in."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from nmixx.encoding import Encoder, FloatArray, Precision, choose_precision, model_fingerprint
from nmixx.encoding.precision import torch_dtype
from nmixx.errors import RecipeError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer


class Judge(Protocol):
    """Gives a model's figures on development tasks; made by a later stage and handed in."""

    @property
    def fingerprint(self) -> str:
        """Hash of the tasks and their data."""
        ...

    @property
    def tasks(self) -> Sequence[str]:
        """Names of the tasks it knows."""
        ...

    def __call__(self, encoder: Encoder, tasks: Collection[str]) -> Mapping[str, float]:
        """Give the figure of each named task; higher is better."""
        ...


@dataclass(frozen=True)
class Judgement:
    """The figures of a model at one moment of a step."""

    step: int
    figures: dict[str, float]
    figure: float


class LiveEncoder:
    """Encodes with a model as it stands, so it may be one that is being trained."""

    def __init__(self, model: SentenceTransformer, precision: Precision) -> None:
        """Wrap a model without copying it."""
        self._model = model
        self._device = str(model.device).split(":")[0]
        self._precision = choose_precision(precision, self._device)

    @property
    def fingerprint(self) -> str:
        """Hash of the model as it is now."""
        return model_fingerprint(self._model)

    def encode(self, texts: Sequence[str]) -> FloatArray:
        """Encode texts to unit vectors of shape (texts, dimensions)."""
        import torch

        narrow = self._precision != "float32"
        context = (
            torch.autocast(self._device, dtype=torch_dtype(self._precision))
            if narrow
            else contextlib.nullcontext()
        )
        with torch.no_grad(), context:
            vectors = self._model.encode(
                list(texts),
                batch_size=64,
                show_progress_bar=False,
                convert_to_tensor=True,
                normalize_embeddings=True,
            )
        array: FloatArray = vectors.float().cpu().numpy()
        return array


@contextmanager
def reading_in_full(model: SentenceTransformer, length: int | None) -> Iterator[None]:
    """Let a model that is being trained read texts at their full length for a while."""
    short, training = model.max_seq_length, model.training
    model.max_seq_length = length
    try:
        yield
    finally:
        model.max_seq_length = short
        model.train(training)


def require_judge(judge: Judge | None, tasks: Sequence[str], where: str) -> Judge:
    """Refuse to watch or guard without a judge that knows the tasks.

    Args:
        judge: what was handed in.
        tasks: names that the step's settings give.
        where: the setting, for the error.

    Raises:
        RecipeError: there is no judge, or it does not know a task.
    """
    if judge is None:
        raise RecipeError(
            f"{where}: needs development tasks, and none were given.\n"
            "Name them under evaluation.development in the recipe."
        )
    unknown = [name for name in tasks if name not in judge.tasks]
    if unknown:
        raise RecipeError(
            f"{where}: no development task is called {unknown[0]!r}.\n"
            f"There are: {', '.join(judge.tasks) or 'none'}."
        )
    return judge


def mean_figure(figures: Mapping[str, float], tasks: Sequence[str]) -> float:
    """Average the figures of the named tasks, of all when none is named."""
    chosen = [figures[name] for name in tasks or figures]
    return sum(chosen) / len(chosen)
