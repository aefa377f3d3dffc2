"""A set of scored pairs as the checks see it: labels, what the surface tells, splits, sources."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from nmixx.benchmark.features import FEATURES, find_cues, measure_features, texts_of
from nmixx.benchmark.predictor import MIN_PAIRS, Prediction, predict_labels
from nmixx.corpus.clean import normalise_key
from nmixx.corpus.groups import join_groups
from nmixx.errors import DataError
from nmixx.evaluation.bootstrap import Array
from nmixx.evaluation.spearman import spearman
from nmixx.evaluation.surface import score_surface
from nmixx.records import ScoredPair

TIES = ("group", "source")
"""Columns whose equal values keep pairs together, where a file has them."""


@dataclass(frozen=True)
class ScoredSet:
    """Scored pairs, and the split of each, ``""`` where there are none."""

    pairs: Sequence[ScoredPair]
    splits: Sequence[str]

    @cached_property
    def labels(self) -> Array:
        """The scores, shape (pairs,)."""
        return np.array([pair.score for pair in self.pairs], np.float64)

    @cached_property
    def groups(self) -> list[str]:
        """One group a pair: pairs that share a sentence, a source or a group, also through others.

        Sentences count as the same whatever their capitals and punctuation.
        """
        ids = [f"{row:09}" for row in range(len(self.pairs))]
        return join_groups(ids, [ties_of(pair) for pair in self.pairs])

    @cached_property
    def features(self) -> Array:
        """The surface features, shape (pairs, features), centred within each language."""
        return measure_features(texts_of(self.pairs), [pair.lang for pair in self.pairs])

    @cached_property
    def surface(self) -> dict[str, float]:
        """Spearman of each surface feature with the scores; a constant one is left out.

        The baselines are those that an evaluation prints, on the same rows.
        """
        found = score_surface(self.pairs, self.labels) if len(np.unique(self.labels)) > 1 else {}
        for name, column in zip(FEATURES, self.features.T, strict=True):
            if name in found:
                continue
            try:
                found[name] = spearman(column, self.labels)
            except DataError:
                continue
        return found

    @cached_property
    def prediction(self) -> Prediction | None:
        """The labels predicted from the surface, cross-validated; None where it makes no sense."""
        if len(self.pairs) < MIN_PAIRS or len(np.unique(self.labels)) < 2:
            return None
        cues = [find_cues(pair.sentence1, pair.sentence2) for pair in self.pairs]
        return predict_labels(self.features, cues, self.labels, self.groups)


def ties_of(pair: ScoredPair) -> list[Hashable]:
    """List what a pair must stay together for: its sentences, its group and its source."""
    ties: list[Hashable] = [normalise_key(pair.sentence1), normalise_key(pair.sentence2)]
    ties += [(name, str(pair.extra[name])) for name in TIES if pair.extra.get(name)]
    return ties
