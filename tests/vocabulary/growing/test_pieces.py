import os
import subprocess
import sys
import unicodedata
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nmixx.errors import DataError
from nmixx.vocabulary.growing.pieces import RunCounts, count_runs, learn_pieces

FLOOR = [chr(code) for code in range(0xAC00, 0xD7A4)]
KS_X_1001 = [s for s in FLOOR if len(s.encode("euc_kr")) == 2]
TEXTS = [
    "영업이익이 87억원 늘었다",
    "영업이익 감소",
    "S&P500지수와 코스피지수",
    "3Q 영업이익 12억원",
]
ANY = st.lists(st.text("가나다각간 aZ09é漢字ひらΑβ²①Ⅷ\u0301#%😀\u1100\u1161"), max_size=8)


def learn(texts, known=(), *, size=6000, min_frequency=1):
    learned = learn_pieces(count_runs(texts), size=size, min_frequency=min_frequency)
    return learned.take(known, size)


def test_runs_after_digits_or_latin_are_counted_as_continuations():
    counts = count_runs(["87억원 영업이익", "S&P500지수 영업이익", "EPS증가, 영업이익"])
    assert counts.continuations == {"억원": 1, "지수": 1, "증가": 1}
    assert counts.starts == {"영업이익": 3}


def test_composed_and_decomposed_text_count_as_one():
    counts = count_runs(["영업이익", unicodedata.normalize("NFD", "영업이익")])
    assert counts.starts == {"영업이익": 2}


def test_capitals_count_as_small_letters():
    assert count_runs(["ΑΒ αβ"]).starts == {"αβ": 2}


def test_the_syllables_of_ks_x_1001_are_in_alone_and_as_continuation():
    assert len(KS_X_1001) == 2350
    learned = set(learn(TEXTS))
    assert {*KS_X_1001, *("##" + syllable for syllable in KS_X_1001)} <= learned


def test_text_without_hangul_gets_no_hangul():
    learned = learn(["прибыль выросла", "прибыль упала"])
    assert "прибыль" in learned
    assert not set(learned) & set(FLOOR)


def test_frequent_words_and_continuations_are_learned():
    learned = learn(TEXTS * 5, min_frequency=3)
    assert {"영업이익", "##억원", "##지수와"} <= set(learned)


def test_a_rare_word_is_not_learned():
    learned = learn([*TEXTS * 5, "희귀단어"], min_frequency=3)
    assert "희귀단어" not in learned


def test_pieces_that_are_known_are_not_learned_again():
    known = {"가", "##가", "영업이익"}
    assert not known & set(learn(TEXTS * 5, known))


def test_there_are_at_most_as_many_as_asked_for():
    assert len(learn(TEXTS * 5, size=4710)) == 4710


def test_syllables_are_never_cut_short():
    assert len(learn(TEXTS, size=100)) == 2 * 2350


def test_another_mark_of_continuation_is_used():
    candidates = learn_pieces(count_runs(TEXTS), size=6000, min_frequency=1, prefix="@@")
    learned = candidates.take((), 6000)
    assert "@@억원" in learned
    assert not any(piece.startswith("##") for piece in learned)


@settings(max_examples=30)
@given(ANY)
def test_new_pieces_hold_no_ascii_and_none_comes_twice(texts):
    counts = count_runs(texts)
    if not counts.starts:
        return
    learned = learn_pieces(counts, size=200, min_frequency=1).take(("가",), 200)
    bare = [piece.removeprefix("##") for piece in learned]
    assert len(set(learned)) == len(learned)
    assert all(piece and not any(mark.isascii() for mark in piece) for piece in bare)
    assert "가" not in learned


@pytest.mark.parametrize("texts", [[], [""], ["Operating profit rose 12%.", "1,234 + 5"]])
def test_nothing_to_learn_is_a_data_error(texts):
    with pytest.raises(DataError, match=r"no letters outside a-z[\s\S]*vocabulary\.languages"):
        learn(texts)


def test_text_with_only_glued_runs_has_something_to_learn():
    assert "##억원" in learn(["87억원", "12억원"])


def test_pieces_are_the_same_in_another_process():
    code = (
        "import sys; from nmixx.vocabulary.growing.pieces import *;"
        "t=sys.argv[1:]; c=learn_pieces(count_runs(t),size=6000,min_frequency=1);"
        "print('|'.join(c.take((),6000)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *TEXTS],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "11"},
    )
    assert done.stdout.strip().split("|") == learn(TEXTS)


def test_an_empty_count_is_no_text():
    with pytest.raises(DataError):
        learn_pieces(RunCounts(Counter(), Counter()), size=9, min_frequency=1)


def test_more_learned_than_taken_changes_nothing():
    counts = count_runs(TEXTS * 5)
    few = learn_pieces(counts, size=4800, min_frequency=1).take((), 4800)
    many = learn_pieces(counts, size=20_000, min_frequency=1).take((), 4800)
    assert few == many[: len(few)]
