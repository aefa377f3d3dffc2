import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nmixx.errors import InputError
from nmixx.mining import MiningSettings
from nmixx.mining.policies import POLICIES, absolute, find_policy, margin_pos, perc_pos, unbounded

SCORE = st.floats(-1, 1, width=32)
SCORES = st.lists(SCORE, min_size=1, max_size=20).map(lambda some: np.array(some, dtype=np.float32))
MARGINS = st.floats(0.01, 1)
RELATIVE = [name for name, row in POLICIES.items() if row.relative]


def share(scores, margin):
    return perc_pos(np.array(scores, dtype=np.float32), margin)


def test_the_threshold_is_the_papers_share_of_the_positive_score():
    assert share([0.8, 0.5], 0.95) == pytest.approx([0.76, 0.475])


def test_below_zero_the_distance_is_taken_off_instead():
    assert share([-0.4, 0.0], 0.95) == pytest.approx([-0.42, 0.0])


def test_the_other_thresholds_of_the_paper():
    scores = np.array([0.8, -0.4], dtype=np.float32)
    assert margin_pos(scores, 0.05) == pytest.approx([0.75, -0.45])
    assert absolute(scores, 0.7) == pytest.approx([0.7, 0.7])
    assert np.isposinf(unbounded(scores, 0.95)).all()


@given(SCORES, MARGINS, MARGINS)
def test_a_smaller_share_is_never_looser(scores, one, other):
    strict, loose = sorted((one, other))
    assert (perc_pos(scores, strict) <= perc_pos(scores, loose)).all()


@given(SCORES, MARGINS, MARGINS)
def test_a_larger_distance_is_never_looser(scores, one, other):
    loose, strict = sorted((one, other))
    assert (margin_pos(scores, strict) <= margin_pos(scores, loose)).all()


@pytest.mark.parametrize("name", RELATIVE)
@given(SCORES, MARGINS)
def test_a_negative_never_beats_its_positive(name, scores, margin):
    assert (POLICIES[name].ceiling(scores, margin) <= scores).all()


@pytest.mark.parametrize("name", POLICIES)
@given(SCORES, MARGINS)
def test_ceilings_are_single_precision_one_a_score_and_change_nothing(name, scores, margin):
    before = scores.copy()
    ceilings = POLICIES[name].ceiling(scores, margin)
    assert (ceilings.dtype, ceilings.shape) == (np.float32, scores.shape)
    np.testing.assert_array_equal(scores, before)


@given(SCORES)
def test_a_share_of_one_is_the_positive_score_itself(scores):
    np.testing.assert_array_equal(perc_pos(scores, 1.0), scores)


@pytest.mark.parametrize("name", POLICIES)
@given(SCORES.map(lambda some: np.sort(some)[::-1]), SCORE, st.integers(1, 9))
def test_what_is_kept_lies_below_the_ceiling_and_after_what_is_passed_over(
    name, scores, positive, margin
):
    row = POLICIES[name]
    kept = row.keep(scores, positive, margin / 10 if not row.shifts else margin)
    passed_over = margin if row.shifts else 0
    ceiling = row.ceiling(np.array([positive], dtype=np.float32), margin / 10)[0]
    expected = [at >= passed_over and score < ceiling for at, score in enumerate(scores)]
    assert kept.tolist() == expected


def test_every_policy_of_the_settings_is_in_the_table():
    assert set(MiningSettings.model_fields["policy"].annotation.__args__) == set(POLICIES)


def test_a_policy_is_found_by_its_name_or_the_names_are_told():
    assert find_policy("naive") is POLICIES["naive"]
    with pytest.raises(InputError, match=r"'topk': no such policy\.\nKnown: naive, shifted, abs"):
        find_policy("topk")
