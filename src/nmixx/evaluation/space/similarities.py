"""Similarities of translations and of texts that are none."""

from __future__ import annotations

from typing import Any

import numpy as np

from nmixx.evaluation.bootstrap import Array

BINS = 40


def compare_similarities(first: Array, second: Array, *, bins: int = BINS) -> dict[str, Any]:
    """Count cosines of translations, and of each text with all other pairs' translations.

    Args:
        first: unit vectors, shape (pairs, dimensions), at least two.
        second: those of the translations.
        bins: equal ones from the lowest cosine to the highest.

    Returns:
        ``edges`` (bins + 1), ``positives`` and ``negatives`` as shares that sum to 1, the mean
        of each, and ``separated``: the chance that a translation scores above a text that is
        none, ties counted half (the area under the ROC curve).
    """
    scores = first @ second.T
    positives = np.diag(scores)
    negatives = scores[~np.eye(len(scores), dtype=bool)]
    edges = np.linspace(scores.min(), scores.max() + 1e-9, bins + 1)
    up, down = (np.histogram(some, edges)[0] / len(some) for some in (positives, negatives))
    return {
        "edges": edges.tolist(),
        "positives": up.tolist(),
        "negatives": down.tolist(),
        "mean_positive": float(positives.mean()),
        "mean_negative": float(negatives.mean()),
        "separated": _chance_above(positives, negatives),
    }


def _chance_above(positives: Array, negatives: Array) -> float:
    """Give the share of (positive, negative) pairs in which the positive is higher."""
    ordered = np.sort(negatives)
    below = np.searchsorted(ordered, positives, side="left")
    upto = np.searchsorted(ordered, positives, side="right")
    return float((below + upto).mean() / (2 * len(ordered)))
