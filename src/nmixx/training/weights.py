"""Weight interpolation: keep a share of what a training step changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Weights = dict[str, torch.Tensor]


def copy_weights(model: SentenceTransformer) -> Weights:
    """Copy a model's weights to the processor's memory."""
    return {name: tensor.detach().cpu().clone() for name, tensor in model.state_dict().items()}


def interpolate(model: SentenceTransformer, before: Weights, keep: float) -> None:
    """Set each weight to ``before + keep * (now - before)``.

    Wortsman et al. (WiSE-FT, arXiv 2109.01903) and LM-Cocktail (arXiv 2311.13534): between the
    weights before and after adaptation lie models that keep the general ability and much of the
    gain.

    Args:
        model: changed in place.
        before: from :func:`copy_weights`, with the same names and shapes.
        keep: 1 leaves the model as it is, 0 takes the training back.
    """
    if keep == 1:
        return
    with torch.no_grad():
        for name, tensor in model.state_dict().items():
            if tensor.is_floating_point():
                tensor.lerp_(before[name].to(tensor), 1 - keep)
