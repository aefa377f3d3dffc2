"""Selection policies: which candidates are far enough from the positive to be negatives.

A policy turns positive scores into thresholds; the search then finds the best candidates below
each query's own threshold.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nmixx.encoding import FloatArray

Policy = Callable[[FloatArray, float], FloatArray]


def perc_pos(positive_scores: FloatArray, margin: float) -> FloatArray:
    """TopK-PercPos: a negative scores at most ``margin`` times what the positive scores.

    NV-Retriever (arXiv 2407.15831, section 3). For a negative positive score the distance
    is taken off instead, so that a smaller margin is always stricter.

    Args:
        positive_scores: shape (queries,).
        margin: between 0 and 1; 0.95 in the paper.

    Returns:
        Thresholds of shape (queries,); candidates must score strictly below.
    """
    distance = np.abs(positive_scores) * (1 - margin)
    threshold: FloatArray = (positive_scores - distance).astype(np.float32)
    return threshold


POLICIES: dict[str, Policy] = {"perc_pos": perc_pos}
