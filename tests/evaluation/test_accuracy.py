from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nmixx.evaluation.accuracy import Matches, judge_matches, match_bitext


def unit(rows: int, seed: int) -> np.ndarray:
    vectors = np.random.default_rng(seed).standard_normal((rows, 8)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@given(st.integers(1, 40), st.integers(1, 9), st.integers(0, 99))
def test_blocks_find_what_the_full_matrix_finds(rows: int, block: int, seed: int) -> None:
    sources, targets = unit(rows, seed), unit(rows, seed + 100)
    found = match_bitext(sources, targets, block=block)
    full = sources.astype(np.float64) @ targets.astype(np.float64).T
    assert found.forward.tolist() == full.argmax(axis=1).tolist()
    assert found.backward.tolist() == full.argmax(axis=0).tolist()


def test_of_equally_good_rows_the_first_counts_in_every_block() -> None:
    same = np.ones((5, 1), dtype=np.float32)
    for block in (1, 2, 5):
        found = match_bitext(same, same, block=block)
        assert found.forward.tolist() == found.backward.tolist() == [0] * 5


def test_an_equal_text_is_right_on_either_side() -> None:
    matches = Matches(np.array([1, 1, 0]), np.array([0, 2, 2]))
    sources, targets = ["a", "b", "c"], ["x", "x", "y"]
    forward, backward = judge_matches(matches, sources, targets)
    assert forward.tolist() == [True, True, False]
    assert backward.tolist() == [True, False, True]


def test_unequal_counts_are_refused() -> None:
    with pytest.raises(ValueError, match="3 sources but 2 targets"):
        match_bitext(unit(3, 0), unit(2, 1))
