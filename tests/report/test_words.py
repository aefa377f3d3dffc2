from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nmixx.report import words

text = st.lists(st.sampled_from(["매출이", "늘었다", "rose", "12%", "fell"]), max_size=12).map(
    " ".join
)


@given(text, text)
def test_marks_hold_both_texts(before: str, after: str) -> None:
    stretches = words.mark_changes(before, after)
    assert " ".join(s.text for s in stretches if s.kind != "new") == before
    assert " ".join(s.text for s in stretches if s.kind != "gone") == after


def test_a_changed_ending_marks_the_whole_word() -> None:
    stretches = words.mark_changes("매출이 크게 늘었다.", "매출이 크게 줄었다.")
    assert [(s.kind, s.text) for s in stretches] == [
        ("same", "매출이 크게"),
        ("gone", "늘었다."),
        ("new", "줄었다."),
    ]


def test_the_middle_of_a_long_unchanged_stretch_is_left_out() -> None:
    long = " ".join(str(number) for number in range(100))
    (same, new) = words.mark_changes(long, f"{long} more")
    assert "…" in same.text
    assert new.text == "more"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (words.figure(-0.25), "−0.250"),
        (words.figure(None), "–"),
        (words.signed(0.25), "+0.250"),
        (words.signed(-0.00001), "±0.000"),
        (words.chance(0.0002), "<\u00a00.001"),
        (words.chance(0.0312), "0.031"),
        (words.percent(0.0341), "3.4\u00a0%"),
        (words.percent(0.52), "52\u00a0%"),
        (words.join(["a"]), "a"),
        (words.join(list("abc")), "a, b and c"),
        (words.join(list("abcd"), most=2), "a, b and 2 more"),
        (words.shorten("one two three", 9), "one two …"),
        (words.sentence("length scores -0.12"), "Length scores −0.12."),
        (words.sentence("up-3 well-known"), "Up-3 well-known."),
    ],
)
def test_how_figures_are_written(written: str, expected: str) -> None:
    assert written == expected


def test_a_name_is_cut_to_its_column_and_korean_counts_double() -> None:
    assert words.fit("short", 5) == "short"
    assert words.fit("a long name", 6) == "a long…"
    assert words.fit("금융 문장", 5) == "금융…"
