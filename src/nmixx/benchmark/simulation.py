"""Simulated annotators: scores with a known noise, to try a design or a test on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from nmixx.benchmark.items import Item, Judgement
from nmixx.benchmark.scale import Scale
from nmixx.evaluation.bootstrap import Array

FAITHFUL = (0.85, 1.0)
SHIFTED = (0.1, 0.8)
"""Between which shares of the scale the true score of a pair lies, evenly."""


@dataclass(frozen=True)
class SimulatedAnnotator:
    """Sees the true score through noise, as shares of the scale, and at times scores by chance.

    ``noise`` is the standard deviation of a normal error, ``bias`` is added to every score, and
    ``careless`` is the share of pairs scored evenly by chance.
    """

    noise: float = 0.1
    bias: float = 0.0
    careless: float = 0.0

    def score(self, truth: Array, scale: Scale, generator: np.random.Generator) -> Array:
        """Score pairs whose true scores, as shares of the scale, are known."""
        seen = truth + self.bias + generator.normal(0, self.noise, size=truth.shape)
        chance = generator.random(truth.shape) < self.careless
        shares = np.where(chance, generator.random(truth.shape), np.clip(seen, 0, 1))
        values = np.array(scale.values)
        # A score by chance is any of the scale's, a seen one the nearest.
        nearest = np.rint(shares * (len(values) - 1)).astype(int)
        drawn = np.minimum((shares * len(values)).astype(int), len(values) - 1)
        scores: Array = values[np.where(chance, drawn, nearest)]
        return scores


def simulate_scores(
    faithful: Sequence[bool],
    annotators: Sequence[SimulatedAnnotator],
    scale: Scale,
    *,
    seed: int,
) -> Array:
    """Simulate the scores of pairs, shape (pairs, annotators).

    Args:
        faithful: whether each pair was meant to say the same.
        annotators: who scores.
        scale: on which.
        seed: of the true scores and of every error.
    """
    generator = np.random.default_rng(seed)
    chosen = np.array(faithful, bool)
    low = np.where(chosen, FAITHFUL[0], SHIFTED[0])
    high = np.where(chosen, FAITHFUL[1], SHIFTED[1])
    truth = generator.uniform(low, high)
    return np.stack([one.score(truth, scale, generator) for one in annotators], axis=1)


def simulate_judgements(
    items: Sequence[Item],
    annotators: Mapping[str, SimulatedAnnotator],
    scale: Scale,
    *,
    seed: int,
) -> list[Judgement]:
    """Simulate what named annotators say of the pairs of a draft."""
    scores = simulate_scores(
        [item.faithful for item in items], list(annotators.values()), scale, seed=seed
    )
    return [
        Judgement(item.id, name, float(scores[row, column]))
        for column, name in enumerate(annotators)
        for row, item in enumerate(items)
    ]
