"""Weight interpolation: keep a share of what a training step changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import torch

from nmixx.errors import DataError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Weights = dict[str, torch.Tensor]


def copy_weights(model: SentenceTransformer) -> Weights:
    """Copy a model's weights to the processor's memory."""
    return {name: tensor.detach().cpu().clone() for name, tensor in model.state_dict().items()}


def interpolate(
    model: SentenceTransformer, before: Weights, keep: float, *, after: Weights | None = None
) -> None:
    """Set each weight to ``before + keep * (after - before)``.

    Wortsman et al. (WiSE-FT, arXiv 2109.01903) and LM-Cocktail (arXiv 2311.13534): between the
    weights before and after adaptation lie models that keep the general ability and much of the
    gain.

    Args:
        model: changed in place.
        before: from :func:`copy_weights` or :func:`fit_rows`, with the same names and shapes.
        keep: 1 gives the weights after, 0 takes the training back.
        after: the model's weights as they are when None.
    """
    if keep == 1 and after is None:
        return
    with torch.no_grad():
        for name, tensor in model.state_dict().items():
            if not tensor.is_floating_point():
                continue
            if after is not None:
                tensor.copy_(after[name])
            if keep < 1:
                tensor.lerp_(before[name].to(tensor), 1 - keep)


def fit_rows(model: SentenceTransformer, base: SentenceTransformer, after: Weights) -> Weights:
    """Give the base model's weights in the shapes of a model whose vocabulary was grown from it.

    Rows of the embedding table belong to tokens, and are matched by them. A token that the base
    does not have keeps the row that it has after training, whatever share of the change is kept.

    Args:
        model: the trained one.
        base: the one that it came from.
        after: the trained weights, from :func:`copy_weights`.

    Raises:
        DataError: the two are not the same model but for their vocabularies.
    """
    theirs = base.state_dict()
    fitted: Weights = {}
    for name, tensor in after.items():
        other = theirs.get(name)
        if other is None or tensor.shape[1:] != other.shape[1:]:
            raise DataError(
                f"weight {name!r} of the trained model has no like in the base model, so there is "
                "nothing between the two.\nSet keep_toward: start."
            )
        fitted[name] = other.detach().cpu().to(tensor.dtype).clone()
        if tensor.shape != other.shape:
            fitted[name] = _match(tensor, fitted[name], model.tokenizer, base.tokenizer)
    # Even a table of the same size may hold other tokens in its rows.
    ours, known = _vocabulary(model.tokenizer), _vocabulary(base.tokenizer)
    if ours != known:
        for name, tensor in after.items():
            if len(tensor.shape) == 2 and len(tensor) == len(theirs[name]) == len(known):
                fitted[name] = _match(tensor, fitted[name], model.tokenizer, base.tokenizer)
    return fitted


def _match(after: torch.Tensor, before: torch.Tensor, ours: Any, theirs: Any) -> torch.Tensor:  # noqa: ANN401
    """Put the base's row of every token that it has at the token's place."""
    known = _vocabulary(theirs)
    both = [(place, known[token]) for token, place in _vocabulary(ours).items() if token in known]
    places, rows = (torch.tensor(side, dtype=torch.long) for side in zip(*both, strict=True))
    matched = after.clone()
    matched[places] = before[rows]
    return matched


def _vocabulary(tokenizer: Any) -> Mapping[str, int]:  # noqa: ANN401 - tokenizers differ
    """Give each token's row."""
    vocabulary: Mapping[str, int] = tokenizer.get_vocab()
    return vocabulary
