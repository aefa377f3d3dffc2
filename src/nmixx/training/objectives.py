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


class TemperatureTripletLoss(_EmbeddingLoss):
    r"""The paper's loss: ``-log( e^{s(a,p)/t} / (e^{s(a,p)/t} + e^{s(a,n)/t}) )``, s the cosine.

    NMIXX (arXiv 2507.09601, section 3). Columns: anchor, positive, negative.
    """

    def forward(self, features: Features, labels: Tensor | None = None) -> Tensor:
        """Average the loss over a batch of triplets."""
        anchor, positive, negative = self.embed(features)
        gap = ((anchor * negative).sum(-1) - (anchor * positive).sum(-1)) / self.temperature
        return F.softplus(gap).mean()


class InBatchTripletLoss(_EmbeddingLoss):
    """The same with every other positive and negative of the batch as further negatives.

    Columns: anchor, positive, negative. The sampler keeps rows of one group out of a batch.
    """

    def forward(self, features: Features, labels: Tensor | None = None) -> Tensor:
        """Average the cross-entropy of finding each anchor's positive in the batch."""
        anchor, positive, negative = self.embed(features)
        scores = anchor @ torch.cat([positive, negative]).T / self.temperature
        return F.cross_entropy(scores, torch.arange(len(anchor), device=scores.device))


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
        loss = _rank_both_ways(pivot, other, self.temperature)
        if self.anchoring and labels is not None:
            drift = 2 - (pivot * labels).sum(-1) - (other * labels).sum(-1)
            loss = loss + self.anchoring * drift.mean()
        return loss


class DistillationLoss(_EmbeddingLoss):
    """Ranks each text's own base-model pivot embedding above the batch's others.

    As :class:`PairRankingLoss` with the pivot side fixed, so it costs one column. Column:
    other; labels: the base model's pivot embeddings, shape (batch, dimensions).
    """

    def forward(self, features: Features, labels: Tensor) -> Tensor:
        """Average ranking and distance to the base model's embeddings over a batch."""
        (other,) = self.embed(features)
        pull = 1 - (other * labels).sum(-1)
        return _rank_both_ways(labels, other, self.temperature) + self.anchoring * pull.mean()


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


OBJECTIVES: Mapping[str, Objective] = {
    "pair_ranking": Objective(
        "pairs",
        ("pivot", "other"),
        PairRankingLoss,
        needs_labels=lambda step: step.anchoring > 0,
    ),
    "distillation": Objective(
        "pairs", ("other",), DistillationLoss, needs_labels=lambda step: True
    ),
    "triplet": Objective("triplets", ("anchor", "positive", "negative"), TemperatureTripletLoss),
    "triplet_in_batch": Objective(
        "triplets", ("anchor", "positive", "negative"), InBatchTripletLoss
    ),
}
