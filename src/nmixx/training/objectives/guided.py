"""In-batch negatives under a guide, which takes out those that are no negatives."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from nmixx.training.objectives.loss import Embedded, EmbeddingLoss, need_guide
from nmixx.training.settings import StepSettings


class GuidedLoss(EmbeddingLoss):
    r"""Finds each anchor's positive in the batch, leaving out what the guide finds as near.

    Solatorio (GISTEmbed, arXiv 2402.16829, the loss L_G): candidates of anchor i are all
    positives, the other anchors, the other positives as seen from its own positive, and all
    negatives; one whose similarity by the guide is above the pair's own by the guide, less a
    margin, is left out. The paper's margin is 0; ``guide_margin`` widens it, as the ceiling that
    NV-Retriever puts on mined negatives does (arXiv 2407.15831, section 3.2). With ``mini_batch``
    this is the cached variant. Columns: anchor, positive, and any negatives.
    """

    def compute(self, batch: Embedded) -> Tensor:
        """Average the cross-entropy of finding each anchor's positive among what is left."""
        anchor, positive, *negatives = batch.columns
        near, own, *far = need_guide(batch)
        ceiling = _ceiling((near * own).sum(-1, keepdim=True), self.step)
        eye = torch.eye(len(anchor), dtype=torch.bool, device=anchor.device)
        scores = [
            (anchor @ positive.T).masked_fill((near @ own.T > ceiling) & ~eye, -torch.inf),
            (anchor @ anchor.T).masked_fill((near @ near.T > ceiling) | eye, -torch.inf),
            (positive @ positive.T).masked_fill((own @ own.T > ceiling) | eye, -torch.inf),
        ]
        scores += [
            (anchor @ negative.T).masked_fill(near @ other.T > ceiling, -torch.inf)
            for negative, other in zip(negatives, far, strict=True)
        ]
        columns = (1, 0, 1, *range(2, len(batch.columns)))
        kept = [batch.hide(some, at) for some, at in zip(scores, columns, strict=True)]
        right = torch.arange(len(anchor), device=anchor.device)
        loss = F.cross_entropy(torch.cat(kept, dim=1) / self.temperature, right)
        return loss + self.hold(batch.labels, anchor, positive)


def _ceiling(own: Tensor, step: StepSettings) -> Tensor:
    """Give the similarity above which a candidate is no negative, shape (batch, 1)."""
    if step.guide_margin_kind == "relative":
        return own - own.abs() * step.guide_margin
    return own - step.guide_margin
