from __future__ import annotations

import numpy as np
import pytest

from mining.brute import BruteScorer
from nmixx.errors import InputError
from nmixx.mining.choices import Choice, choose, compares_documents
from nmixx.mining.policies import POLICIES, perc_pos
from nmixx.mining.teachers.protocol import Hits

LOWEST = np.array([0.8, -0.4, np.nan], dtype=np.float32)


@pytest.mark.parametrize("name", POLICIES)
def test_numbers_not_given_are_the_policys_own(name: str) -> None:
    choice = choose(name)
    assert (choice.margin, choice.apart) == (POLICIES[name].margin, POLICIES[name].apart)
    assert choice == Choice(name, choice.margin, choice.apart)


def test_a_choice_is_named_with_its_numbers() -> None:
    assert choose("naive").name == "naive"
    assert choose("perc_pos", 0.9).name == "perc_pos 0.9"
    assert choose("perc_pos_apart", 0.95, 0.6).name == "perc_pos_apart 0.95, 0.6"


def test_a_number_that_the_policy_does_not_take_is_refused() -> None:
    with pytest.raises(InputError, match="naive: takes no margin, but margin"):
        choose("naive", 0.5)
    with pytest.raises(InputError, match="perc_pos: takes no apart"):
        choose("perc_pos", 0.95, 0.7)
    with pytest.raises(InputError, match="no such policy"):
        choose("percpos")


def test_without_a_positive_score_a_relative_policy_allows_nothing() -> None:
    assert choose("perc_pos", 0.5).tier(LOWEST, 4).ceilings.tolist() == pytest.approx(
        [0.4, -0.6, -np.inf]
    )
    assert np.isposinf(choose("naive").tier(LOWEST, 4).ceilings).all()


def test_a_tier_bounds_nearness_only_where_the_policy_does() -> None:
    assert choose("perc_pos").tier(LOWEST, 4).apart is None
    apart = choose("perc_pos_apart", 0.95, 0.6).tier(LOWEST, 4).apart
    assert apart is not None
    known = np.isfinite(LOWEST)
    np.testing.assert_allclose(apart[known], perc_pos(LOWEST, 0.6)[known])
    assert (apart[~known] == -np.inf).all()


def test_what_is_passed_over_is_asked_for_and_then_left_out() -> None:
    choice = choose("shifted", 2)
    assert choice.tier(LOWEST, 3).k == 5
    row = np.arange(5)[None]
    taken = choice.take(Hits(row, -row.astype(np.float32)))
    assert taken.indices.tolist() == [[2, 3, 4]]
    assert taken.scores.tolist() == [[-2, -3, -4]]


@pytest.mark.parametrize("compares", [True, False])
def test_a_scorer_is_asked_whether_it_compares_documents(compares: bool) -> None:
    one = np.ones((1, 2), dtype=np.float32)
    assert compares_documents(BruteScorer(one, one, [(0,)], compares)) is compares
