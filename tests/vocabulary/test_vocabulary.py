"""The stage's two verbs."""

import pytest

from conftest import ENGLISH, KOREAN
from nmixx.encoding import load_model
from nmixx.records import Document
from nmixx.storage import read_json
from nmixx.vocabulary import VocabularySettings, grow_vocabulary, note_covered, report_coverage


def test_coverage_is_reported_for_each_language_with_text(tiny_model):
    report = report_coverage(tiny_model, {"ko": KOREAN, "en": ENGLISH, "ja": []})
    assert list(report) == ["en", "ko"]
    assert report["en"]["words"] == sum(len(text.split()) for text in ENGLISH)
    assert report["ko"]["tokens_per_word"] > 2 * report["en"]["tokens_per_word"]


def test_at_most_so_many_texts_are_measured(tiny_model):
    assert report_coverage(tiny_model, {"en": ENGLISH}, limit=5)["en"]["texts"] == 5


def test_growing_writes_a_model_and_both_reports(tiny_model, pairs, tmp_path):
    documents = [Document("d", "코스피지수가 올랐다", "ko", "news", "gd", "s")]
    settings = VocabularySettings(size=4800, min_frequency=1)
    result = grow_vocabulary(tiny_model, documents, pairs, settings, tmp_path)
    assert read_json(tmp_path / "coverage.json") == result
    assert result["added_tokens"] == 4800
    assert sum(result["initialised"].values()) == 4800
    assert result["initial"] == "aligned"
    assert result["tokenizer"] == "WordPiece (BERT)"
    before, after = result["before"], result["after"]
    assert after["ko"]["tokens_per_word"] < before["ko"]["tokens_per_word"] / 2
    assert after["en"] == before["en"]
    assert before["ko"]["texts"] == len(pairs) + 1
    assert load_model(str(tmp_path / "model")).encode("코스피지수").shape == (32,)


@pytest.mark.parametrize("change", [{"grow": False}, {"size": 0}])
def test_without_growing_only_the_report_is_written(tiny_model, pairs, tmp_path, change):
    settings = VocabularySettings(**{"min_frequency": 1, **change})
    result = grow_vocabulary(tiny_model, [], pairs, settings, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["coverage.json"]
    assert result["added_tokens"] == 0
    assert "after" not in result


def test_a_language_that_is_covered_is_noted_with_what_growing_gains():
    before = {"ko": {"tokens_per_word": 1.9}, "ja": {"tokens_per_word": 5.0}, "ru": {}}
    after = {"ko": {"tokens_per_word": 1.52}, "ja": {"tokens_per_word": 4.9}}
    spelled = {"ko": {"tokens_per_word": 6.0}}
    assert note_covered(spelled, after, ["ko"]) == []
    korean, japanese = note_covered(before, after, ["ko", "ja", "th"])
    assert "already covered ko: 1.90 tokens per word before, 1.52 after growing (-20%)" in korean
    assert "ja: 5.00" in japanese
