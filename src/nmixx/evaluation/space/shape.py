"""How vectors fill their space: alignment, uniformity, anisotropy, dimensions that stand out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from nmixx.evaluation.bootstrap import Array

_STANDS_OUT = 3.0  # standard deviations
_SHOWN = 3


def measure_alignment(first: Array, second: Array) -> float:
    """Mean squared distance of texts that mean the same; 0 is perfect.

    Wang and Isola (2020), Understanding contrastive representation learning through alignment
    and uniformity on the hypersphere, with their exponent of 2.

    Args:
        first: unit vectors, shape (pairs, dimensions).
        second: those of the translations, in the same order.
    """
    return float(((first - second) ** 2).sum(axis=1).mean())


def measure_uniformity(vectors: Array) -> float:
    """Log of the mean Gaussian potential of two texts; lower is more evenly spread.

    Wang and Isola (2020) with t = 2, over all pairs of distinct rows. Vectors that all coincide
    give 0; a large random sample on a sphere of many dimensions comes near -4.

    Args:
        vectors: unit vectors, shape (texts, dimensions), at least two.
    """
    squared = np.maximum(2 - 2 * vectors @ vectors.T, 0)
    potential = np.exp(-2 * squared[np.triu_indices(len(vectors), k=1)])
    return float(np.log(potential.mean()))


def measure_anisotropy(vectors: Array) -> float:
    """Mean cosine of two different texts; 0 in a space without a preferred direction.

    Ethayarajh (2019), How contextual are contextualized word representations?, over all pairs of
    distinct rows, which has a closed form in the sum of the vectors.
    """
    count = len(vectors)
    total = vectors.sum(axis=0)
    return float((total @ total - (vectors**2).sum()) / (count * (count - 1)))


def count_dimensions(vectors: Array) -> float:
    """Number of dimensions that the vectors really use: the participation ratio.

    The square of the sum of the covariance's eigenvalues over the sum of their squares: d for a
    round cloud in d dimensions, 1 for a line.
    """
    centred = vectors - vectors.mean(axis=0)
    spread = centred.T @ centred
    squared = float((spread**2).sum())
    return float(np.trace(spread) ** 2 / squared) if squared else 0.0


def find_outliers(vectors: Array) -> dict[str, Any]:
    """Find dimensions that stand out, and how much of the mean cosine each makes up.

    A dimension stands out when its mean lies three standard deviations from the mean of all
    dimensions (Kovaleva et al., 2021, BERT busters). Its share of the mean cosine of two texts
    follows Timkey and van Schijndel (2021), All bark and no bite, equation 3; shares sum to 1.

    Returns:
        ``count`` of those that stand out, and ``largest``: dimension and share of the three
        with the largest share.
    """
    means = vectors.mean(axis=0)
    far = np.abs(means - means.mean()) > _STANDS_OUT * means.std()
    count = len(vectors)
    sums = vectors.sum(axis=0)
    parts = (sums**2 - (vectors**2).sum(axis=0)) / (count * (count - 1))
    total = parts.sum()
    shares = parts / total if abs(total) > np.finfo(np.float64).eps else np.zeros_like(parts)
    largest = np.argsort(-np.abs(shares), kind="stable")[:_SHOWN]
    return {
        "count": int(far.sum()),
        "largest": [{"dimension": int(at), "share": float(shares[at])} for at in largest],
    }


def describe_shape(first: Array, second: Array) -> Mapping[str, Any]:
    """Give all figures of this module for both languages' vectors together.

    Args:
        first: unit vectors of one language, shape (pairs, dimensions).
        second: those of the translations.
    """
    both = np.concatenate([first, second])
    return {
        "alignment": measure_alignment(first, second),
        "uniformity": measure_uniformity(both),
        "anisotropy": measure_anisotropy(both),
        "dimensions": both.shape[1],
        "dimensions_used": count_dimensions(both),
        "outliers": find_outliers(both),
    }
