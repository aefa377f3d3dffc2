"""What all objectives share: embedding a batch's texts once each, Matryoshka, gradient caching."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from nmixx.errors import DataError
from nmixx.training.objectives.relations import relation_loss
from nmixx.training.settings import StepSettings

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Features = Iterable[dict[str, Any]]


@dataclass(frozen=True)
class Embedded:
    """A batch as objectives see it.

    Attributes:
        columns: unit embeddings of each column, shape (batch, dimensions).
        labels: the base model's embedding of each row's pivot side, shape (batch, dimensions);
            zeros where a row has none.
        guide: the guide's unit embeddings of each column, shape (batch, its dimensions).
        hidden: for each column what must not count as a row's negative, shape (batch, batch):
            at [i, j] the text of row j, when it belongs to the group of row i or is missing. The
            diagonal is True only where a row lacks a text of its own.
    """

    columns: tuple[Tensor, ...]
    labels: Tensor | None = None
    guide: tuple[Tensor, ...] | None = None
    hidden: tuple[Tensor, ...] | None = None

    def hide(self, scores: Tensor, column: int) -> Tensor:
        """Give scores of rows against a column, with minus infinity at what is no negative."""
        return (
            scores if self.hidden is None else scores.masked_fill(self.hidden[column], -torch.inf)
        )

    def truncate(self, dimensions: int) -> Embedded:
        """Keep the first dimensions of all embeddings but the guide's, at length one again."""
        labels = self.labels
        return replace(
            self,
            columns=tuple(F.normalize(column[:, :dimensions], dim=-1) for column in self.columns),
            labels=None if labels is None else F.normalize(labels[:, :dimensions], dim=-1),
        )


class EmbeddingLoss(nn.Module):
    """A loss over the unit embeddings of each column of a batch; objectives give ``compute``.

    With ``dimensions`` it is the mean of the loss at each of them and at full length: Kusupati et
    al. (Matryoshka, arXiv 2205.13147, equation 1, all weights alike).

    With ``mini_batch`` texts are embedded without keeping what the way back needs, which is worked
    out again chunk by chunk once the loss over the whole batch is known: Gao et al. (GradCache,
    arXiv 2101.06983, section 3). The gradients are the same, memory is that of one chunk, and a
    step costs one forward pass more.
    """

    def __init__(self, model: SentenceTransformer, step: StepSettings) -> None:
        super().__init__()
        self.model = model
        self.step = step
        self.temperature = step.temperature

    def forward(self, features: Features, labels: Tensor | None = None) -> Tensor:
        """Compute the loss of a batch.

        Args:
            features: what :class:`nmixx.training.collation.Collator` gives, chunks of distinct
                texts with their ``places``; or simply one batch of texts a column.
            labels: see :class:`Embedded`.
        """
        batch = self.embed(list(features), labels)
        full = batch.columns[0].shape[-1]
        sizes = [size for size in self.step.dimensions if size < full]
        losses = [self.compute(batch), *(self.compute(batch.truncate(size)) for size in sizes)]
        return torch.stack(losses).mean()

    def compute(self, batch: Embedded) -> Tensor:
        """Average the objective over a batch."""
        raise NotImplementedError

    def embed(self, features: Sequence[dict[str, Any]], labels: Tensor | None) -> Embedded:
        """Embed every distinct text once and lay the columns out."""
        context = {key: features[0][key] for key in _CONTEXT if key in features[0]}
        vectors = [F.normalize(self._encode(chunk).float(), dim=-1) for chunk in features]
        if "places" not in context:
            guides = tuple(column["guide"] for column in features if "guide" in column)
            return Embedded(tuple(vectors), labels, guides or None)
        places = context["places"]
        at = places.clamp(min=0)
        every = torch.cat(vectors)
        guide = context.get("guide")
        return Embedded(
            columns=tuple(every[column] for column in at),
            labels=labels,
            guide=None if guide is None else tuple(guide[column] for column in at),
            hidden=_hide(context["related"], places),
        )

    def _encode(self, features: dict[str, Any]) -> Tensor:
        """Run the model over one chunk, with or without keeping what the way back needs."""
        inputs = {key: value for key, value in features.items() if key not in _CONTEXT}
        if self.step.mini_batch is None or not torch.is_grad_enabled():
            return self._run(inputs)
        vectors: Tensor = checkpoint(self._run, inputs, use_reentrant=False)
        return vectors

    def _run(self, inputs: dict[str, Any]) -> Tensor:
        """Run the model; it writes into what it is given, which may be needed again."""
        vectors: Tensor = self.model(dict(inputs))["sentence_embedding"]
        return vectors

    def hold(self, labels: Tensor | None, *columns: Tensor) -> Tensor | float:
        """Weigh how far texts are from where and how the base model has them.

        Anchoring counts how far each is from the base model's embedding of its row's pivot side,
        ``relations`` how far each column's texts have other neighbours, see
        :func:`nmixx.training.objectives.relations.relation_loss`.

        Args:
            labels: shape (batch, dimensions); zeros where a row has no text in the pivot language.
            columns: unit embeddings of the same shape.
        """
        if labels is None:
            return 0.0
        held: Tensor | float = 0.0
        if self.step.anchoring:
            known = labels.square().sum(-1)
            away = sum(known - (column * labels).sum(-1) for column in columns)
            held = held + self.step.anchoring * torch.as_tensor(away).mean()
        if self.step.relations:
            parts = [relation_loss(column, labels, self.temperature) for column in columns]
            held = held + self.step.relations * torch.stack(parts).sum()
        return held


_CONTEXT = ("places", "related", "guide")
"""Features that are about the whole batch and not for the model."""


def _hide(related: Tensor, places: Tensor) -> tuple[Tensor, ...]:
    """Tell for each column which texts are no negatives of which rows.

    Args:
        related: whether a distinct text belongs to a row's group, shape (batch, texts).
        places: of each column's texts among the distinct ones, -1 where there is none, shape
            (columns, batch).
    """
    own = torch.eye(places.shape[1], dtype=torch.bool, device=places.device)
    return tuple((related[:, at.clamp(min=0)] & ~own) | (at < 0) for at in places)


def need_guide(batch: Embedded) -> tuple[Tensor, ...]:
    """Give the guide's embeddings.

    Raises:
        DataError: there are none.
    """
    if batch.guide is None:
        raise DataError("the guided objective needs the guide's embeddings, and none were given.")
    return batch.guide
