"""Spaces whose shape is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nmixx.evaluation.space.mends import to_units
from nmixx.evaluation.space.shape import (
    count_dimensions,
    find_outliers,
    measure_alignment,
    measure_anisotropy,
    measure_uniformity,
)


def draw(count: int, dimensions: int, seed: int = 0) -> np.ndarray:
    return to_units(np.random.default_rng(seed).standard_normal((count, dimensions)))


def test_alignment_of_the_same_vectors_is_perfect_and_of_opposite_ones_four() -> None:
    vectors = draw(20, 8)
    assert measure_alignment(vectors, vectors) == 0
    assert measure_alignment(vectors, -vectors) == pytest.approx(4)


def test_uniformity_of_one_point_is_zero_and_falls_as_vectors_spread() -> None:
    one = np.tile(draw(1, 8), (30, 1))
    assert measure_uniformity(one) == pytest.approx(0)
    # Nearly orthogonal vectors lie at a squared distance of 2: the potential is exp(-4).
    assert measure_uniformity(draw(400, 600)) == pytest.approx(-4, abs=0.05)


def test_uniformity_of_two_opposite_points() -> None:
    assert measure_uniformity(np.array([[1.0, 0], [-1.0, 0]])) == pytest.approx(-8)


@given(st.integers(0, 10_000), st.integers(2, 20))
def test_anisotropy_is_the_mean_cosine_of_distinct_rows(seed: int, count: int) -> None:
    vectors = draw(count, 5, seed)
    cosines = vectors @ vectors.T
    expected = cosines[~np.eye(count, dtype=bool)].mean()
    assert measure_anisotropy(vectors) == pytest.approx(expected)


def test_a_common_direction_is_anisotropy_and_stands_out() -> None:
    vectors = draw(300, 64)
    assert abs(measure_anisotropy(vectors)) < 0.02
    tilted = vectors.copy()
    tilted[:, 7] += 2
    tilted = to_units(tilted)
    assert measure_anisotropy(tilted) > 0.7
    found = find_outliers(tilted)
    assert found["count"] == 1
    assert found["largest"][0]["dimension"] == 7
    assert found["largest"][0]["share"] > 0.95


@given(st.integers(0, 10_000))
def test_shares_of_the_mean_cosine_sum_to_one(seed: int) -> None:
    vectors = draw(12, 3, seed)
    shares = [each["share"] for each in find_outliers(vectors)["largest"]]
    assert sum(shares) == pytest.approx(1, abs=1e-6)


def test_a_round_cloud_uses_its_dimensions_and_a_line_uses_one() -> None:
    generator = np.random.default_rng(0)
    assert count_dimensions(generator.standard_normal((20_000, 6))) == pytest.approx(6, rel=0.01)
    line = generator.standard_normal((50, 1)) * np.ones((1, 6))
    assert count_dimensions(line) == pytest.approx(1)
    assert count_dimensions(np.ones((5, 6))) == 0
