"""Companions of a step's loss that keep the general ability: replayed pairs and held texts."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from nmixx.encoding import FloatArray
from nmixx.errors import DataError
from nmixx.records import SAME_MEANING, Pair
from nmixx.training.batches import LengthBatchSampler
from nmixx.training.objectives import PairRankingLoss
from nmixx.training.rows import TrainingRows, pair_rows
from nmixx.training.settings import Mixture, StepSettings

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer


Features = Sequence[dict[str, Any]]
"""A batch as the model reads it, part by part."""


@dataclass(frozen=True)
class General:
    """General texts of a step: pairs to replay and texts to hold, with the base's embeddings.

    Embeddings have the shape (rows, dimensions); None where the step does not need them.
    """

    replayed: TrainingRows | None = None
    replayed_labels: FloatArray | None = None
    held: tuple[str, ...] = ()
    held_labels: FloatArray | None = None

    def texts(self) -> list[str]:
        """List all its texts."""
        replayed = self.replayed.columns.values() if self.replayed is not None else ()
        return [*self.held, *(text for column in replayed for text in column)]


class Companion(Protocol):
    """Adds to the loss of a batch; what it takes depends on the step's number only."""

    name: str

    def __call__(self, loss: Tensor, model: Any, step: int) -> Tensor:  # noqa: ANN401 - may be wrapped
        """Give the loss with its own part in it."""
        ...


def draw_general(
    pairs: Sequence[Pair], step: StepSettings, rows: int, *, pivot: str, seed: int
) -> tuple[TrainingRows | None, tuple[str, ...]]:
    """Draw the pairs that a step replays, and the texts that it holds where the base has them.

    Args:
        pairs: all there are; those of the step's general categories are taken.
        step: its settings.
        rows: it trains on.
        pivot: language of the held texts, which the base model knows best.
        seed: of the draw.

    Raises:
        DataError: there are no such pairs.
    """
    if not step.replay and not step.drift:
        return None, ()
    wanted = [pair for pair in pairs if pair.category in step.general and pair.kind in SAME_MEANING]
    drawn = pair_rows(
        wanted,
        step.model_copy(
            update={
                "kinds": tuple(SAME_MEANING),
                "sentences": None,
                "terms": 0,
                "mixture": Mixture(),
            },
        ),
        pivot=pivot,
        seed=seed,
    )
    if len(drawn) < 2:
        raise DataError(
            f"training step {step.name!r}: replay and drift need translations of the categories "
            f"{', '.join(step.general)}; there are {len(drawn)} among {len(pairs):,} pairs.\n"
            "Name other categories under general, or set replay and drift to 0."
        )
    steps = math.ceil(rows / step.batch_size * step.epochs)
    chooser = random.Random(seed)
    texts = sorted({text for text in drawn.pivots if text})
    held = chooser.sample(texts, min(len(texts), steps * step.drift_texts)) if step.drift else []
    if not step.replay:
        return None, tuple(held)
    most = min(len(drawn), steps * replayed_per_batch(step))
    return _take(drawn, sorted(chooser.sample(range(len(drawn)), most))), tuple(held)


def replayed_per_batch(step: StepSettings) -> int:
    """Count the pairs that make up the step's share of replay, on top of a batch of its rows."""
    return max(2, round(step.batch_size * step.replay / (1 - step.replay)))


def make_companions(
    model: SentenceTransformer, general: General, step: StepSettings, *, seed: int
) -> list[Companion]:
    """Make the companions that a step asks for."""
    found: list[Companion] = []
    if general.replayed is not None:
        found.append(Replay(model, general.replayed, general.replayed_labels, step, seed))
    if general.held and general.held_labels is not None:
        found.append(Drift(general.held, general.held_labels, step, seed))
    return found


class Replay:
    """Ranks general pairs beside the batch, which count by their share of the rows."""

    name = "replayed pairs"

    def __init__(
        self,
        model: SentenceTransformer,
        rows: TrainingRows,
        labels: FloatArray | None,
        step: StepSettings,
        seed: int,
    ) -> None:
        """Cut the pairs into batches in which no group comes twice."""
        size = min(replayed_per_batch(step), len(rows))
        sampler = LengthBatchSampler(
            range(len(rows)),
            size,
            False,
            seed=seed,
            lengths=[len(text) for text in rows.columns["other"]],
            groups=rows.groups,
        )
        self._batches = list(sampler)
        self._rows = rows
        self._labels = labels
        self._share = step.replay
        self._loss = PairRankingLoss(model, step)

    def __call__(self, loss: Tensor, model: Any, step: int) -> Tensor:  # noqa: ANN401
        """Average the loss and the replayed pairs' by their shares."""
        rows = self._batches[step % len(self._batches)]
        self._loss.model = model
        features = [
            read(model, [self._rows.columns[name][row] for row in rows])
            for name in ("pivot", "other")
        ]
        labels = None if self._labels is None else as_tensor(self._labels[rows], loss)
        replayed: Tensor = self._loss(features, labels)
        return (1 - self._share) * loss + self._share * replayed


class Drift:
    """Holds general texts where the base model has them: one less the cosine, on average.

    The texts have no labels; what is held on to is the base model's own embedding of them.
    """

    name = "held texts"

    def __init__(
        self, texts: Sequence[str], labels: FloatArray, step: StepSettings, seed: int
    ) -> None:
        """Take the texts and the base model's unit vectors of them."""
        self._texts = texts
        self._labels = labels
        self._weight = step.drift
        self._size = min(step.drift_texts, len(texts))
        self._seed = seed

    def __call__(self, loss: Tensor, model: Any, step: int) -> Tensor:  # noqa: ANN401
        """Add the weighted distance of this step's texts."""
        chooser = np.random.default_rng((self._seed, step))
        rows = np.sort(chooser.choice(len(self._texts), self._size, replace=False))
        embedded = model(read(model, [self._texts[row] for row in rows]))["sentence_embedding"]
        held = as_tensor(self._labels[rows], loss)
        away = 1 - (F.normalize(embedded.float(), dim=-1) * held).sum(-1)
        return loss + self._weight * away.mean()


def read(model: Any, texts: Sequence[str]) -> dict[str, Tensor]:  # noqa: ANN401 - may be wrapped
    """Turn texts into the model's input, on its device."""
    bare = getattr(model, "module", model)
    features = bare.preprocess(list(texts))
    return {
        name: value.to(bare.device) if isinstance(value, Tensor) else value
        for name, value in features.items()
    }


def as_tensor(rows: FloatArray, like: Tensor) -> Tensor:
    """Put rows of an array beside a tensor."""
    return torch.from_numpy(np.array(rows, dtype=np.float32)).to(like.device)


def _take(rows: TrainingRows, chosen: Sequence[int]) -> TrainingRows:
    """Keep some of the rows."""
    return replace(
        rows,
        columns={name: [column[row] for row in chosen] for name, column in rows.columns.items()},
        groups=[rows.groups[row] for row in chosen],
        pivots=[rows.pivots[row] for row in chosen],
    )


class AccompaniedLoss(nn.Module):
    """A step's loss with its companions, which looks at every batch's figure before it is used."""

    def __init__(
        self, loss: nn.Module, companions: Sequence[Companion], faults: FaultFinder
    ) -> None:
        """Wrap a loss.

        Args:
            loss: of the objective; it has the model as ``model``.
            companions: in the order in which they are added.
            faults: explains a figure that is no number.
        """
        super().__init__()
        self.model = loss.model
        self.loss = loss
        self.step = 0
        self._companions = companions
        self._faults = faults

    def forward(self, features: Any, labels: Tensor | None = None) -> Tensor:  # noqa: ANN401
        """Give the whole loss of a batch.

        Raises:
            StageError: it is no number; step, batch and likely cause are named.
        """
        parts = list(features)
        loss: Tensor = self.loss(parts, labels)
        if not bool(torch.isfinite(loss)):
            self._faults.explain(self.loss, parts, labels, self.step, loss.item())
        for companion in self._companions:
            loss = companion(loss, self.model, self.step)
            if not bool(torch.isfinite(loss)):
                self._faults.blame(companion.name, self.step, loss.item())
        return loss


class FaultFinder(Protocol):
    """Explains a loss that is no number by raising an error."""

    def explain(
        self,
        loss: nn.Module,
        features: Features,
        labels: Tensor | None,
        step: int,
        value: float,
    ) -> None:
        """Explain the loss of a batch."""
        ...

    def blame(self, what: str, step: int, value: float) -> None:
        """Explain the loss of a companion."""
        ...
