from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr

from nmixx.errors import DataError
from nmixx.evaluation.spearman import Ranker, cosines, resample_spearman, spearman

columns = st.lists(st.tuples(st.integers(-3, 3), st.integers(0, 5)), min_size=3, max_size=40).map(
    lambda rows: np.array(rows, dtype=np.float64).T
)


@given(columns)
def test_a_resample_is_the_correlation_of_the_drawn_rows(both: np.ndarray) -> None:
    scores, labels = both
    generator = np.random.default_rng(len(scores))
    drawn = generator.integers(len(scores), size=(5, len(scores)))
    weights = np.stack([np.bincount(row, minlength=len(scores)) for row in drawn]).astype(float)
    ours = resample_spearman(weights, Ranker(scores), Ranker(labels))
    for row, value in zip(drawn, ours, strict=True):
        constant = len(set(scores[row])) < 2 or len(set(labels[row])) < 2
        if constant:
            assert np.isnan(value)
        else:
            assert value == pytest.approx(spearmanr(scores[row], labels[row]).statistic, abs=1e-9)


def test_order_is_all_that_counts() -> None:
    labels = np.array([0.0, 1, 2, 3, 4])
    assert spearman(np.exp(labels), labels) == pytest.approx(1)
    assert spearman(-labels, labels) == pytest.approx(-1)


def test_equal_scores_are_an_error_and_not_a_nan() -> None:
    with pytest.raises(DataError, match="all 3 scores are equal"):
        spearman(np.ones(3), np.array([1.0, 2, 3]))
    with pytest.raises(DataError, match="all 3 labels are equal"):
        spearman(np.array([1.0, 2, 3]), np.ones(3))


def test_columns_of_unequal_length_are_refused() -> None:
    with pytest.raises(ValueError, match="3 scores but 2 labels"):
        spearman(np.ones(3), np.ones(2))


def test_cosines_go_row_by_row() -> None:
    first = np.array([[1, 0], [0.6, 0.8]], dtype=np.float32)
    second = np.array([[0, 1], [0.6, 0.8]], dtype=np.float32)
    assert cosines(first, second) == pytest.approx([0, 1], abs=1e-6)
