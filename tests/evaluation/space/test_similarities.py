"""Similarities of constructed pairs."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from nmixx.evaluation.space.mends import to_units
from nmixx.evaluation.space.similarities import compare_similarities


def test_orthogonal_pairs_are_wholly_apart() -> None:
    found = compare_similarities(np.eye(6), np.eye(6))
    assert found["mean_positive"] == 1
    assert found["mean_negative"] == 0
    assert found["separated"] == 1
    assert sum(found["positives"]) == pytest.approx(1)
    assert sum(found["negatives"]) == pytest.approx(1)
    assert len(found["edges"]) == len(found["positives"]) + 1


def test_equal_vectors_cannot_be_told_apart() -> None:
    same = np.tile([[1.0, 0]], (5, 1))
    assert compare_similarities(same, same)["separated"] == 0.5


def test_the_chance_is_the_area_under_the_curve() -> None:
    generator = np.random.default_rng(0)
    first = to_units(generator.standard_normal((30, 4)))
    second = to_units(first + generator.standard_normal((30, 4)))
    scores, labels = (first @ second.T).ravel(), np.eye(30).ravel()
    expected = roc_auc_score(labels, scores)
    assert compare_similarities(first, second)["separated"] == pytest.approx(expected)
