import json

import pytest

from conftest import ENGLISH, KOREAN
from nmixx.corpus import CorpusSettings, PairSource, build_corpus
from nmixx.mining.bitext import BitextSettings, mine_bitext
from nmixx.records import Document, Dropped, Pair
from nmixx.storage import read_records
from nmixx.testing import HashEncoder

TRANSLATIONS = dict(zip(KOREAN, ENGLISH, strict=True))


class Interpreter:
    """Encodes a Korean sentence of the fixtures as its translation."""

    fingerprint = "interpreter"

    def __init__(self):
        self._hash = HashEncoder()

    def encode(self, texts):
        return self._hash.encode([TRANSLATIONS.get(text, text) for text in texts])


@pytest.fixture
def sides():
    korean = [Document(f"k{at}", text, "ko", "report", "", "k") for at, text in enumerate(KOREAN)]
    joined = " ".join((*ENGLISH[2:], "Nothing of this was ever said in Korean."))
    return korean, [Document("e0", joined, "en", "report", "", "e")]


def mine(sides, out, **chosen):
    settings = BitextSettings(**{"precision": "float32", "min_characters": 10} | chosen)
    return mine_bitext(*sides, Interpreter(), settings, out)


def test_translations_are_found_in_passages_and_nothing_else(sides, tmp_path):
    result = mine(sides, tmp_path)
    pairs = read_records(tmp_path / "pairs.parquet", Pair)
    assert {(pair.anchor, pair.positive) for pair in pairs} == {
        (korean, english) for korean, english in TRANSLATIONS.items() if english in ENGLISH[2:]
    }
    assert {(pair.kind, pair.anchor_lang, pair.positive_lang) for pair in pairs} == {
        ("translation", "ko", "en")
    }
    assert all(pair.extra["score"] >= 1.2 for pair in pairs)
    assert pairs[0].extra["positive_id"].startswith("e0#")
    assert result.written["pairs"] == len(pairs) == 10
    assert json.loads((tmp_path / "report.json").read_text())["written"]["pairs"] == 10


def test_the_corpus_stage_reads_what_was_mined(sides, tmp_path):
    mine(sides, tmp_path / "mined")
    source = PairSource(path=str(tmp_path / "mined" / "pairs.parquet"))
    corpus = build_corpus(CorpusSettings(pairs=(source,)), tmp_path / "corpus")
    assert len(corpus.pairs) == 10
    assert {pair.kind for pair in corpus.pairs} == {"translation"}


def test_a_higher_threshold_keeps_the_best(sides, tmp_path):
    result = mine(sides, tmp_path)
    scores = result.kept().scores
    higher = mine(sides, tmp_path, threshold=float(scores[3]))
    assert higher.kept().scores.tolist() == scores[:4].tolist()


def test_pairs_whose_figures_differ_are_left_out_when_asked(tmp_path):
    one = [Document("k", KOREAN[0], "ko", "report", "", "k")]
    other = [Document("e", ENGLISH[0], "en", "report", "", "e")]
    mine((one, other), tmp_path / "same", same_figures=True, threshold=0.5)
    assert len(read_records(tmp_path / "same" / "pairs.parquet", Pair)) == 1
    wrong = [Document("k", KOREAN[0].replace("12", "13"), "ko", "report", "", "k")]
    mine((wrong, other), tmp_path / "wrong", same_figures=True, threshold=0.5)
    assert read_records(tmp_path / "wrong" / "pairs.parquet", Pair) == []
    (row,) = read_records(tmp_path / "wrong" / "dropped.parquet", Dropped)
    assert row.reason == "figures differ"
