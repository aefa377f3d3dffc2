"""Hubness: whether a few texts are everybody's neighbours."""

from __future__ import annotations

import numpy as np

from nmixx.evaluation.bootstrap import Array

NEIGHBOURS = 10


def count_occurrences(queries: Array, documents: Array, *, k: int = NEIGHBOURS) -> Array:
    """Count in how many queries' ``k`` nearest neighbours each document is.

    Args:
        queries: unit vectors, shape (queries, dimensions).
        documents: unit vectors, shape (documents, dimensions).
        k: neighbours of a query; all documents where there are fewer.

    Returns:
        Counts of shape (documents,); they sum to ``k`` times the queries.
    """
    scores = queries @ documents.T
    k = min(k, len(documents))
    nearest = np.argpartition(-scores, k - 1, axis=1)[:, :k]
    return np.bincount(nearest.ravel(), minlength=len(documents)).astype(np.float64)


def measure_hubness(queries: Array, documents: Array, *, k: int = NEIGHBOURS) -> float:
    """Skewness of the k-occurrences; 0 where all are found alike, large where there are hubs.

    Radovanović, Nanopoulos and Ivanović (2010), Hubs in space, equation 1.
    """
    counts = count_occurrences(queries, documents, k=k)
    away = counts - counts.mean()
    spread = away.std()
    return float((away**3).mean() / spread**3) if spread else 0.0
