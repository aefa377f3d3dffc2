"""A simple predictor of labels from the surface, cross-validated: how much a label is given away.

Ridge regression (Hoerl and Kennard 1970) on the features and on one number for the cue words: the
mean label of the training pairs that hold a word, shrunk towards the mean of all. A training
pair's own label is left out of its words' means, or its cues would know the answer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nmixx.evaluation.bootstrap import Array
from nmixx.evaluation.spearman import spearman

FOLDS = 5
PENALTY = 1.0
SHRINKAGE = 5.0
"""Pairs' worth of the overall mean that a word's mean is mixed with."""

DOUBT = 9.0
"""Squared z of a word's mean label at which half of it is believed."""

MIN_PAIRS = 40
"""Fewer tell nothing about a predictor."""

Cues = Sequence[Collection[str]]
Rows = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Prediction:
    """Labels predicted for pairs that were not learnt from."""

    values: Array
    labels: Array
    cues: dict[str, float]

    @property
    def spearman(self) -> float:
        """Rank correlation with the labels; 0 where nothing was predicted."""
        distinct = min(len(np.unique(self.values)), len(np.unique(self.labels)))
        return spearman(self.values, self.labels) if distinct > 1 else 0.0

    @property
    def auc(self) -> float | None:
        """Chance that a pair of the higher label is predicted higher; None with many labels."""
        found = np.unique(self.labels)
        if len(found) != 2:
            return None
        return area(self.values[self.labels == found[1]], self.values[self.labels == found[0]])


def area(higher: Array, lower: Array) -> float:
    """Area under the ROC curve: how often one value of ``higher`` exceeds one of ``lower``."""
    from scipy.stats import rankdata

    ranks = rankdata(np.concatenate([higher, lower]))[: len(higher)]
    wins = ranks.sum() - len(higher) * (len(higher) + 1) / 2
    return float(wins / (len(higher) * len(lower)))


def predict_labels(
    features: Array, cues: Cues, labels: Array, groups: Sequence[str], *, seed: int = 0
) -> Prediction:
    """Predict each pair's label from the pairs of other folds; a group stays in one fold.

    Args:
        features: shape (pairs, features).
        cues: the cue words of each pair.
        labels: shape (pairs,).
        groups: the group of each pair.
        seed: of the folds.
    """
    folds = _split(groups, seed)
    values = np.zeros(len(labels))
    for fold in range(FOLDS):
        test: Rows = np.flatnonzero(folds == fold)
        train: Rows = np.flatnonzero(folds != fold)
        if len(test) and len(train):
            values[test] = _fit_predict(features, cues, labels, train, test)
    return Prediction(values, labels, _strongest(cues, labels))


def _fit_predict(features: Array, cues: Cues, labels: Array, train: Rows, test: Rows) -> Array:
    """Learn from some pairs and predict others."""
    mean = labels[train].mean()
    sums, counts = _tally([cues[at] for at in train], labels[train] - mean)

    spread = max(float(labels[train].std()), 1e-9)

    def lean(at: int, own: float | None) -> float:
        return sum(
            _weigh(sums[cue] - (own or 0.0), counts[cue] - (own is not None), spread)
            for cue in cues[at]
            if cue in sums
        )

    columns = [[lean(at, labels[at] - mean)] for at in train]
    design = np.hstack([features[train], columns])
    scale = np.maximum(design.std(axis=0), 1e-9)
    centre = design.mean(axis=0)
    scaled = (design - centre) / scale
    gram = scaled.T @ scaled + PENALTY * np.eye(scaled.shape[1])
    weights = np.linalg.solve(gram, scaled.T @ (labels[train] - mean))
    held = np.hstack([features[test], [[lean(at, None)] for at in test]])
    predicted: Array = (held - centre) / scale @ weights + mean
    return predicted


def _weigh(total: float, count: int, spread: float) -> float:
    """Give a word's shrunken mean label, little of it where the mean may be an accident."""
    if count < 1:
        return 0.0
    z2 = total * total / (count * spread * spread)
    return total / (count + SHRINKAGE) * z2 / (z2 + DOUBT)


def _tally(cues: Cues, labels: Array) -> tuple[dict[str, float], dict[str, int]]:
    """Sum the labels of the pairs that hold each cue, and count them."""
    sums: dict[str, float] = defaultdict(float)
    counts: dict[str, int] = defaultdict(int)
    for some, label in zip(cues, labels, strict=True):
        for cue in some:
            sums[cue] += float(label)
            counts[cue] += 1
    return dict(sums), dict(counts)


def _strongest(cues: Cues, labels: Array, most: int = 10) -> dict[str, float]:
    """Give the cues whose pairs' mean label is furthest from the mean of all, by its z."""
    spread = labels.std()
    if spread == 0:
        return {}
    sums, counts = _tally(cues, labels - labels.mean())
    strength = {cue: sums[cue] / (spread * np.sqrt(counts[cue])) for cue in sums}
    best = sorted(strength, key=lambda cue: (-abs(strength[cue]), cue))[:most]
    return {cue: round(float(strength[cue]), 2) for cue in best}


def _split(groups: Sequence[str], seed: int) -> Array:
    """Give each pair a fold; pairs of one group share it."""
    names = sorted(set(groups))
    order = np.random.default_rng(seed).permutation(len(names))
    fold = {name: int(at) % FOLDS for name, at in zip(names, order, strict=True)}
    return np.array([fold[group] for group in groups])
