import json

import pytest

from nmixx import corpus
from nmixx.corpus import CorpusSettings, build_corpus, estimate
from nmixx.errors import DataError, RecipeError
from nmixx.records import Document, Dropped, Pair
from nmixx.storage import hash_file, read_records

FILES = {"documents.parquet": Document, "pairs.parquet": Pair, "dropped.parquet": Dropped}
STORY = "The exchange suspended trading in the shares of the shipbuilder pending an announcement."


def write(path, *rows):
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return str(path)


@pytest.fixture
def settings(tmp_path):
    pairs = write(
        tmp_path / "terms.jsonl",
        {"ko": "순이익", "en": "net profit"},
        {"ko": "순이익.", "en": "Net profit"},
        {"ko": "당기순이익", "en": "net profit"},
        {"ko": "거래가 정지되었다", "en": STORY},
        {"ko": "", "en": "blank"},
        {"ko": "값", "en": "price"},
        {"ko": STORY, "en": STORY + " Indeed."},
    )
    documents = write(
        tmp_path / "news.jsonl",
        {"text": "당기순이익", "lang": "ko", "category": "news"},
        {"text": f"{STORY} More follows here in a while, said the exchange.", "lang": "en"},
        {"text": "가" * 200, "lang": "ko"},
        {"text": "금리가 올랐다. " * 3 + "물가도 올랐다.", "lang": "ko"},
        {"text": "금리가 올랐다. " * 3 + "물가도 올랐다", "lang": "ko"},
    )
    test = write(tmp_path / "sts.jsonl", {"sentence1": STORY, "sentence2": "x", "score": 1})
    return CorpusSettings.parse(
        {
            "pairs": [{"path": pairs, "weight": 2}],
            "documents": [{"path": documents}],
            "evaluation": [test],
            "max_characters": 150,
        },
        "test",
    )


def test_what_stays_what_goes_and_why(settings, tmp_path):
    result = build_corpus(settings, tmp_path / "out")
    assert [pair.id for pair in result.pairs] == ["terms-1", "terms-3"]
    assert [document.id for document in result.documents] == ["news-1", "news-4"]
    assert {row.id: row.reason for row in result.dropped} == {
        "terms-2": "exact duplicate",
        "terms-4": "overlaps evaluation",
        "terms-5": "empty",
        "terms-6": "too short",
        "terms-7": "wrong language",
        "news-2": "overlaps evaluation",
        "news-3": "too long",
        "news-5": "exact duplicate",
    }
    assert result.counts == {"documents": 2, "pairs": 2, "dropped": 8}
    assert sum(result.by_reason.values()) == 8
    assert result.by_source["news"] == {
        "kept": 2,
        "too long": 1,
        "exact duplicate": 1,
        "overlaps evaluation": 1,
    }
    assert list(result.by_source) == ["terms", "news"]


def test_rows_that_share_a_text_share_a_group(settings, tmp_path):
    result = build_corpus(settings, tmp_path / "out")
    assert [pair.group for pair in result.pairs] == ["news-1", "news-1"]
    assert [document.group for document in result.documents] == ["news-1", "news-4"]


def test_files_hold_the_result(settings, tmp_path):
    result = build_corpus(settings, tmp_path / "out")
    for (name, kind), records in zip(
        FILES.items(), (result.documents, result.pairs, result.dropped), strict=True
    ):
        assert read_records(tmp_path / "out" / name, kind) == records
    assert {key: result.pairs[0].extra[key] for key in ("source", "weight", "unit")} == {
        "source": "terms",
        "weight": 2.0,
        "unit": "term",
    }


def test_building_twice_gives_the_same_bytes(tmp_path):
    settings = CorpusSettings.parse(
        {
            "pairs": [{"path": "sample:pairs", "limit": 100}],
            "documents": [{"path": "sample:documents"}],
            "evaluation": ["sample:benchmark"],
        },
        "test",
    )
    digests = []
    for name, seed in (("one", 3), ("two", 3), ("three", 4)):
        build_corpus(settings, tmp_path / name, seed=seed)
        digests.append([hash_file(tmp_path / name / file) for file in FILES])
    assert digests[0] == digests[1]
    assert digests[0] != digests[2]


def test_nothing_that_stays_is_an_error_with_counts_and_writes_nothing(tmp_path):
    path = write(tmp_path / "a.jsonl", {"ko": "", "en": "a"}, {"ko": "나", "en": "bb"})
    settings = CorpusSettings.parse({"pairs": [{"path": path}]}, "test")
    with pytest.raises(DataError, match=r"none of 2 rows stayed \(empty 1, too short 1\)"):
        build_corpus(settings, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_missing_file_is_found_before_any_is_read(tmp_path):
    good = write(tmp_path / "a.jsonl", {"ko": None, "en": "a"})
    settings = CorpusSettings.parse(
        {"pairs": [{"path": good}], "evaluation": [str(tmp_path / "test.jsonl")]}, "test"
    )
    with pytest.raises(DataError, match=r"test\.jsonl: no such file"):
        build_corpus(settings, tmp_path / "out")


def test_a_corpus_without_sources(tmp_path):
    with pytest.raises(RecipeError, match="no source"):
        build_corpus(CorpusSettings(), tmp_path / "out")


def test_the_estimate_counts_rows_and_knows_limits(settings):
    limited = settings.model_copy(
        update={"pairs": (settings.pairs[0].model_copy(update={"limit": 3}),)}
    )
    assert estimate(settings) == {"terms": 7, "news": 5}
    assert estimate(limited) == {"terms": 3, "news": 5}


def test_the_public_names_are_sorted_and_there():
    assert sorted(corpus.__all__) == corpus.__all__
    assert all(hasattr(corpus, name) for name in corpus.__all__)
