"""Margins: how much nearer two sentences are than their neighbourhoods.

Artetxe and Schwenk 2019 (arXiv 1811.01136), equation 1: a cosine is put in proportion to the mean
cosine of both sentences to their k nearest neighbours in the other language.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from nmixx.encoding import FloatArray
from nmixx.mining.bitext.settings import MarginName
from nmixx.mining.teachers.protocol import Hits

Margin = Callable[[FloatArray, FloatArray], FloatArray]
"""From cosines and the neighbourhoods' mean cosines, of one shape, to scores."""


def _absolute(cosines: FloatArray, around: FloatArray) -> FloatArray:
    """Look at the cosine alone."""
    return cosines


def _distance(cosines: FloatArray, around: FloatArray) -> FloatArray:
    """Take the neighbourhood away from the cosine."""
    return cosines - around


def _ratio(cosines: FloatArray, around: FloatArray) -> FloatArray:
    """Divide the cosine by the neighbourhood, which is positive in any usual space."""
    return (cosines / np.maximum(around, np.float32(1e-6))).astype(np.float32)


MARGINS: Mapping[MarginName, Margin] = {
    "absolute": _absolute,
    "distance": _distance,
    "ratio": _ratio,
}


def mean_scores(hits: Hits) -> FloatArray:
    """Give each sentence's mean cosine to the neighbours found, shape (sentences,)."""
    found = hits.indices >= 0
    total = np.where(found, hits.scores, 0).sum(axis=1)
    means: FloatArray = (total / np.maximum(found.sum(axis=1), 1)).astype(np.float32)
    return means
