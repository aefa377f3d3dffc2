"""Losses over pairs: each side is found again from the other."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from nmixx.errors import DataError
from nmixx.training.objectives.loss import Embedded, EmbeddingLoss

_SAME = 1 - 1e-6
"""Cosine from which two of the base model's embeddings are of the same text."""


class PairRankingLoss(EmbeddingLoss):
    r"""Ranks each translation above the batch's others by a margin, in both directions.

    ``-log( e^{(s(x_i,y_i)-m)/t} / (e^{(s(x_i,y_i)-m)/t} + sum_{j!=i} e^{s(x_i,y_j)/t}) )`` and the
    same from y to x, halved: Feng et al. (LaBSE, arXiv 2007.01852, section 2.1), s the cosine and m
    the step's ``margin``, 0 unless set; LaBSE has 0.3. With anchoring, both sides are also drawn to
    the base model's embedding of the pivot side, which keeps its language as it was (Reimers and
    Gurevych, arXiv 2004.09813). Columns: pivot, other.
    """

    def compute(self, batch: Embedded) -> Tensor:
        """Average the cross-entropy over both directions of a batch."""
        pivot, other = batch.columns
        scores = _additive_margin(pivot @ other.T, self.step.margin)
        loss = _cross_entropy(batch.hide(scores, 1), self.temperature)
        back = _cross_entropy(batch.hide(scores.T, 0), self.temperature)
        return (loss + back) / 2 + self.hold(batch.labels, pivot, other)


class DistillationLoss(EmbeddingLoss):
    """Ranks each text's own base-model pivot embedding above the batch's others.

    As :class:`PairRankingLoss` with the pivot side fixed, so it costs one column; after Reimers and
    Gurevych (arXiv 2004.09813, equation 1), whose squared error is what anchoring adds. Column:
    other; labels: the base model's pivot embeddings, shape (batch, dimensions).
    """

    def compute(self, batch: Embedded) -> Tensor:
        """Average ranking and distance to the base model's embeddings over a batch."""
        (other,) = batch.columns
        labels = batch.labels
        if labels is None:
            raise DataError("distillation needs the base model's embeddings, and none were given.")
        same = labels @ labels.T > _SAME  # two rows may share their pivot side
        same.fill_diagonal_(False)
        scores = _additive_margin(labels @ other.T, self.step.margin).masked_fill(same, -torch.inf)
        loss = _cross_entropy(batch.hide(scores, 0), self.temperature)
        back = _cross_entropy(scores.T, self.temperature)
        return (loss + back) / 2 + self.hold(labels, other)


class LexicalLoss(EmbeddingLoss):
    """Tells a term's translation or definition from the batch's others and from its neighbour's.

    Vulić et al. (arXiv 2205.00267) specialise sentence encoders with a bilingual dictionary by
    contrastive ranking, hard negatives included; the hard one is here the other side of the term
    of another group that is spelled most alike. Columns: pivot, other, negative (of the
    other side; may be missing). Anchoring as in :class:`PairRankingLoss`.
    """

    def compute(self, batch: Embedded) -> Tensor:
        """Average the cross-entropy over both directions of a batch."""
        pivot, other, negative = batch.columns
        scores = _additive_margin(pivot @ other.T, self.step.margin)
        near = batch.hide(pivot @ negative.T, 2)
        loss = _cross_entropy(torch.cat([batch.hide(scores, 1), near], dim=1), self.temperature)
        back = _cross_entropy(batch.hide(scores.T, 0), self.temperature)
        return (loss + back) / 2 + self.hold(batch.labels, pivot, other)


def _additive_margin(scores: Tensor, margin: float) -> Tensor:
    """Take a margin off the scores of the pairs themselves, which stand on the diagonal."""
    return scores - margin * torch.eye(len(scores), device=scores.device) if margin else scores


def _cross_entropy(scores: Tensor, temperature: float) -> Tensor:
    """Cross-entropy of finding candidate i for row i."""
    right = torch.arange(len(scores), device=scores.device)
    return F.cross_entropy(scores / temperature, right)
