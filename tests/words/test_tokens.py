import sys

import pytest

from nmixx.errors import MissingExtraError
from nmixx.words import kiwi
from nmixx.words.tokens import tokenize


def words(text, lang="ko"):
    return sorted(tokenize([text], [lang])[0])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("영업이익은 감소", "영업이익이 감소"),
        ("은행의 배당을 늘렸다", "배당을 늘리는 은행에서"),
        ("금리가 오르면", "금리는 올랐다"),
        ("ＡＢＣ 매출", "ABC의 매출은"),
    ],
)
def test_particles_and_endings_hide_nothing(one, other):
    assert words(one) == words(other)


def test_stems_stand_as_dictionaries_list_them():
    assert words("주가가 올랐고 거래는 많았다") == ["거래", "많다", "오르다", "주가"]


def test_bound_nouns_pronouns_and_endings_are_left_out():
    assert words("그것은 우리의 것이다") == []


def test_a_mixed_sentence_gives_the_words_of_both_languages():
    mixed = words("S&P500 지수는 3Q에 1,200.5포인트로 하락했다")
    assert {"s&p", "500", "지수", "3", "q", "1200.5", "하락"} <= set(mixed)
    english = words("The S&P 500 index fell in 3Q to 1200.5 points", "en")
    assert {"s&p", "500", "3", "q", "1200.5"} <= set(english)


def test_a_particle_after_a_latin_word_is_no_word():
    assert words("EPS가 ROE를 따라 LG에서") == ["ep", "lg", "roe", "따르다"]


def test_korean_in_an_english_text_is_read_as_korean():
    assert words("The word 배당을 means dividend", "en") == ["dividend", "mean", "word", "배당"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Margins rose 1.2%, to 1,200 points.", ["1.2", "1200", "margin", "point", "rose"]),
        ("The company’s R&D at AT&T", ["at&t", "compani", "r&d"]),
        ("KOSPI200 of FY2024", ["200", "2024", "fy", "kospi"]),
        ("1,2 and 12,34,567", ["1,2", "12,34567"]),
        ("", []),
        ("— … \ud800", []),
    ],
)
def test_english_words_are_stems_and_figures_stay_whole(text, expected):
    assert words(text, "en") == expected


def test_the_language_chooses_the_stems():
    assert words("die Märkte", "de") == ["die", "markt"]
    assert words("the bonds", "ko") == ["bond", "the"]


def test_ideographs_go_in_pairs():
    assert words("中央銀行", "zh") == ["中央", "央銀", "銀行"]
    assert words("金", "zh") == ["金"]


def test_every_text_keeps_its_place_and_language():
    texts = ["the 배당", "주가", "the 배당", "주가", "the 배당"]
    langs = ["en", "ko", "ko", "ko", "en"]
    found = [sorted(some) for some in tokenize(texts, langs)]
    assert found == [["배당"], ["주가"], ["the", "배당"], ["주가"], ["배당"]]


def test_a_lone_surrogate_hides_nothing():
    assert words("배당 \ud800 주가") == ["배당", "주가"]


def test_without_kiwi_only_korean_is_refused(monkeypatch):
    monkeypatch.setitem(sys.modules, "kiwipiepy", None)
    kiwi.load_kiwi.cache_clear()
    try:
        assert tokenize(["Bonds"], ["ko"]) == [["bond"]]
        with pytest.raises(MissingExtraError, match="kiwipiepy") as raised:
            tokenize(["주가"], ["ko"])
        assert "pip install 'nmixx[ko]'" in str(raised.value)
    finally:
        kiwi.load_kiwi.cache_clear()
