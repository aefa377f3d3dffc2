"""Two dimensions of a space to look at: its principal components."""

from __future__ import annotations

import numpy as np

from nmixx.evaluation.bootstrap import Array


def project(vectors: Array) -> tuple[Array, Array]:
    """Project vectors on their first two principal components.

    The sign of each component is fixed: its entry of largest size is positive, so the same
    vectors always give the same picture.

    Args:
        vectors: shape (texts, dimensions), at least two of each.

    Returns:
        Coordinates of shape (texts, 2), and the share of the variance along each component.
    """
    centred = vectors - vectors.mean(axis=0)
    values, directions = np.linalg.eigh(centred.T @ centred)
    axes = directions[:, ::-1][:, :2]
    largest = np.abs(axes).argmax(axis=0)
    axes = axes * np.where(axes[largest, range(2)] < 0, -1.0, 1.0)
    total = float(np.maximum(values, 0).sum())
    shares = np.maximum(values[::-1][:2], 0) / total if total else np.zeros(2)
    return centred @ axes, shares
