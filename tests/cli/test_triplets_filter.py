import json

import pytest
from tests.cli.conftest import assert_refused
from tests.triplets.test_stored import TRIPLETS

from nmixx.triplets.checks import FAULT, assess
from nmixx.triplets.stored import StoredTriplets, decide_again, read_stored, write_stored


@pytest.fixture
def folder(tmp_path):
    everything = StoredTriplets(tuple(assess(one) for one in TRIPLETS), (), ())
    write_stored(decide_again(everything, FAULT), tmp_path / "made")
    return tmp_path / "made"


def test_the_threshold_is_moved_and_back(nmixx, folder, tmp_path):
    strict = nmixx(
        "triplets", "filter", folder, "--min-confidence", 0.8, "--out", tmp_path / "s", "--json"
    )
    assert strict.code == 0, strict.err
    found = json.loads(strict.out)
    assert (found["kept"], found["dropped"]) == (1, 2)
    assert found["shifts"]["sentiment_reversal"]["near"] == 2
    back = nmixx("triplets", "filter", tmp_path / "s", "--out", tmp_path / "b")
    assert "2 kept" in back.out
    before, after = read_stored(folder), read_stored(tmp_path / "b")
    assert [one.scores for one in after.kept] == [one.scores for one in before.kept]


def test_a_teacher_is_asked(nmixx, folder, tmp_path, tiny_model_path):
    outcome = nmixx(
        "triplets", "filter", folder, "--teacher", tiny_model_path, "--teacher-margin", 2,
        "--out", tmp_path / "t", "--json",
    )  # fmt: skip
    assert json.loads(outcome.out)["kept"] == 0


def test_folders_are_joined_and_equal_triplets_count_once(nmixx, folder, tmp_path):
    outcome = nmixx("triplets", "filter", folder, folder, "--out", tmp_path / "j", "--json")
    assert json.loads(outcome.out)["kept"] == 2


def test_a_folder_that_holds_other_work_is_not_written_to(nmixx, folder):
    assert_refused(nmixx("triplets", "filter", folder, "--out", folder), "not made by nmixx")
