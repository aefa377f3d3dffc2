from __future__ import annotations

import time
from functools import partial

import numpy as np
import pytest

from nmixx.evaluation import bootstrap
from nmixx.evaluation.bootstrap import (
    compare,
    draw_weights,
    interval,
    resample,
    resample_mean,
)
from nmixx.evaluation.spearman import Ranker, resample_spearman


def test_every_resample_draws_as_many_rows_as_there_are() -> None:
    blocks = list(draw_weights(50, 30, seed=3))
    weights = np.concatenate(blocks)
    assert weights.shape == (30, 50)
    assert (weights.sum(axis=1) == 50).all()


def test_blocks_do_not_change_the_number_of_resamples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "_CELLS", 70)
    assert [len(block) for block in draw_weights(10, 17, seed=0)] == [7, 7, 3]


def test_the_same_seed_gives_the_same_resamples() -> None:
    first, again, other = (next(draw_weights(20, 5, seed)) for seed in (1, 1, 2))
    assert (first == again).all()
    assert (first != other).any()


def test_the_interval_of_a_mean_is_that_of_theory() -> None:
    values = np.random.default_rng(0).standard_normal(400)
    (means,) = resample(400, (partial(resample_mean, values=values),), resamples=4000, seed=0)
    low, high = interval(means, float(values.mean()))
    error = values.std() / 20
    assert low == pytest.approx(values.mean() - 1.96 * error, abs=0.01)
    assert high == pytest.approx(values.mean() + 1.96 * error, abs=0.01)


def test_undefined_resamples_are_left_out() -> None:
    assert interval(np.array([np.nan, 1.0, 1.0]), 1.0) == (1.0, 1.0)
    assert interval(np.array([np.nan]), 0.4) == (0.4, 0.4)


def test_a_model_against_itself_is_no_difference() -> None:
    values = np.random.default_rng(0).standard_normal(200)
    found = compare(values, values, 0.0)
    assert (found.delta, found.ci95, found.p) == (0.0, (0.0, 0.0), 1.0)


def test_p_is_never_below_one_in_resamples_plus_one() -> None:
    better = compare(np.ones(999), np.zeros(999), 1.0)
    worse = compare(np.zeros(999), np.ones(999), -1.0)
    assert better.p == worse.p == 1 / 1000


def test_p_is_two_sided() -> None:
    differences = np.array([-1.0] * 10 + [1.0] * 90)
    assert compare(differences, np.zeros(100), 0.8).p == pytest.approx(21 / 101)


def test_pairing_cancels_what_the_models_share() -> None:
    generator = np.random.default_rng(0)
    shared = generator.standard_normal(300)
    one = partial(resample_mean, values=shared + 0.1)
    two = partial(resample_mean, values=shared + generator.standard_normal(300) * 0.1)
    ours, theirs = resample(300, (one, two), resamples=500, seed=0)
    low, high = compare(ours, theirs, 0.1).ci95
    assert 0 < low < high < 0.15


def test_a_thousand_resamples_of_spearman_take_well_under_two_seconds() -> None:
    generator = np.random.default_rng(0)
    scores, labels = generator.standard_normal(1400), generator.integers(0, 6, 1400) * 1.0
    began = time.process_time()
    statistic = partial(resample_spearman, scores=Ranker(scores), labels=Ranker(labels))
    resample(1400, (statistic,), resamples=1000, seed=0)
    assert time.process_time() - began < 2
