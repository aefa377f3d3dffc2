import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nmixx.errors import InputError
from nmixx.mining.normalisation import NORMALISATIONS, find_normalisation, normalise_run
from nmixx.mining.runs import Run

SCORES = st.lists(st.floats(-1e6, 1e6, width=32), max_size=20).map(
    lambda values: np.array(values, dtype=np.float32)
)


@pytest.mark.parametrize("name", NORMALISATIONS)
@given(scores=SCORES)
def test_ranks_stay_and_bounds_hold(name, scores):
    row = NORMALISATIONS[name]
    out = row.apply(scores)
    assert out.dtype == np.float32
    assert out.shape == scores.shape
    assert np.isfinite(out).all()
    assert (np.diff(out[np.argsort(scores, kind="stable")]) >= 0).all()
    if row.bounds:
        assert ((out >= 0) & (out <= 1)).all()


def test_minmax_reaches_both_ends_exactly():
    scores = np.array([7.3, 11.9, 2.1], dtype=np.float32)
    assert find_normalisation("minmax").apply(scores)[[1, 2]].tolist() == [1.0, 0.0]


@pytest.mark.parametrize(("score", "scaled"), [(4.7, 1), (0, 0), (-4.7, 0)])
def test_scores_that_are_all_the_same(score, scaled):
    scores = np.full(3, score, dtype=np.float32)
    assert NORMALISATIONS["minmax"].apply(scores).tolist() == [scaled] * 3
    assert NORMALISATIONS["zscore"].apply(scores).tolist() == [0, 0, 0]


def test_zscore_has_mean_zero_and_deviation_one():
    out = NORMALISATIONS["zscore"].apply(np.array([1, 2, 9], dtype=np.float32))
    assert [out.mean(), out.std()] == pytest.approx([0, 1], abs=1e-6)


def test_each_query_is_normalised_by_itself():
    run = Run.build(
        np.array([0, 0, 0, 2]),
        np.array([5, 1, 3, 1]),
        np.array([10, 20, 15, 3], dtype=np.float32),
        count=3,
    )
    out = normalise_run(run, "minmax")
    assert out.of(0)[0].tolist() == [1, 3, 5]
    assert out.of(0)[1].tolist() == [1.0, 0.5, 0.0]
    assert [row.tolist() for row in out.of(1)] == [[], []]
    assert out.of(2)[1].tolist() == [1.0]


def test_scores_that_fall_together_stand_in_the_pools_order():
    run = Run.build(
        np.zeros(3, dtype=int),
        np.array([9, 4, 1]),
        np.array([60, 50, 40], dtype=np.float32),
        count=1,
    )
    out = normalise_run(run, "sigmoid")
    assert out.of(0)[0].tolist() == [1, 4, 9]


def test_an_unknown_normalisation_is_refused():
    with pytest.raises(InputError, match="Known: none, minmax, zscore, sigmoid"):
        find_normalisation("softmax")
