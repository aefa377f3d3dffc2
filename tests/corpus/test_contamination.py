import json

import pytest

from nmixx.corpus.contamination import drop_overlapping, read_evaluation_texts
from nmixx.corpus.items import item_of
from nmixx.errors import DataError
from nmixx.records import Document, Pair

TEST = "The regulator suspended trading in the shares pending an announcement on 3 May."


def document(text):
    return item_of(Document("d-1", text, "en", "news", "", "d"), "d")


def pair(anchor, positive):
    return item_of(Pair("p-1", anchor, positive, "ko", "en", "translation", "news", ""), "p")


@pytest.fixture
def evaluation(tmp_path):
    rows = [
        {"sentence1": TEST, "sentence2": "거래가 정지됐다.", "score": 3},
        {"sentence1": "net profit", "sentence2": "Short one.", "score": 1},
    ]
    path = tmp_path / "suite.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)))
    return read_evaluation_texts([str(path)])


def found(item, evaluation, threshold=0.9):
    kept, dropped = drop_overlapping([item], evaluation, threshold)
    assert len(kept) + len(dropped) == 1
    assert all(drop.reason == "overlaps evaluation" for drop in dropped)
    return dropped[0].detail if dropped else None


@pytest.mark.parametrize(
    "item",
    [
        document(TEST),
        document(TEST.upper().replace(" ", "  ")),
        pair("거래가 정지됐다", "Trading stopped."),
        pair("아무 말", "Net profit!"),
    ],
)
def test_equal_on_either_side(item, evaluation):
    assert found(item, evaluation).startswith("equals suite.jsonl: ")


def test_nearly_equal_even_with_another_digit(evaluation):
    detail = found(document(TEST.replace("3 May", "4 May")), evaluation, 0.8)
    assert detail == f"nearly equals suite.jsonl: {TEST[:60]}…"


@pytest.mark.parametrize("before", ["", "Filler sentence here. " * 80])
def test_contained_in_a_long_text(before, evaluation):
    long = f"{before}It was said that {TEST.lower()} Nothing followed."
    assert found(document(long), evaluation).startswith("contains suite.jsonl: ")
    assert found(pair("아무 말", long), evaluation).startswith("contains suite.jsonl: ")


def test_what_only_begins_alike_is_no_overlap(evaluation):
    item = document(f"{TEST[:50]} because of a court ruling that nobody in the market expected.")
    assert found(item, evaluation) is None


def test_short_evaluation_texts_are_not_looked_for_inside(evaluation):
    assert found(document("Short one. And another sentence after it."), evaluation) is None


def test_a_text_on_the_seam_of_two_is_no_overlap(evaluation):
    items = [document(TEST[:45]), document(TEST[45:])]
    assert drop_overlapping(items, evaluation, 0.9)[1] == []


def test_a_repeated_evaluation_text_is_found(evaluation):
    assert found(document(" ".join([TEST] * 4)), evaluation)


def test_nothing_to_compare_with():
    items = [document(TEST)]
    assert drop_overlapping(items, [], 0.9) == (items, [])


@pytest.mark.parametrize(
    ("row", "texts"),
    [
        ({"ko": "가나", "en": "a b", "kind": "phrase of three"}, ["가나", "a b"]),
        ({"_id": "q1", "text": "t", "title": "one two three"}, ["t"]),
        ({"query": "q", "pos": ["x", "y"]}, ["q", "x", "y"]),
        ({"left": "one two three", "right": "x", "split": "test"}, ["one two three"]),
    ],
)
def test_texts_of_files_of_every_shape(tmp_path, row, texts):
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps(row))
    assert [one.text for one in read_evaluation_texts([str(path)])] == texts


def test_a_retrieval_folder(tmp_path):
    (tmp_path / "corpus.jsonl").write_text('{"_id": "c", "text": "a passage"}\n')
    (tmp_path / "queries.jsonl").write_text('{"_id": "q", "text": "a query"}\n')
    (tmp_path / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq\tc\t1\n")
    found = read_evaluation_texts([str(tmp_path)])
    assert [(one.file, one.text) for one in found] == [
        ("corpus.jsonl", "a passage"),
        ("queries.jsonl", "a query"),
    ]


def test_a_file_without_texts(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"query_id": "a", "score": 1}\n')
    with pytest.raises(DataError, match="evaluation: no text in"):
        read_evaluation_texts([str(path)])
