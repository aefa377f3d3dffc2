import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.triplets.checks.makers import make

from nmixx.errors import DataError
from nmixx.records import Dropped
from nmixx.triplets.checks import FAULT, assess
from nmixx.triplets.stored import (
    StoredTriplets,
    decide_again,
    find_threshold,
    list_borderline,
    read_stored,
    write_stored,
)

TRIPLETS = (
    make(),
    make(positive="Sales rose 13 % in the third quarter."),
    make(negative="Sales of the firm rose 12 % in the third quarter."),
)
UNSUITABLE = Dropped("p9", "a text", "llm", "unsuitable", "no shift suits it")


@pytest.fixture
def stored():
    everything = StoredTriplets(tuple(assess(one) for one in TRIPLETS), (), (UNSUITABLE,))
    return decide_again(everything, FAULT)


def test_a_folder_comes_back_as_it_was_written(stored, tmp_path):
    write_stored(stored, tmp_path)
    read = read_stored(tmp_path)
    assert [one.scores for one in read.kept] == [one.scores for one in stored.kept]
    assert [one.scores for one, _ in read.dropped] == [one.scores for one, _ in stored.dropped]
    assert [(row.id, row.reason) for row in read.others] == [("p9", "unsuitable")]


def test_the_threshold_moves_without_a_new_look(stored, tmp_path):
    write_stored(stored, tmp_path / "a")
    first = {path.name: path.read_bytes() for path in (tmp_path / "a").iterdir()}
    strict = decide_again(read_stored(tmp_path / "a"), 0.8)
    assert (len(strict.kept), len(strict.dropped)) == (1, 2)
    write_stored(strict, tmp_path / "b")
    back = decide_again(read_stored(tmp_path / "b"), FAULT)
    write_stored(back, tmp_path / "c")
    assert len(back.kept) == 2
    assert {len(back.kept), len(back.dropped)} == {len(stored.kept), len(stored.dropped)}
    assert set(first) == {path.name for path in (tmp_path / "c").iterdir()}


@given(st.floats(0, 1))
def test_every_triplet_is_on_one_side(threshold):
    everything = StoredTriplets(tuple(assess(one) for one in TRIPLETS), (), ())
    decided = decide_again(everything, threshold)
    assert len(decided.all) == len(TRIPLETS)
    assert all(one.confidence >= threshold for one in decided.kept)
    assert all(one.confidence < threshold and row.reason for one, row in decided.dropped)


@pytest.mark.parametrize(("given", "found"), [(FAULT, FAULT), (0.6, FAULT), (0.8, 1.0), (0.1, 0.3)])
def test_the_threshold_shows_in_what_was_kept(given, found):
    weak = make(
        shift="detail_dropped",
        negative="Sales of all the companies rose 12 % in the third quarter.",
    )
    everything = StoredTriplets(tuple(assess(one) for one in (*TRIPLETS, weak)), (), ())
    assert find_threshold(decide_again(everything, given)) == pytest.approx(found, abs=0.05)


def test_borderline_triplets_are_counted_by_shift(stored):
    (border,) = list_borderline(stored, FAULT)
    assert (border.shift, border.kept, border.dropped) == ("sentiment_reversal", 2, 1)
    assert border.near == 1
    assert [one.weakest for one in border.nearest] == ["shift"]


def test_a_folder_without_triplets_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"triplets\.parquet"):
        read_stored(tmp_path)
