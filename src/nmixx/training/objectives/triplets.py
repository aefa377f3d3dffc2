"""Losses over triplets: the negative of one's own row, and those of all others."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from nmixx.training.objectives.loss import Embedded, EmbeddingLoss


class TemperatureTripletLoss(EmbeddingLoss):
    r"""The paper's loss: ``-log( e^{s(a,p)/t} / (e^{s(a,p)/t} + e^{s(a,n)/t}) )``, s the cosine.

    NMIXX (arXiv 2507.09601, section 3). Columns: anchor, positive, negative. With anchoring, anchor
    and positive are also drawn to the base model's embedding of whichever of them is in the pivot
    language, so that only the negative has to move.
    """

    def compute(self, batch: Embedded) -> Tensor:
        """Average the loss over a batch of triplets."""
        anchor, positive, negative = batch.columns
        gap = ((anchor * negative).sum(-1) - (anchor * positive).sum(-1)) / self.temperature
        return F.softplus(gap).mean() + self.hold(batch.labels, anchor, positive)


class InBatchNegativesLoss(EmbeddingLoss):
    r"""Finds each anchor's positive among all positives and negatives of the batch.

    ``-log( e^{s(a_i,p_i)/t} / sum_j (e^{s(a_i,p_j)/t} + sum_k e^{s(a_i,n_jk)/t}) )``: Karpukhin et
    al. (DPR, arXiv 2004.04906, equation 2, with in-batch negatives of section 3.2), the cosine over
    t in the place of the dot product. Columns: anchor, positive, one or more negatives, some of
    which a row may lack. Texts of a row's group do not count among its negatives. Anchoring as in
    :class:`TemperatureTripletLoss`.
    """

    def compute(self, batch: Embedded) -> Tensor:
        """Average the cross-entropy of finding each anchor's positive in the batch."""
        anchor, *others = batch.columns
        scores = torch.cat(
            [batch.hide(anchor @ other.T, at) for at, other in enumerate(others, 1)], dim=1
        )
        right = torch.arange(len(anchor), device=scores.device)
        loss = F.cross_entropy(scores / self.temperature, right)
        return loss + self.hold(batch.labels, anchor, others[0])
