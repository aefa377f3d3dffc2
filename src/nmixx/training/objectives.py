"""Objectives as table rows; each turns a model and a step's settings into a loss module."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from nmixx.training.settings import StepSettings

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Features = Iterable[dict[str, Tensor]]


class _EmbeddingLoss(nn.Module):
    """A loss over the unit embeddings of each column of a batch."""

    def __init__(self, model: SentenceTransformer, step: StepSettings) -> None:
        super().__init__()
        self.model = model
        self.temperature = step.temperature
        self.anchoring = step.anchoring

    def embed(self, features: Features) -> list[Tensor]:
        """Embed the columns, each to shape (batch, dimensions), with rows of length one."""
        return [
            F.normalize(self.model(column)["sentence_embedding"].float(), dim=-1)
            for column in features
        ]

    def drift(self, labels: Tensor | None, *columns: Tensor) -> Tensor | float:
        """Weigh how far texts are from the base model's embedding of their pivot side.

        Args:
            labels: shape (batch, dimensions); zeros where a row has no text in the pivot language.
            columns: unit embeddings of the same shape.
        """
        if not self.anchoring or labels is None:
            return 0.0
        known = labels.square().sum(-1)
        away = sum(known - (column * labels).sum(-1) for column in columns)
        return self.anchoring * torch.as_tensor(away).mean()


class TemperatureTripletLoss(_EmbeddingLoss):
    r"""The paper's loss: ``-log( e^{s(a,p)/t} / (e^{s(a,p)/t} + e^{s(a,n)/t}) )``, s the cosine.

    NMIXX (arXiv 2507.09601, section 3). Columns: anchor, positive, negative. With anchoring, anchor
    and positive are also drawn to the base model's embedding of whichever of them is in the pivot
    language, so that only the negative has to move.
    """

    def forward(self, features: Features, labels: Tensor | None = None) -> Tensor:
        """Average the loss over a batch of triplets."""
        anchor, positive, negative = self.embed(features)
        gap = ((anchor * negative).sum(-1) - (anchor * positive).sum(-1)) / self.temperature
        return F.softplus(gap).mean() + self.drift(labels, anchor, positive)


class InBatchTripletLoss(_EmbeddingLoss):
    """The same with every other positive and negative of the batch as further negatives.

    Columns, and anchoring, as :class:`TemperatureTripletLoss`. The sampler keeps rows of one group
    out of a batch.
    """

    def forward(self, features: Features, labels: Tensor | None = None) -> Tensor:
        """Average the cross-entropy of finding each anchor's positive in the batch."""
        anchor, positive, negative = self.embed(features)
        scores = anchor @ torch.cat([positive, negative]).T / self.temperature
        right = torch.arange(len(anchor), device=scores.device)
        return F.cross_entropy(scores, right) + self.drift(labels, anchor, positive)


class PairRankingLoss(_EmbeddingLoss):
    """Ranks each translation above the batch's others, in both directions.

    Feng et al. (LaBSE, arXiv 2007.01852, section 2), without the additive margin. With anchoring,
    both sides are also drawn to the base model's embedding of the pivot side, which keeps its
    language as it was (Reimers and Gurevych, arXiv 2004.09813). Columns: pivot, other; labels: the
    base model's pivot embeddings, shape (batch, dimensions).
    """

    def forward(self, features: Features, labels: Tensor | None = None) -> Tensor:
        """Average the cross-entropy over both directions of a batch."""
        pivot, other = self.embed(features)
        return _rank_both_ways(pivot, other, self.temperature) + self.drift(labels, pivot, other)


class DistillationLoss(_EmbeddingLoss):
    """Ranks each text's own base-model pivot embedding above the batch's others.

    As :class:`PairRankingLoss` with the pivot side fixed, so it costs one column. Column:
    other; labels: the base model's pivot embeddings, shape (batch, dimensions).
    """

    def forward(self, features: Features, labels: Tensor) -> Tensor:
        """Average ranking and distance to the base model's embeddings over a batch."""
        (other,) = self.embed(features)
        return _rank_both_ways(labels, other, self.temperature) + self.drift(labels, other)


def _rank_both_ways(one: Tensor, other: Tensor, temperature: float) -> Tensor:
    """Cross-entropy of finding row i of one side with row i of the other, both ways."""
    scores = one @ other.T / temperature
    right = torch.arange(len(one), device=one.device)
    return (F.cross_entropy(scores, right) + F.cross_entropy(scores.T, right)) / 2


@dataclass(frozen=True)
class Objective:
    """What an objective reads, and the loss it trains with."""

    rows: Literal["pairs", "triplets"]
    columns: tuple[str, ...]
    loss: Callable[[Any, StepSettings], nn.Module]
    needs_labels: Callable[[StepSettings], bool] = lambda step: False


def _is_anchored(step: StepSettings) -> bool:
    """Tell whether a step draws texts to the base model's embeddings."""
    return step.anchoring > 0


OBJECTIVES: Mapping[str, Objective] = {
    "pair_ranking": Objective("pairs", ("pivot", "other"), PairRankingLoss, _is_anchored),
    "distillation": Objective(
        "pairs", ("other",), DistillationLoss, needs_labels=lambda step: True
    ),
    "triplet": Objective(
        "triplets", ("anchor", "positive", "negative"), TemperatureTripletLoss, _is_anchored
    ),
    "triplet_in_batch": Objective(
        "triplets", ("anchor", "positive", "negative"), InBatchTripletLoss, _is_anchored
    ),
}
