import pytest
from hypothesis import given
from hypothesis import strategies as st

from nmixx.triplets.inspection import mark_changes
from nmixx.triplets.inspection.differences import split_words


def changes(before, after):
    return [
        (one.kind, one.text.strip()) for one in mark_changes(before, after) if one.kind != "same"
    ]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("매출이 증가했다.", "매출이 감소했다.", [("gone", "증가"), ("new", "감소")]),
        ("매출은 늘었다", "매출이 늘었다", [("gone", "은"), ("new", "이")]),
        ("회사는 공장을 짓는다", "회사는 은행을 짓는다", [("gone", "공장"), ("new", "은행")]),
        ("Sales rose by 12 %.", "Sales fell by 12 %.", [("gone", "rose"), ("new", "fell")]),
        ("Sales rose.", "In Asia, sales rose.", [("new", "In Asia,")]),
        ("EUR 1,200.5 mn", "EUR 1,300.5 mn", [("gone", "1,200.5"), ("new", "1,300.5")]),
        ("year-on-year growth", "growth", [("gone", "year-on-year")]),
        ("", "new", [("new", "new")]),
    ],
)
def test_only_what_changed_is_marked(before, after, expected):
    assert changes(before, after) == expected


TEXTS = st.text(alphabet="가나은는이 ab.,12-\n", max_size=40)


@given(TEXTS, TEXTS)
def test_stretches_give_the_new_text_back(before, after):
    stretches = mark_changes(before, after)
    assert "".join(one.text for one in stretches if one.kind != "gone") == after
    assert all(one.text for one in stretches)


@given(TEXTS)
def test_words_give_the_text_back_and_equal_texts_have_no_change(text):
    assert "".join(split_words(text)).strip() == text.strip()
    assert {one.kind for one in mark_changes(text, text)} <= {"same"}
