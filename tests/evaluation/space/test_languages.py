"""Languages that lie on each other, and languages that lie apart."""

from __future__ import annotations

import numpy as np
import pytest

from nmixx.evaluation.space.languages import probe_language, separate_means
from nmixx.evaluation.space.mends import to_units


def languages(shift: float, pairs: int = 400) -> tuple[np.ndarray, np.ndarray]:
    """Translations that differ by a little noise, and by a shift along one direction."""
    generator = np.random.default_rng(0)
    first = generator.standard_normal((pairs, 16))
    second = first + 0.3 * generator.standard_normal((pairs, 16))
    second[:, 0] += shift
    return to_units(first), to_units(second)


def test_a_shift_is_told_by_a_line() -> None:
    assert probe_language(*languages(9)) > 0.97
    assert separate_means(*languages(9)) > 0.5


def test_without_a_shift_the_probe_is_at_chance() -> None:
    assert probe_language(*languages(0)) == pytest.approx(0.5, abs=0.06)
    assert separate_means(*languages(0)) < 0.05


def test_a_probe_of_more_dimensions_than_texts_still_says_chance_on_unseen_ones() -> None:
    generator = np.random.default_rng(1)
    first, second = generator.standard_normal((2, 60, 200))
    assert probe_language(first, second) == pytest.approx(0.5, abs=0.2)


def test_means_apart_by_their_own_spread_have_distance_one() -> None:
    first = np.array([[1.0, 0], [-1.0, 0]])
    assert separate_means(first, first + np.array([0.0, 1.0])) == pytest.approx(1)
    assert separate_means(np.ones((3, 2)), np.zeros((3, 2))) == 0
