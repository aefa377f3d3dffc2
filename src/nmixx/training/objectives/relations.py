"""Keeping how near texts lie to each other, wherever they lie."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor


def relation_loss(column: Tensor, labels: Tensor, temperature: float) -> Tensor:
    r"""Measure how far a batch's texts have other neighbours than in the base model.

    ``KL( softmax_j(b_i b_j / t) || softmax_j(x_i x_j / t) )``, j over the other rows, averaged over
    i; b are the base model's embeddings of what the texts x mean. Neighbours as distributions:
    Passalis and Tefas (arXiv 1803.10837); by a softmax of cosines, as Fang et al. do over a queue
    (SEED, arXiv 2101.04731). Ranking alone calls all other rows equally wrong; this says which of
    them are nearly right, which is what graded similarity asks.

    Args:
        column: unit embeddings of a batch's texts, shape (batch, dimensions).
        labels: the base model's unit embedding of each row's pivot side, shape (batch, its
            dimensions); zeros where a row has none, and such rows do not count.
        temperature: t, of both distributions.

    Returns:
        The mean over the rows that count, 0 for fewer than three of them: with one neighbour there
        is nothing to tell apart.
    """
    known = labels.square().sum(-1) > 0
    column, labels = column[known], labels[known]
    if len(column) < 3:
        return column.sum() * 0.0
    own = torch.eye(len(column), dtype=torch.bool, device=column.device)
    wanted = _others(labels @ labels.T / temperature, own)
    found = _others(column @ column.T / temperature, own)
    return F.kl_div(found, wanted, reduction="batchmean", log_target=True)


def _others(scores: Tensor, own: Tensor) -> Tensor:
    """Give the log-softmax over all columns of a row but its own, shape (rows, rows - 1)."""
    rest = scores.masked_select(~own).view(len(scores), -1)
    return rest.log_softmax(-1)
