from pathlib import Path

import pytest

from nmixx.corpus import CorpusSettings, PairSource, build_corpus
from nmixx.corpus.given import given_negatives
from nmixx.errors import DataError
from nmixx.records import Pair
from nmixx.storage import read_records


def pair(**extra):
    return Pair("p-1", "a", "b", "en", "en", "qa", "general", "", extra=extra)


@pytest.mark.parametrize(
    ("extra", "texts"),
    [
        ({}, []),
        ({"neg": ["x", "y", "x"]}, ["x", "y"]),
        ({"neg": None, "negative": "[x]"}, ["[x]"]),
        ({"negative_1": "x", "negative_2": "y", "negative_lang": "en"}, ["x", "y"]),
        ({"negatives": '["x", "\\u00e9"]'}, ["x", "é"]),
        ({"negatives": "plain"}, ["plain"]),
        ({"nega": "x"}, []),
    ],
)
def test_negatives_in_every_column_they_come_in(extra, texts):
    assert given_negatives(pair(**extra)) == texts


def test_a_negative_that_is_no_text():
    with pytest.raises(DataError, match=r"pair p-1: neg holds 3; a text was expected"):
        given_negatives(pair(neg=["x", 3]))


def build(tmp_path, rows, evaluation=()):
    source = tmp_path / "pairs.jsonl"
    source.write_text("\n".join(rows), encoding="utf-8")
    settings = CorpusSettings(pairs=(PairSource(path=str(source)),), evaluation=evaluation)
    build_corpus(settings, Path(tmp_path / "corpus"))
    return read_records(tmp_path / "corpus" / "pairs.parquet", Pair)


def test_the_corpus_keeps_them_clean_in_one_column(tmp_path):
    rows = [
        '{"query": "What is yield?", "pos": ["A return."], "neg": ["A  price.", " ", "A date."]}',
        '{"query": "What is carry?", "pos": ["An income."], "neg": []}',
    ]
    one, other = build(tmp_path, rows)
    assert given_negatives(one) == ["A price.", "A date."]
    assert "neg" not in one.extra
    assert given_negatives(other) == []


def test_a_row_whose_negative_is_an_evaluation_text_is_dropped(tmp_path):
    test = tmp_path / "test.jsonl"
    test.write_text('{"sentence1": "Secret words.", "sentence2": "Others.", "score": 1}')
    rows = [
        '{"anchor": "a word", "positive": "one word", "negative": "secret words"}',
        '{"anchor": "b word", "positive": "two words", "negative": "open words"}',
    ]
    assert [pair.anchor for pair in build(tmp_path, rows, (str(test),))] == ["b word"]


def test_a_negative_joins_no_groups(tmp_path):
    rows = [
        '{"anchor": "a word", "positive": "one word", "negative": "b word"}',
        '{"anchor": "b word", "positive": "two words"}',
    ]
    assert len({pair.group for pair in build(tmp_path, rows)}) == 2
