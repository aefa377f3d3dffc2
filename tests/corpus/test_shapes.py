import csv
import gzip
import json
from functools import partial
from itertools import product

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from nmixx.corpus.shapes import (
    content_id,
    iter_pairs,
    read_documents,
    read_given_negatives,
    read_pairs,
    read_scored_pairs,
)
from nmixx.errors import DataError


@pytest.fixture
def rows(tmp_path):
    def write(*rows, name="a.jsonl"):
        path = tmp_path / name
        path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
        return str(path)

    return write


KO = "한국은행이 기준금리를 동결했다."
EN = "The Bank of Korea left the policy rate where it was."


def only(records):
    (record,) = records
    return record


@pytest.mark.parametrize(
    ("row", "langs", "kind"),
    [
        ({"anchor": KO, "positive": EN}, ("ko", "en"), "translation"),
        ({"anchor": KO, "positive": KO + "!"}, ("ko", "ko"), "paraphrase"),
        ({"ko": KO, "en": EN}, ("ko", "en"), "translation"),
        ({"en": EN, "ko": KO, "id": "7"}, ("en", "ko"), "translation"),
        ({"query": KO, "positive": EN}, ("ko", "en"), "qa"),
        ({"query": KO, "pos": [EN], "neg": ["x"]}, ("ko", "en"), "qa"),
        ({"question": EN, "answer": KO}, ("en", "ko"), "qa"),
        ({"query": KO, "positive": EN, "kind": "title"}, ("ko", "en"), "title"),
        ({"query": KO, "positive": EN, "lang": "ko"}, ("ko", "ko"), "qa"),
    ],
)
def test_pairs_of_every_shape(rows, row, langs, kind):
    pair = only(read_pairs(rows(row)))
    anchor, positive = list(row.values())[:2]
    assert pair.anchor == anchor
    assert pair.positive == (positive if isinstance(positive, str) else positive[0])
    assert (pair.anchor_lang, pair.positive_lang) == langs
    assert pair.kind == kind


def test_language_columns_name_the_language_even_of_short_texts(rows):
    pair = only(read_pairs(rows({"fr": "PER", "de": "KGV"})))
    assert (pair.anchor_lang, pair.positive_lang) == ("fr", "de")


def test_several_positives_give_several_pairs_under_one_number(rows):
    path = rows({"query": "q", "pos": ["a"]}, {"query": "r", "pos": ["b", "c"]})
    assert [(n, p.anchor, p.positive) for n, p in iter_pairs(path)] == [
        (1, "q", "a"),
        (2, "r", "b"),
        (2, "r", "c"),
    ]


def test_several_positives_of_a_row_with_an_id_have_ids_of_their_own(rows):
    pairs = read_pairs(rows({"id": 7, "query": "q", "pos": ["a", "b", "c"]}))
    assert [(pair.id, pair.anchor) for pair in pairs] == [("7", "q"), ("7.2", "q"), ("7.3", "q")]


PLAIN_ROWS = [
    {"anchor": KO, "positive": EN, "category": "news"},
    {"ko": KO, "en": EN, "category": "news"},
    {"question": KO, "answer": EN, "category": "news"},
    {"query": KO, "positive": EN, "category": "news"},
]
FLAG_EMBEDDING = {"query": KO, "pos": [EN], "neg": ["a", "b"], "category": "news"}


@pytest.mark.parametrize(
    ("suffix", "row"),
    [
        *product([".parquet", ".jsonl", ".jsonl.gz", ".csv"], PLAIN_ROWS),
        *product([".parquet", ".jsonl", ".jsonl.gz"], [FLAG_EMBEDDING]),
    ],
)
def test_pairs_are_the_same_in_every_kind_of_file(tmp_path, suffix, row):
    path = tmp_path / f"pairs{suffix}"
    WRITE[suffix](path, [row, row | {"category": "report"}])
    pairs = read_pairs(str(path))
    assert [(pair.anchor, pair.positive) for pair in pairs] == [(KO, EN)] * 2
    assert [pair.category for pair in pairs] == ["news", "report"]
    assert {(pair.anchor_lang, pair.positive_lang) for pair in pairs} == {("ko", "en")}


def write_parquet(path, rows):
    pq.write_table(pa.Table.from_pylist(rows), path)


def write_lines(path, rows, opener=open):
    with opener(path, "wt", encoding="utf-8") as stream:
        stream.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def write_csv(path, rows):
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows(rows)


WRITE = {
    ".parquet": write_parquet,
    ".jsonl": write_lines,
    ".jsonl.gz": partial(write_lines, opener=gzip.open),
    ".csv": write_csv,
}


@pytest.mark.parametrize(
    ("row", "texts"),
    [
        ({"query": "q", "pos": ["p"], "neg": ["a", "b"]}, ["a", "b"]),
        ({"query": "q", "pos": ["p"], "neg": "a"}, ["a"]),
        ({"query": "q", "pos": ["p"], "neg": []}, []),
        ({"query": "q", "pos": ["p"], "neg": None}, []),
        ({"query": "q", "pos": ["p"]}, []),
        ({"anchor": "q", "positive": "p", "negative": "a", "negative_kind": "x"}, ["a"]),
        ({"anchor": "q", "positive": "p", "negative_1": "a", "negative_2": "b"}, ["a", "b"]),
    ],
)
def test_given_negatives_of_every_shape(rows, row, texts):
    assert [document.text for document in read_given_negatives(rows(row))] == texts


def test_given_negatives_are_documents_each_text_once(rows):
    path = rows(
        {"query": "q", "pos": ["p"], "neg": [KO, EN], "category": "news", "group": "g"},
        {"query": "r", "pos": ["s"], "neg": [EN, "ETF"]},
    )
    found = read_given_negatives(path)
    assert [(d.id, d.text, d.lang, d.category, d.group, d.source) for d in found] == [
        (content_id(KO), KO, "ko", "news", "", path),
        (content_id(EN), EN, "en", "news", "", path),
        (content_id("ETF"), "ETF", "en", "general", "", path),
    ]


def test_the_language_of_given_negatives_may_be_stated(rows):
    one, other = read_given_negatives(
        rows(
            {"anchor": KO, "positive": EN, "negative": "PER", "negative_lang": "de"},
            {"anchor": KO, "positive": EN, "negative": "KGV", "lang": "fr"},
        )
    )
    assert (one.lang, other.lang) == ("de", "fr")


def test_a_column_that_is_the_positive_brings_no_negatives(rows):
    path = rows({"title": "t", "negative": "p"})
    assert read_given_negatives(path, {"anchor": "title", "positive": "negative"}) == []


@pytest.mark.parametrize("bad", [["a", None], ["a", 3], 3.5])
def test_a_given_negative_that_is_no_text_is_named(rows, bad):
    good = {"query": "q", "pos": ["p"], "neg": ["a"]}
    with pytest.raises(DataError, match=r"row 2: neg is .*a text was expected"):
        read_given_negatives(rows(good, good | {"neg": bad}))


def test_unused_columns_are_kept(rows):
    pair = only(read_pairs(rows({"query": "q", "pos": ["a"], "neg": ["b"], "module": 3})))
    assert pair.extra == {"neg": ["b"], "module": 3}


def test_an_explicit_mapping_wins(rows):
    path = rows({"ko": "가", "en": "a", "src": "나", "tgt": "b"})
    pair = only(read_pairs(path, {"anchor": "src", "positive": "tgt"}))
    assert (pair.anchor, pair.positive) == ("나", "b")


def test_a_mapping_may_name_one_side(rows):
    pair = only(read_pairs(rows({"title": "t", "positive": "p"}), {"query": "title"}))
    assert (pair.anchor, pair.positive, pair.kind) == ("t", "p", "qa")


@pytest.mark.parametrize("read", [read_pairs, read_documents, read_scored_pairs])
def test_a_mapped_column_that_does_not_exist(rows, read):
    path = rows({"ko": "가", "en": "a"})
    mine = {"read_pairs": "anchor", "read_documents": "text"}.get(read.__name__, "sentence1")
    with pytest.raises(DataError, match=r"row 1: no column 'kr' .*\nIts columns: ko, en"):
        read(path, {mine: "kr"})


def test_a_mapping_of_a_column_we_do_not_have(rows):
    with pytest.raises(DataError, match="'ancor' is not a column of ours"):
        read_pairs(rows({"ko": "가", "en": "a"}), {"ancor": "ko"})


@pytest.mark.parametrize(
    "row",
    [
        {"a": "x", "b": "y"},
        {"ko": "x", "en": "y", "ja": "z"},
        {"id": "x", "no": "y"},
        {"query": "x"},
    ],
)
def test_no_fallback_to_the_first_columns(rows, row):
    with pytest.raises(DataError) as error:
        read_pairs(rows(row))
    assert f"Its columns: {', '.join(row)}" in str(error.value)
    assert "columns: {anchor: …, positive: …}" in str(error.value)


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ({"ko": None, "en": "a"}, "ko is null"),
        ({"ko": "가", "en": 3.5}, "en is 3.5; a text was expected"),
        ({"query": "q", "pos": []}, "pos is an empty list"),
        ({"query": "q", "pos": ["a", None]}, "pos is null"),
    ],
)
def test_a_bad_row_is_named(rows, bad, said):
    path = rows({"ko": "가", "en": "a"}, bad)
    with pytest.raises(DataError, match=r"a\.jsonl: row 2: ") as error:
        read_pairs(path)
    assert said in str(error.value)


def test_rows_may_have_different_columns(rows):
    pairs = read_pairs(rows({"ko": "가", "en": "a"}, {"en": "b", "ko": "나", "note": "x"}))
    assert [(p.anchor, p.positive) for p in pairs] == [("가", "a"), ("b", "나")]


def test_the_row_of_a_file_in_a_folder_is_named(rows, tmp_path):
    rows({"ko": "가", "en": "a"}, name="a.jsonl")
    rows({"ko": None, "en": "a"}, name="b.jsonl")
    with pytest.raises(DataError, match=r"b\.jsonl: row 1: ko is null"):
        read_pairs(str(tmp_path))


def test_documents(rows):
    documents = read_documents(
        rows({"id": 5, "text": KO, "category": "news", "year": 2020}, {"text": EN})
    )
    assert [(d.id, d.lang, d.category) for d in documents] == [
        ("5", "ko", "news"),
        (content_id(EN), "en", "general"),
    ]
    assert documents[0].extra == {"year": 2020}


def test_the_language_of_a_short_document_is_that_of_its_file(rows):
    assert [d.lang for d in read_documents(rows({"text": KO}, {"text": "ETF"}))] == ["ko", "ko"]


def test_documents_without_text(rows):
    with pytest.raises(DataError, match=r"no column 'text'. Its columns: body"):
        read_documents(rows({"body": "x"}))


def test_scored_pairs(rows):
    path = rows(
        {"sentence1": KO, "sentence2": EN, "score": "2.5"},
        {"sentence1": "a", "sentence2": "b", "score": 1, "lang": "en", "shift": "x", "group": "g"},
    )
    first, second = read_scored_pairs(path)
    assert (first.score, first.lang) == (2.5, "ko-en")
    assert (second.score, second.lang, second.shift, second.extra) == (
        1.0,
        "en",
        "x",
        {"group": "g"},
    )


@pytest.mark.parametrize("score", ["high", None, True, float("nan"), float("inf"), [1]])
def test_a_score_that_is_no_number(rows, score):
    good = {"sentence1": "a", "sentence2": "b", "score": 1}
    with pytest.raises(DataError, match=r"row 2: score is .* a number was expected"):
        read_scored_pairs(rows(good, good | {"score": score}))


def test_content_ids_depend_on_the_text_alone():
    assert content_id("금리") == content_id("금리") != content_id("금 리")
    assert content_id("a", "bc") != content_id("ab", "c")
    assert len(content_id("\ud800")) == 16
