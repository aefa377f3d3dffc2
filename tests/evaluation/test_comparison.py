from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nmixx.evaluation.comparison import holm, mcnemar, smallest_gain

HALVES = st.lists(st.sampled_from([0.0, 0.5, 1.0]), min_size=1, max_size=8)


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=40))
def test_mcnemar_is_the_exact_binomial_test_less_the_chance_of_what_was_found(
    pairs: list[tuple[bool, bool]],
) -> None:
    from scipy.stats import binom, binomtest

    ours, theirs = (np.array(side, dtype=float) for side in zip(*pairs, strict=True))
    better, worse = int((ours > theirs).sum()), int((ours < theirs).sum())
    count = better + worse
    # Fagerland, Lydersen and Laake 2013: half of it where both models are better equally often.
    off = binom.pmf(better, count, 0.5) * (0.5 if better == worse else 1)
    expected = binomtest(better, count).pvalue - off if count else 1.0
    assert mcnemar(ours, theirs) == pytest.approx(expected, abs=1e-12)


def test_mcnemar_gives_the_p_of_the_published_example() -> None:
    # Table 1 of the same paper: 1 child turned one way and 7 the other, 13 stayed as they were.
    before = np.array([1.0] * 1 + [0.0] * 7 + [1.0] * 13)
    after = np.array([0.0] * 1 + [1.0] * 7 + [1.0] * 13)
    assert mcnemar(before, after) == pytest.approx(0.0391, abs=5e-5)


@given(HALVES, st.randoms(use_true_random=False))
def test_half_right_examples_are_turned_round_in_all_ways(ours: list[float], random) -> None:
    theirs = [random.choice([0.0, 0.5, 1.0]) for _ in ours]
    differences = np.array(ours) - np.array(theirs)
    signs = np.array(list(product((-1, 1), repeat=len(ours))))
    sums, found = np.abs(signs @ differences), abs(differences.sum())
    expected = (sums > found).mean() + (sums == found).mean() / 2 if differences.any() else 1.0
    assert mcnemar(np.array(ours), np.array(theirs)) == pytest.approx(expected, abs=1e-12)


def test_mcnemar_lies_midway_between_scipys_permutation_tests_with_and_without_ties() -> None:
    from scipy.stats import permutation_test

    generator = np.random.default_rng(0)
    ours, theirs = (generator.choice([0.0, 0.5, 1.0], 12) for _ in range(2))
    exact = permutation_test(
        (ours, theirs),
        lambda one, two, axis: np.abs(np.mean(one - two, axis=axis)),
        permutation_type="samples",
        alternative="greater",
        n_resamples=np.inf,
    )
    beyond = (exact.null_distribution > exact.statistic + 1e-9).mean()
    assert mcnemar(ours, theirs) == pytest.approx((exact.pvalue + beyond) / 2, abs=1e-9)


def test_mcnemar_refuses_graded_examples() -> None:
    with pytest.raises(ValueError, match="half right"):
        mcnemar(np.array([0.3]), np.array([0.0]))


def test_holm_is_that_of_the_textbook() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([]) == []


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_holm_rejects_what_the_steps_reject(ps: list[float]) -> None:
    rejected = set()
    for place, at in enumerate(sorted(range(len(ps)), key=lambda at: ps[at])):
        if ps[at] * (len(ps) - place) > 0.05:
            break
        rejected.add(at)
    assert {at for at, p in enumerate(holm(ps)) if p <= 0.05} == rejected
    assert all(one >= two for one, two in zip(holm(ps), ps, strict=True))


def test_the_smallest_gain_is_two_and_eight_tenths_standard_errors() -> None:
    drawn = np.random.default_rng(0).normal(0, 0.01, 20_000)
    assert smallest_gain(drawn) == pytest.approx(0.02802, rel=0.02)
    assert smallest_gain(np.array([np.nan, 0.1])) is None
