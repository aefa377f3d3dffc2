import json

import pytest
from tests.cli.conftest import assert_refused
from tests.triplets.test_stored import TRIPLETS

from nmixx.triplets.checks import FAULT, assess
from nmixx.triplets.stored import StoredTriplets, decide_again, write_stored


@pytest.fixture
def folder(tmp_path):
    everything = StoredTriplets(tuple(assess(one) for one in TRIPLETS), (), ())
    write_stored(decide_again(everything, FAULT), tmp_path / "triplets")
    return tmp_path / "triplets"


def test_changed_words_are_marked_and_the_dropped_say_why(nmixx, folder):
    outcome = nmixx("triplets", "inspect", folder)
    assert outcome.code == 0, outcome.err
    assert "[-rose-] {+fell+}" in outcome.out
    assert "dropped: figure lost in positive" in outcome.out
    assert "3 of 3 triplets" in outcome.out


def test_json_holds_the_triplets_with_their_scores(nmixx, folder):
    outcome = nmixx("triplets", "inspect", folder, "--status", "dropped", "--json")
    found = json.loads(outcome.out)
    assert (found["found"], found["kept"]) == (1, 0)
    (row,) = found["triplets"]
    assert row["dropped"] == "figure lost in positive"
    assert row["score_figures"] == row["confidence"] < FAULT


def test_a_page_is_written(nmixx, folder, tmp_path):
    outcome = nmixx("triplets", "inspect", folder, "--html", tmp_path / "page.html")
    assert outcome.code == 0, outcome.err
    assert "<!doctype html>" in (tmp_path / "page.html").read_text("utf-8")


def test_wrong_words_are_refused(nmixx, folder, tmp_path):
    assert_refused(nmixx("triplets", "inspect", tmp_path / "none"), "triplets.parquet")
    assert_refused(nmixx("triplets", "inspect", folder, "--shift", "x"), "sentiment_reversal")
    assert_refused(nmixx("triplets", "inspect", folder, "--status", "x"), "--status")
