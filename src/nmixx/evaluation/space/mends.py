"""Mends of a finished space: functions of embeddings, fitted on some pairs and used on others."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nmixx.evaluation.bootstrap import Array

Map = Callable[[Array], Array]
"""Takes vectors of shape (texts, dimensions) and gives unit vectors of the same shape."""

Fit = Callable[[Array, Array], tuple[Map, Map]]
"""Takes translations as two arrays of unit vectors; gives the maps of their two languages."""

_SHRINK = 0.1


def centre_by_language(first: Array, second: Array) -> tuple[Map, Map]:
    """Take each language's mean away, so that the means coincide.

    Libovický, Rosa and Fraser (2020), On the language neutrality of pre-trained multilingual
    representations.
    """
    means = first.mean(axis=0), second.mean(axis=0)
    return lambda rows: to_units(rows - means[0]), lambda rows: to_units(rows - means[1])


def whiten(first: Array, second: Array) -> tuple[Map, Map]:
    """Centre both languages together and make all directions vary alike.

    Su et al. (2021), Whitening sentence representations; the covariance is shrunk by a tenth
    towards a round one, so that fewer pairs than dimensions do.
    """
    both = np.concatenate([first, second])
    centre = both.mean(axis=0)
    spread = np.cov((both - centre).T, bias=True)
    round_ = np.trace(spread) / len(spread) or 1.0
    values, directions = np.linalg.eigh(
        (1 - _SHRINK) * spread + _SHRINK * round_ * np.eye(len(spread))
    )
    matrix = directions / np.sqrt(values) @ directions.T

    def apply(rows: Array) -> Array:
        return to_units((rows - centre) @ matrix)

    return apply, apply


def rotate(first: Array, second: Array) -> tuple[Map, Map]:
    """Turn the first language onto the second by the best orthogonal map (Procrustes).

    Schönemann (1966); as a cross-lingual map Artetxe, Labaka and Agirre (2016). Similarities
    within a language stay what they were.
    """
    left, _, right = np.linalg.svd(first.T @ second)
    matrix = left @ right
    return lambda rows: to_units(rows @ matrix), to_units


MENDS: dict[str, Fit] = {
    "centred by language": centre_by_language,
    "whitened": whiten,
    "rotated (Procrustes)": rotate,
}
"""Mend's name to the function that fits it."""


def to_units(rows: Array) -> Array:
    """Scale vectors to length one; a vector of zeros stays one."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    units: Array = rows / np.where(lengths > 0, lengths, 1.0)
    return units
