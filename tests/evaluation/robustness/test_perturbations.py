"""Every perturbation: the same again by seed, other draws differ, and what must stay stays."""

from __future__ import annotations

import random
import re
import unicodedata
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import ENGLISH, KOREAN

from nmixx.evaluation.robustness.codeswitching import switch_code
from nmixx.evaluation.robustness.notation import renumber, widen
from nmixx.evaluation.robustness.perturbations import PERTURBATIONS, perturb
from nmixx.evaluation.robustness.spacing import misspace
from nmixx.evaluation.robustness.typos import mistype

SENTENCES = (*KOREAN, *ENGLISH)
TEXTS = st.one_of(st.sampled_from(SENTENCES), st.text(max_size=60))


def rng(seed: int = 0) -> random.Random:
    return random.Random(seed)


@pytest.mark.parametrize("name", [name for name in PERTURBATIONS if name != "rewording"])
@given(text=TEXTS, seed=st.integers(0, 99))
def test_any_text_is_perturbed_the_same_way_again(name: str, text: str, seed: int) -> None:
    once = perturb(name, text, seed=seed)
    assert once == perturb(name, text, seed=seed)
    assert bool(once.strip()) == bool(text.strip())


def test_rewording_is_the_same_again_and_changes_some_sentences() -> None:
    pytest.importorskip("kiwipiepy", reason="Korean rewording needs the extra ko")
    reworded = [perturb("rewording", text) for text in SENTENCES]
    assert reworded == [perturb("rewording", text) for text in SENTENCES]
    assert any(one != two for one, two in zip(reworded, SENTENCES, strict=True))


@pytest.mark.parametrize("name", ["typos", "spacing"])
def test_draws_differ(name: str) -> None:
    text = " ".join(KOREAN[:4])
    assert len({perturb(name, text, draw=draw) for draw in range(6)}) > 3


@given(TEXTS, st.integers(0, 99))
def test_typos_leave_figures_and_most_words_alone(text: str, seed: int) -> None:
    typed = mistype(text, rng(seed))
    assert re.findall(r"\d+", typed) == re.findall(r"\d+", text)
    words, left = Counter(text.split(" ")), Counter(typed.split(" "))
    assert (words - left).total() <= max(1, round(0.1 * len(re.findall(r"\w+", text))) + 1)
    if re.search("[A-Za-z]{4}", text) is None and re.search("[가-힣]{2}", text) is None:
        assert typed == text


def test_typos_of_both_scripts() -> None:
    assert mistype("배당", rng()) == "베당"
    assert mistype("은행", rng()) == "은헹"
    assert mistype("12 3%", rng()) == "12 3%"
    assert {mistype("bank", rng(seed)) for seed in range(30)} == {
        "bnak", "bakn", "bnk", "bak", "baank", "bannk"
    }  # fmt: skip


@given(TEXTS, st.integers(0, 99))
def test_spacing_errors_move_nothing_but_spaces(text: str, seed: int) -> None:
    spaced = misspace(text, rng(seed))
    assert spaced.replace(" ", "") == text.replace(" ", "")


def test_spacing_errors_are_korean_ones() -> None:
    assert misspace("Net loss narrowed.", rng()) == "Net loss narrowed."
    assert misspace("은행은 배당을 줄였다", rng()) != "은행은 배당을 줄였다"
    assert misspace("배당을", rng()) == "배당 을"


@given(TEXTS)
def test_width_is_undone_by_nfkc(text: str) -> None:
    plain = unicodedata.normalize("NFKC", text)
    assert unicodedata.normalize("NFKC", widen(plain, rng())) == plain


def test_width_goes_both_ways() -> None:
    assert widen("ETF 3% 매수", rng()) == "ＥＴＦ ３％ 매수"
    assert widen("ＥＴＦ ３％ 매수", rng()) == "ETF 3% 매수"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("매출 1,234,567원", "매출 1234567원"),
        ("sales of 45000 won", "sales of 45,000 won"),
        ("up 3.5% in 2024", "up 3.5 percent in 2024"),
        ("3.5퍼센트 늘었다", "3.5% 늘었다"),
        ("이익 12% 증가", "이익 12퍼센트 증가"),
        ("금리 0.25%p 인상", "금리 0.25%p 인상"),
        ("2,024 in fiscal 2024", "2024 in fiscal 2024"),
        ("code 0012345", "code 0012345"),
        ("3.14159 and 2023년", "3.14159 and 2023년"),
    ],
)
def test_figures_in_another_notation(text: str, expected: str) -> None:
    assert renumber(text, rng()) == expected


@given(TEXTS)
def test_another_notation_keeps_the_digits(text: str) -> None:
    digits = re.compile("[0-9]")
    assert digits.findall(renumber(text, rng())) == digits.findall(text)


def test_code_is_switched_as_newsrooms_do() -> None:
    text = "상장지수펀드 순자산이 3분기에 사상 최대"
    draws = {switch_code(text, rng(seed)) for seed in range(40)}
    assert "ETF 순자산이 3Q에 사상 최대" in draws
    assert text not in draws
    assert switch_code("Net loss narrowed in the 3rd quarter.", rng()) == (
        "Net loss narrowed in the 3rd quarter."
    )


def test_the_longest_term_is_switched() -> None:
    assert switch_code("당기순이익", rng()) == "net profit"
    assert switch_code("영업이익률", rng()) in {"OPM", "operating margin"}
