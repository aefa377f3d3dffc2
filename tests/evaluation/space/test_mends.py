"""Faults that were put in on purpose are mended, on pairs that were not fitted on."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import ortho_group

from nmixx.evaluation.space.languages import separate_means
from nmixx.evaluation.space.mends import MENDS, centre_by_language, rotate, to_units, whiten
from nmixx.evaluation.space.shape import count_dimensions, measure_alignment


def cloud(count: int, seed: int) -> np.ndarray:
    return to_units(np.random.default_rng(seed).standard_normal((count, 12)))


@pytest.mark.parametrize("name", MENDS)
def test_every_mend_gives_unit_vectors_and_leaves_its_input_alone(name: str) -> None:
    first, second = cloud(40, 0), cloud(40, 1)
    before = first.copy()
    one, two = MENDS[name](first, second)
    for mapped in (one(first), two(second)):
        assert np.allclose(np.linalg.norm(mapped, axis=1), 1)
    assert np.array_equal(first, before)


def test_centring_takes_a_shift_of_one_language_away() -> None:
    shift = np.full(12, 0.5)
    fitted, unseen = cloud(500, 0), cloud(500, 1)
    one, two = centre_by_language(fitted, fitted + shift)
    assert measure_alignment(one(unseen), two(unseen + shift)) < 0.01
    assert separate_means(unseen, unseen + shift) > 1


def test_procrustes_turns_a_rotation_back() -> None:
    turn = ortho_group.rvs(12, random_state=0)
    fitted, unseen = cloud(100, 0), cloud(50, 1)
    one, two = rotate(fitted, fitted @ turn)
    assert np.allclose(one(unseen), two(unseen @ turn))
    assert np.allclose(one(unseen) @ one(unseen).T, unseen @ unseen.T)


def test_whitening_makes_a_flat_cloud_rounder() -> None:
    flat = to_units(cloud(2000, 0) * np.r_[np.full(2, 8.0), np.ones(10)])
    one, _ = whiten(flat[:1000], flat[:1000])
    assert count_dimensions(flat[1000:]) < 4
    assert count_dimensions(one(flat[1000:])) > 8


def test_a_vector_without_a_direction_stays_one() -> None:
    assert to_units(np.zeros((1, 3))).tolist() == [[0, 0, 0]]
