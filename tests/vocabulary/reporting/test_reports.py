import pytest

from conftest import ENGLISH, KOREAN
from nmixx.records import Document, Pair
from nmixx.vocabulary import report_coverage
from nmixx.vocabulary.reporting.reports import Gauge, report_model, report_models, sort_texts

DOCUMENTS = [
    Document("1", ENGLISH[0], "en", "news", "g1", "s"),
    Document("2", ENGLISH[1], "en", "report", "g2", "s"),
    Document("3", ENGLISH[1], "en", "report", "g3", "s"),
]
PAIRS = [Pair("4", KOREAN[0], ENGLISH[0], "ko", "en", "translation", "qa", "g4")]


def test_texts_are_sorted_by_language_and_category_and_stand_there_once():
    assert sort_texts(DOCUMENTS, PAIRS) == {
        "en": {"news": [ENGLISH[0]], "qa": [ENGLISH[0]], "report": [ENGLISH[1]]},
        "ko": {"qa": [KOREAN[0]]},
    }


def test_a_report_has_languages_categories_words_and_seconds(tiny_model):
    texts = sort_texts(DOCUMENTS, PAIRS)
    found = report_model(tiny_model, texts)
    assert list(found) == ["en", "ko"]
    assert list(found["en"]["by"]) == ["news", "qa", "report"]
    assert found["en"]["texts"] == 2
    assert found["en"]["seconds_per_1000"] > 0
    assert found["ko"]["worst"][0]["cost"] >= found["ko"]["worst"][-1]["cost"] > 1
    plain = report_coverage(tiny_model, {"ko": [KOREAN[0]]})["ko"]
    assert plain == {key: value for key, value in found["ko"].items() if key in plain}


def test_without_timing_the_same_texts_give_the_same_report(tiny_model):
    texts = sort_texts(DOCUMENTS, PAIRS)
    found = report_model(tiny_model, texts, timing=False)
    assert found == report_model(tiny_model, texts, timing=False)
    assert "seconds_per_1000" not in found["en"]


def test_later_models_tell_the_pieces_of_the_first_ones_words(load_tiny):
    found = report_models({"a": load_tiny, "b": load_tiny}, sort_texts([], PAIRS), timing=False)
    assert found["a"]["ko"]["pieces"] == {}
    assert found["b"]["ko"]["pieces"] == {
        split["word"]: len(split["pieces"]) for split in found["a"]["ko"]["worst"]
    }


@pytest.mark.parametrize("limit", [1, 2])
def test_at_most_so_many_texts_are_measured(tiny_model, limit):
    found = report_model(tiny_model, sort_texts(DOCUMENTS, []), limit=limit, timing=False)
    assert found["en"]["texts"] == limit
    assert Gauge.of(tiny_model).max_length == 64
