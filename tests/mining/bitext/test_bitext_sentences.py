import pytest

from nmixx.errors import DataError
from nmixx.mining.bitext.sentences import gather_sentences, split_sentences
from nmixx.mining.bitext.settings import BitextSettings
from nmixx.records import Document


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("금리를 동결하였음. 물가는 안정될 것임.", ["금리를 동결하였음.", "물가는 안정될 것임."]),
        ("Rates were held. Prices rose.", ["Rates were held.", "Prices rose."]),
        ("Growth was 2.5 percent in the U.S. Prices rose.", 1),
        ("Mr. Lee and Dr. Kim agreed. No. 3 was rejected.", 2),
        ("“금리는 그대로다.” 총재가 말했다.", 2),
        ("□ 수출이 늘었다 □ 내수는 줄었다", 2),
        ("성장률은 1.8%에 부합할 것으로 예상된다. 2026년 1월 15일 회의였다.", 2),
        ("1. 일자는 2021년 1월 15일이다.", 1),
        ("", []),
    ],
)
def test_sentences_end_at_stops_only(text, sentences):
    found = split_sentences(text)
    assert found == sentences if isinstance(sentences, list) else len(found) == sentences


def document(text, identity="d"):
    return Document(identity, text, "ko", "report", "", "file")


def test_equal_short_and_bare_sentences_are_left_out_with_a_reason():
    side = gather_sentences(
        [
            document("금리를 그대로 두기로 하였음. 짧다. 1,234 5,678 9,012 3,456 ①②"),
            document("금리를  그대로 두기로 하였음!", "e"),
        ],
        BitextSettings(min_characters=5),
        "first",
    )
    assert [sentence.id for sentence in side.sentences] == ["d#0"]
    assert {row.reason for row in side.dropped} == {
        "too short", "few letters", "stood there before",
    }  # fmt: skip
    assert side.lang == "ko"


def test_a_side_without_sentences_is_refused():
    with pytest.raises(DataError, match="the second set"):
        gather_sentences([document("짧다.")], BitextSettings(), "second")


def test_whole_documents_are_not_split():
    text = "금리를 동결하였음. 물가는 안정될 것임."
    side = gather_sentences([document(text)], BitextSettings(split=False), "first")
    assert [sentence.text for sentence in side.sentences] == [text]
