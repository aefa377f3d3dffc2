import pytest

from nmixx.vocabulary.scripts import (
    COMMON,
    common_scripts,
    count_scripts,
    script_of,
    scripts_in,
)


@pytest.mark.parametrize(
    ("characters", "script"),
    [
        ("가힣ᄀㄱ", "HANGUL"),
        ("aZéß", "LATIN"),
        ("漢字", "CJK"),
        ("жЯ", "CYRILLIC"),
        ("ひ", "HIRAGANA"),
        ("09%.,₩ ½😀\u0301\n", COMMON),
    ],
)
def test_each_character_has_its_script(characters, script):
    assert {script_of(character) for character in characters} == {script}


def test_the_scripts_of_a_text_leave_out_what_all_languages_use():
    assert scripts_in("S&P500지수, 12%") == {"LATIN", "HANGUL"}
    assert scripts_in("12% 😀") == frozenset()


def test_a_script_of_less_than_one_letter_in_ten_thousand_is_not_common():
    counts = count_scripts(["가" * 19_998, "ж", "12,3"])
    assert counts == {"HANGUL": 19_998, "CYRILLIC": 1}
    assert common_scripts(counts) == {"HANGUL"}
    counts["CYRILLIC"] = 2
    assert common_scripts(counts) == {"HANGUL", "CYRILLIC"}
    assert common_scripts(count_scripts([])) == frozenset()
