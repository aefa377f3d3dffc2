"""The language gap: whether a vector gives its language away, and how far the means lie apart."""

from __future__ import annotations

import numpy as np

from nmixx.evaluation.bootstrap import Array

_RIDGE = 1e-2
_HELD_OUT = 0.5


def probe_language(first: Array, second: Array, *, seed: int = 0) -> float:
    """Tell the language from the vector with a linear probe; accuracy on texts it never saw.

    Ridge regression of the language, -1 or +1, on the vectors in closed form, its penalty
    relative to their mean variance. Half of the pairs are held out; a text and its translation
    are always on the same side. 0.5 is chance, and what a space without a gap gives.

    Args:
        first: vectors of one language, shape (pairs, dimensions), at least four.
        second: those of the translations.
        seed: of the split.
    """
    order = np.random.default_rng(seed).permutation(len(first))
    held = order[: int(len(order) * _HELD_OUT)]
    seen = order[len(held) :]
    weights, bias = _fit(first[seen], second[seen])
    right = (first[held] @ weights + bias < 0).sum() + (second[held] @ weights + bias > 0).sum()
    return float(right / (2 * len(held)))


def separate_means(first: Array, second: Array) -> float:
    """Distance between the languages' mean vectors, over the root mean square spread around them.

    0 where the means coincide; 1 where they lie as far apart as texts lie from their own mean.
    """
    means = first.mean(axis=0), second.mean(axis=0)
    around = np.concatenate([first - means[0], second - means[1]])
    spread = np.sqrt((around**2).sum(axis=1).mean())
    apart = float(np.linalg.norm(means[0] - means[1]))
    return apart / float(spread) if spread else 0.0


def _fit(first: Array, second: Array) -> tuple[Array, float]:
    """Fit the probe."""
    both = np.concatenate([first, second])
    centre = both.mean(axis=0)
    centred = both - centre
    answers = np.repeat([-1.0, 1.0], [len(first), len(second)])
    spread = centred.T @ centred
    penalty = _RIDGE * np.trace(spread) / len(spread) or 1.0
    weights: Array = np.linalg.solve(spread + penalty * np.eye(len(spread)), centred.T @ answers)
    return weights, -float(centre @ weights)
