import json

import pytest

from nmixx.corpus.given import given_negatives
from nmixx.corpus.inference import read_pair_rows
from nmixx.corpus.shapes import read_given_negatives, read_pairs
from nmixx.errors import DataError

PREMISE = "은행이 배당을 늘렸다."
YES, NO, PERHAPS = "배당이 늘었다.", "배당이 줄었다.", "이익이 늘었다."


@pytest.fixture
def write(tmp_path):
    def write(*rows):
        path = tmp_path / "nli.jsonl"
        path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
        return str(path)

    return write


def row(premise, hypothesis, label, **more):
    return {"premise": premise, "hypothesis": hypothesis, "label": label, **more}


@pytest.mark.parametrize(
    "labels", [("entailment", "neutral", "contradiction"), (0, 1, 2), ("Entailment ", "-", 2)]
)
def test_what_is_entailed_is_the_positive_and_what_contradicts_the_negative(write, labels):
    path = write(
        *(row(PREMISE, text, label) for text, label in zip((YES, PERHAPS, NO), labels, strict=True))
    )
    assert list(read_pair_rows(path)) == [
        (1, {"anchor": PREMISE, "positive": YES, "kind": "entailment", "negative": [NO]})
    ]


def test_hypotheses_of_a_premise_may_lie_apart(write):
    path = write(
        row(PREMISE, NO, "contradiction"),
        row("other", "x", "neutral"),
        row(PREMISE, YES, "entailment", genre="news"),
        row(PREMISE, "늘었다.", "entailment"),
        row("third", "y", "entailment"),
    )
    pairs = read_pairs(path)
    assert [(pair.anchor, pair.positive) for pair in pairs] == [
        (PREMISE, YES),
        (PREMISE, "늘었다."),
        ("third", "y"),
    ]
    assert [given_negatives(pair) for pair in pairs] == [[NO], [NO], []]
    assert {pair.kind for pair in pairs} == {"entailment"}
    assert pairs[0].extra["genre"] == "news"
    assert [document.text for document in read_given_negatives(path)] == [NO]


def test_a_premise_without_an_entailed_hypothesis_gives_no_pair(write):
    path = write(row(PREMISE, NO, 2), row("other", PERHAPS, 0))
    assert [pair["anchor"] for _, pair in read_pair_rows(path)] == ["other"]


def test_a_file_without_any_is_refused(write):
    path = write(row(PREMISE, NO, 2), row(PREMISE, PERHAPS, 1))
    with pytest.raises(DataError, match="no hypothesis is entailed"):
        list(read_pair_rows(path))


@pytest.mark.parametrize("value", [None, 3, ["a list"]])
@pytest.mark.parametrize("name", ["premise", "hypothesis"])
def test_what_is_no_text_is_named_with_its_row(write, name, value):
    path = write(row(PREMISE, YES, 0), row(PREMISE, NO, 2) | {name: value})
    with pytest.raises(DataError, match=f"row 2: {name} is .*a text was expected"):
        list(read_pair_rows(path))


@pytest.mark.parametrize("label", ["maybe", 3, None, 0.5, ["entailment"]])
def test_an_unknown_label_is_named_with_its_row(write, label):
    path = write(row(PREMISE, YES, "entailment"), row(PREMISE, NO, label))
    with pytest.raises(DataError, match=r"row 2: label is .*expected entailment"):
        list(read_pair_rows(path))


def test_a_row_without_one_of_the_columns_is_named(write):
    path = write(row(PREMISE, YES, 0), {"premise": PREMISE, "label": 2})
    with pytest.raises(DataError, match="row 2: no hypothesis"):
        list(read_pair_rows(path))


def test_other_rows_pass_as_they_are(write):
    rows = [{"anchor": "a", "positive": "b", "label": 1}, {"anchor": "c", "positive": "d"}]
    assert list(read_pair_rows(write(*rows))) == list(enumerate(rows, start=1))
