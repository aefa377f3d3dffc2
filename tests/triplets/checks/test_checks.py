import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.triplets.checks.makers import make

from nmixx.records import Dropped, Triplet
from nmixx.storage import read_records, write_records
from nmixx.triplets.checks import CHECKS, DOUBT, FAULT, assess, failed_checks, stored_assessment

ENGLISH = "en en en"
KOREAN = "ko ko ko"


def test_a_sound_triplet_is_worth_one():
    assessment = assess(make())
    assert assessment.confidence == 1
    assert assessment.weakest is None
    assert failed_checks(make()) == []


@pytest.mark.parametrize(
    ("triplet", "fault"),
    [
        (make(positive="Sales rose 13 % in the third quarter."), "figure lost in positive"),
        (make(positive="Sales rose 12 % in the second quarter."), "date lost in positive"),
        (make(positive="매출은 3분기에 12% 늘었다."), "wrong language"),
        (make(negative="3분기 매출은 12% 감소했다."), "wrong language"),
        (make(negative="sales of the company rose 12% in the third quarter"), "same text"),
        (make(negative="Sales of the company fell 21 % in the third quarter."),
         "figures changed"),
        (make(negative="Negative: Sales of the company fell 12 % in the third quarter."),
         "answer leaked"),
        (make(negative="Sales fell 12 % in the third quarter. (sentiment_reversal)"),
         "answer leaked"),
        (make(positive="```Sales rose 12 % in the third quarter.```"), "answer leaked"),
        (make(negative="12 % third quarter"), "length gives it away"),
        (make(shift="detail_added", negative="Sales rose in the quarter."),
         "negative is not shifted as said"),
        (make("The company sold Nokia shares in Oulu.", "The firm sold Nokia stock in Espoo.",
              langs=ENGLISH, kind="paraphrase", negative="The firm bought Nokia stock in Espoo."),
         "name lost in positive"),
        (make("매출이 12% 늘었다.", "매출이  12% 늘었다", langs=KOREAN, kind="paraphrase",
              negative="매출이 12% 줄었다."), "positive is a copy"),
        (make("매출이 큰 폭으로 12% 늘어났습니다.",
              "다음 문장이에요. 매출이 큰 폭으로 12% 늘어났습니다. 이와 같은 뜻이에요.",
              langs=KOREAN, kind="paraphrase", negative="매출이 큰 폭으로 12% 줄어들었습니다."),
         "answer leaked"),
    ],
)  # fmt: skip
def test_each_fault_is_found_and_lowers_confidence(triplet, fault):
    assert fault in failed_checks(triplet)
    assert assess(triplet).confidence < FAULT


def test_number_formats_do_not_matter_across_languages():
    triplet = make(
        "한국은행은 2024년 3월 25bp 인하했고 예산은 1조 2,000억원이다.",
        "In March 2024 it cut by 0.25%p, and the budget is 1.2 trillion won.",
        "In March 2024 it raised by 0.25%p, and the budget is 1.2 trillion won.",
    )
    assert failed_checks(triplet) == []


@pytest.mark.parametrize(
    ("shift", "negative", "score"),
    [
        ("sentiment_reversal", "Sales of the company fell 12 % in the third quarter.", 1),
        ("sentiment_reversal", "Sales of the firm rose 12 % in the third quarter.", DOUBT),
        ("sentiment_intensity", "Sales of the company soared 12 % in the third quarter.", 1),
        ("sentiment_intensity", "Sales of the company fell 12 % in the third quarter.", 0.3),
        ("detail_added", "Sales of the company in Asia rose 12 % in the third quarter.", 1),
        ("detail_dropped", "Sales rose 12 % in the third quarter.", 1),
        ("detail_dropped", "Sales of the whole company rose 12 % in the third quarter.", 0.3),
        ("plan_realisation", "Sales of the company will rise 12 % in the third quarter.", 1),
        ("plan_realisation", "Sales of the firm rose 12 % in the third quarter.", DOUBT),
    ],
)
def test_the_shift_must_show(shift, negative, score):
    assert assess(make(shift=shift, negative=negative)).scores["shift"] == score


def test_facts_are_asked_of_the_same_meaning_only():
    titled = make(kind="title", positive="Sales of the company in the third quarter")
    assert "figures" not in assess(titled).scores


def test_given_negatives_are_not_asked_for_a_shift():
    scores = assess(make(shift="given", negative="Nobody was there.")).scores
    assert not {"shift", "shift_figures", "length", "wording"} & scores.keys()


def test_names_across_languages_are_a_doubt():
    triplet = make("GenVec의 매출은 12% 증가했다.", "Sales of the firm rose 12 %.")
    scores = assess(triplet).scores
    assert FAULT <= scores["names"] < 1


def test_a_dropped_row_takes_the_triplet_along(tmp_path):
    broken = make(positive="Sales rose 13 % in the third quarter.")
    row = assess(broken).dropped(FAULT)
    assert row.reason == "figure lost in positive"
    assert (row.id, row.source) == ("p1", "rule")
    write_records(tmp_path / "dropped.parquet", Dropped, [row])
    (read,) = read_records(tmp_path / "dropped.parquet", Dropped)
    again = Triplet.from_row(read.extra)
    assert (again.anchor, again.positive, again.negative_kind) == (
        broken.anchor, broken.positive, broken.negative_kind,
    )  # fmt: skip
    assert stored_assessment(again).scores == assess(broken).scores


def test_marking_twice_changes_nothing():
    kept = assess(make()).kept()
    assert assess(kept).kept() == kept


TEXTS = st.text(alphabet="가나다 sales rose 12%조.", max_size=30)


@given(TEXTS, TEXTS, TEXTS, st.sampled_from(["sentiment_reversal", "detail_added", "given"]))
def test_scores_lie_between_nought_and_one(anchor, positive, negative, shift):
    triplet = make(anchor, positive, negative, shift=shift)
    assessment = assess(triplet)
    assert set(assessment.scores) <= set(CHECKS)
    assert all(0 <= score <= 1 for score in assessment.scores.values())
    assert assessment.confidence == min(assessment.scores.values())
