import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nmixx.mining.policies import POLICIES, perc_pos

SCORES = st.lists(st.floats(-1, 1, width=32), min_size=1, max_size=20)
MARGINS = st.floats(0.01, 1)


def at(scores, margin):
    return perc_pos(np.array(scores, dtype=np.float32), margin)


def test_the_threshold_is_the_papers_share_of_the_positive_score():
    assert at([0.8, 0.5], 0.95) == pytest.approx([0.76, 0.475])


def test_below_zero_the_distance_is_taken_off_instead():
    assert at([-0.4, 0.0], 0.95) == pytest.approx([-0.42, 0.0])


@given(SCORES, MARGINS, MARGINS)
def test_a_smaller_margin_is_never_looser(scores, one, other):
    strict, loose = sorted((one, other))
    assert (at(scores, strict) <= at(scores, loose)).all()


@given(SCORES, MARGINS)
def test_a_negative_never_beats_its_positive(scores, margin):
    assert (at(scores, margin) <= np.array(scores, dtype=np.float32)).all()
    assert at(scores, margin).dtype == np.float32


@given(SCORES)
def test_a_margin_of_one_is_the_positive_score_itself(scores):
    np.testing.assert_array_equal(at(scores, 1.0), np.array(scores, dtype=np.float32))


def test_every_policy_of_the_settings_is_in_the_table():
    from nmixx.mining import MiningSettings

    assert set(MiningSettings.model_fields["policy"].annotation.__args__) == set(POLICIES)
