"""Values that stand out from their like."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

OUTLIER = 3.5
"""A modified z-score beyond this marks an outlier (Iglewicz and Hoaglin, 1993)."""


def modified_z(values: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """Give the modified z-score of each value: 0.6745 (x - median) / MAD.

    MAD is the median of the distances from the median; unlike a standard deviation, outliers do
    not widen it. Where it is zero, every score is zero.
    """
    distances = values - np.median(values)
    spread = float(np.median(np.abs(distances)))
    scores: npt.NDArray[np.float64] = np.zeros(len(values))
    return 0.6745 * distances / spread if spread > 0 else scores
