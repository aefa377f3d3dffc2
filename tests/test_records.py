from dataclasses import FrozenInstanceError

import pytest

from nmixx.records import Candidate, Document, Dropped, Pair, ScoredPair, Triplet

ALL = (Document, Pair, Triplet, ScoredPair, Candidate, Dropped)
EXAMPLES = {str: "글", float: 0.25, int: 3}


def make_row(kind):
    return {name: EXAMPLES[python] for name, python in kind.columns().items()}


@pytest.mark.parametrize("kind", ALL)
def test_a_row_survives_the_way_there_and_back(kind):
    row = make_row(kind)
    assert kind.from_row(row).to_row() == row


@pytest.mark.parametrize("kind", ALL)
def test_unknown_columns_are_kept_after_the_known_ones(kind):
    row = make_row(kind) | {"weight": 2.5, "note": None}
    back = kind.from_row(row).to_row()
    assert back == row
    assert list(back)[-2:] == ["weight", "note"]


@pytest.mark.parametrize("kind", ALL)
def test_a_record_cannot_be_changed(kind):
    record = kind.from_row(make_row(kind))
    with pytest.raises(FrozenInstanceError):
        setattr(record, next(iter(kind.columns())), "other")


def test_a_missing_required_column_is_named():
    row = make_row(Document)
    del row["lang"]
    with pytest.raises(KeyError, match="lang"):
        Document.from_row(row)


def test_optional_columns_may_be_missing_or_empty():
    row = {"sentence1": "a", "sentence2": "b", "score": "4.5", "lang": "en", "shift": None}
    record = ScoredPair.from_row(row)
    assert (record.score, record.category, record.shift) == (4.5, "", "")


def test_two_records_do_not_share_their_extra_columns():
    row = make_row(Document)
    one, other = Document.from_row(row), Document.from_row(row)
    one.extra["mark"] = 1
    assert other.extra == {}
