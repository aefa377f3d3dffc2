import pytest

from nmixx.corpus.checks import CHECKS, check_items
from nmixx.corpus.items import item_of
from nmixx.corpus.result import REASONS
from nmixx.corpus.settings import CorpusSettings
from nmixx.records import Document, Pair

ENGLISH = "The board approved a share buyback worth ten billion won."


def document(text, lang="ko"):
    return item_of(Document("d-1", text, lang, "news", "", "d"), "d")


def pair(anchor, positive):
    return item_of(Pair("p-1", anchor, positive, "ko", "en", "translation", "news", ""), "p")


@pytest.mark.parametrize(
    ("item", "reason", "said"),
    [
        (document(""), "empty", "no letter"),
        (document("— … !"), "empty", "no letter"),
        (pair("금리", ""), "empty", "no letter"),
        (document("값"), "too short", "characters: 1, at least 2"),
        (document("가" * 101), "too long", "characters: 101, at most 100"),
        (document(ENGLISH), "wrong language", "said to be ko, reads as en: The board"),
        (pair(ENGLISH, ENGLISH), "wrong language", "said to be ko, reads as en"),
    ],
)
def test_dropped(item, reason, said):
    kept, (drop,) = check_items([item], CorpusSettings(max_characters=100))
    assert not kept
    assert drop.reason == reason
    assert said in drop.detail


@pytest.mark.parametrize("item", [pair("금리", "ETF"), document("KODEX 200"), document("금리")])
def test_kept(item):
    assert check_items([item], CorpusSettings()) == ([item], [])


def test_language_checks_can_be_turned_off():
    item = document(ENGLISH)
    assert check_items([item], CorpusSettings(detect_language=False)) == ([item], [])


def test_every_check_has_a_place_in_the_result():
    assert list(CHECKS) == [reason for reason in REASONS if reason in CHECKS]


def test_a_dropped_pair_shows_both_texts():
    _, (drop,) = check_items([pair("값", "price")], CorpusSettings())
    record = drop.to_record()
    assert (record.text, record.source, record.extra) == ("값\nprice", "p", {"record": "pair"})
