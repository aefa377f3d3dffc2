"""Korean rules: each shift on sentences written for it, and what holds for every rule and text."""

import random
import re
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytest.importorskip("kiwipiepy")

from nmixx.triplets.rules.korean import RULES, rephrase
from nmixx.triplets.rules.korean.figure import rewrite_figures
from nmixx.triplets.rules.korean.grammar import draw, load_grammar
from nmixx.triplets.rules.korean.morphology import agree, analyse, settle
from nmixx.triplets.rules.korean.rewrite import load_rewrites

EVERY = {**RULES, "rephrase": rephrase}
REWRITES = (
    "realise unrealise forecast foresee opinion fact joint "
    "interpretation sanction procedure wording"
)
# Shifts that may touch a figure: they drop it, exchange it or are about it.
ABOUT_FIGURES = {
    "detail_dropped",
    "business_detail",
    "jargon_to_plain",
    "sanction_strength",
    "procedure_clarity",
    "rephrase",
}
NEWS = "한빛전자의 3분기 영업이익은 전년 동기 대비 25.3% 증가한 2조 1,000억원을 기록했다."
PLAN = "누리건설은 내년 3월까지 평택 공장을 증설할 예정이라고 밝혔다."
HEADLINE = "다온제약, 2분기 매출 급증…목표가 상향"
REPORT = "금리 인하와 환율 상승에 힘입어 하반기 수출은 완만하게 회복될 것으로 예상된다."
FACT = "해솔화학의 가동률은 수요 둔화로 82%까지 하락했다."
LAW = "금융회사는 그 사유가 발생한 날부터 7일 이내에 금융위원회에 서면으로 보고하여야 한다."
FINE = "제1항을 위반한 자에게는 3천만원 이하의 과태료를 부과할 수 있다."
SENTENCES = (NEWS, PLAN, HEADLINE, REPORT, FACT, LAW, FINE)
ODD = (
    "",
    " ",
    "\n",
    "🙂🙂 📈",
    "\ud800",
    "...",
    "((((",
    "The board approved the dividend of USD 3.2 mn on 4 May.",
    "증가",
    "ㅋㅋㅋ 떡상 가즈아",
    "은 는 이 가",
    "1조 2,000억원",
    "다/EF+었/EP",
    "+/+ \\1 {region} 을(를)",
)


def draw_variants(rule: str, text: str, number: int = 40) -> set[str]:
    """Return what the rule makes of the text under many seeds."""
    made = (EVERY[rule](text, random.Random(seed)) for seed in range(number))
    return {variant for variant in made if variant is not None}


@pytest.mark.parametrize(
    ("rule", "text", "expected"),
    [
        ("sentiment_reversal", "매출은 늘었고 주가도 올랐다.", "매출은 늘었고 주가도 내렸다."),
        ("sentiment_reversal", "이익은 2억원이었습니다.", "손실은 2억원이었습니다."),
        ("sentiment_reversal", "가람은행, 흑자전환", "가람은행, 적자전환"),
        (
            "sentiment_reversal",
            "이익률이 3%에서 5%로 상승했다.",
            "이익률이 5%에서 3%로 하락했다.",
        ),
        ("sentiment_intensity", "원가가 소폭 올랐다.", "원가가 대폭 올랐다."),
        ("sentiment_intensity", "주가가 급등했다.", "주가가 소폭 올랐다."),
        ("sentiment_adjustment", "업황을 긍정적으로 본다.", "업황을 중립적으로 본다."),
        ("detail_dropped", "회사는 부산에서 공장을 열었다.", "회사는 공장을 열었다."),
        ("business_detail", "미국 판매가 늘었다.", "중국 판매가 늘었다."),
        ("plan_realisation", "자회사를 인수할 예정이다.", "자회사를 인수했다."),
        ("plan_realisation", "신주를 발행할 계획이라고 밝혔다.", "신주를 발행했다고 밝혔다."),
        ("plan_realisation", "본사를 이전할 계획입니다.", "본사를 이전했습니다."),
        ("plan_realisation", "공급 계약을 체결했다.", "공급 계약을 체결할 예정이다."),
        ("forecast_to_fact", "물가가 오를 것으로 예상된다.", "물가가 올랐다."),
        ("forecast_to_fact", "물가가 올랐다.", "물가가 오를 전망이다."),
        ("macro_micro_view", "환율 하락으로 이익이 줄었다.", "판매단가 인하로 이익이 줄었다."),
        ("fact_to_opinion", "수요가 줄었다.", "수요가 준 것으로 보인다."),
        ("fact_to_opinion", "수요가 둔화된 것으로 보인다.", "수요가 둔화됐다."),
        ("jargon_to_plain", "영업이익률은 개선됐다.", "수익성은 개선됐다."),
        ("interpretation_reversal", "업무를 위탁할 수 있다.", "업무를 위탁할 수 없다."),
        ("interpretation_reversal", "사본을 제출하여야 한다.", "사본을 제출할 필요는 없다."),
        ("interpretation_reversal", "외국법인을 포함한다.", "외국법인을 제외한다."),
        ("sanction_strength", "인가를 취소할 수 있다.", "인가를 취소하여야 한다."),
        ("sanction_strength", FINE, FINE.replace("3천만원", "6천만원")),
        ("procedure_clarity", "지체 없이 통지하여야 한다.", "3일 이내에 통지하여야 한다."),
        ("procedure_clarity", "결과를 서면으로 알린다.", "결과를 적절한 방법으로 알린다."),
    ],
)
def test_makes_the_variant_an_editor_would_write(rule: str, text: str, expected: str) -> None:
    variants = draw_variants(rule, text, 120)
    assert expected in {variant.replace("취소해야", "취소하여야") for variant in variants}


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("detail_added", NEWS),
        ("detail_added", HEADLINE),
        ("business_detail", NEWS),
        ("emerging_situation", PLAN),
        ("emerging_situation", HEADLINE),
        ("fact_to_opinion", FACT),
    ],
)
def test_insertions_keep_the_sentence_and_hardly_repeat(rule: str, text: str) -> None:
    variants = draw_variants(rule, text, 100)
    assert len(variants) >= 30
    kept = [Counter(text.split()) - Counter(variant.split()) for variant in variants]
    assert sum(lost.total() for lost in kept) <= 2 * len(variants)


def test_details_do_not_all_stand_at_the_end() -> None:
    assert all(variant.endswith(NEWS[-10:]) for variant in draw_variants("detail_added", NEWS))


def test_rephrasing_says_the_same_in_other_words() -> None:
    text = "가람은행은 3분기 순이익이 1조 2,000억원으로 크게 증가했다고 밝혔다."
    variants = draw_variants("rephrase", text)
    assert len(variants) >= 4
    assert any("1.2조원" in variant for variant in variants)
    assert any("에 따르면" in variant or "에 의하면" in variant for variant in variants)
    for variant in variants:
        lost = Counter(text.split()) - Counter(variant.split())
        assert lost.total() >= 0.15 * len(text.split())


@pytest.mark.parametrize(
    ("written", "otherwise"),
    [
        ("1조 2,000억원", "1.2조원"),
        ("2.45조원", "2조 4,500억원"),
        ("25bp 인하", "0.25%p 인하"),
        ("0.5%p 인상", "50bp 인상"),
        ("EUR 3.2 mn", "320만 유로"),
        ("EUR152.4m", "1억 5,240만 유로"),
        ("7.5%", "7.5퍼센트"),
        ("3/4분기", "3분기"),
        ("2026년", "2026년"),
    ],
)
def test_figures_keep_their_value(written: str, otherwise: str) -> None:
    assert rewrite_figures(written) == otherwise


@pytest.mark.parametrize(
    ("before", "particle", "agreed"),
    [
        ("이익", "를", "을"),
        ("매출", "으로", "로"),
        ("서울", "으로", "로"),
        ("손실", "가", "이"),
        ("13", "로", "으로"),
        ("7", "으로", "로"),
        ("EBIT", "은", "는"),
        ("회사(주)", "은", "는"),
    ],
)
def test_particles_agree(before: str, particle: str, agreed: str) -> None:
    assert agree(before, particle) == agreed


@pytest.mark.parametrize("symbol", sorted(load_grammar()))
def test_every_symbol_of_the_grammar_can_be_drawn(symbol: str) -> None:
    phrases = [draw(symbol, random.Random(seed)) for seed in range(30)]
    assert not any(re.search(r"[{}()]", phrase) for phrase in phrases)
    assert all(settle(phrase) == phrase for phrase in phrases)


@pytest.mark.parametrize("name", REWRITES.split())
def test_every_rewrite_compiles(name: str) -> None:
    assert all(row.replacements for row in load_rewrites(name))


def test_offsets_hold_beyond_the_basic_plane() -> None:
    sentence = analyse("📈 매출이 올랐다")
    first = next(m for m in sentence.morphemes if m.form == "매출")
    assert sentence.text[first.start : first.end] == "매출"


@pytest.mark.parametrize("rule", sorted(EVERY))
@pytest.mark.parametrize("text", [*ODD, *SENTENCES])
def test_a_rule_changes_the_text_or_declines(rule: str, text: str) -> None:
    made = EVERY[rule](text, random.Random(3))
    assert made is None or (made != text and made.strip())


@pytest.mark.parametrize("rule", sorted(EVERY))
def test_long_texts_are_taken(rule: str) -> None:
    text = ("회사의 매출 이익 증가율은 크게 개선될 전망이다. " * 400)[:10_000]
    assert EVERY[rule](text, random.Random(1)) != text


@pytest.mark.parametrize("rule", sorted(EVERY))
def test_the_seed_decides(rule: str) -> None:
    for text in SENTENCES:
        assert EVERY[rule](text, random.Random(7)) == EVERY[rule](text, random.Random(7))


@pytest.mark.parametrize("rule", sorted(set(RULES) - ABOUT_FIGURES))
def test_figures_are_kept(rule: str) -> None:
    for text in SENTENCES:
        for variant in draw_variants(rule, text, 15):
            figures = Counter(re.findall(r"\d[\d.,]*", text))
            assert figures <= Counter(re.findall(r"\d[\d.,]*", variant)), variant


WORDS = st.sampled_from([word for text in SENTENCES for word in text.split()])
TEXTS = st.one_of(st.text(max_size=40), st.lists(WORDS, max_size=12).map(" ".join))


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(text=TEXTS, seed=st.integers(0, 999))
def test_no_text_is_too_odd(text: str, seed: int) -> None:
    for rule in EVERY.values():
        made = rule(text, random.Random(seed))
        assert made is None or made != text
        assert made == rule(text, random.Random(seed))


@pytest.mark.parametrize(
    ("rule", "text", "wrong"),
    [
        ("detail_added", "이 제품은 웹 검색을 위한 보안 서비스입니다.", "두 번째로"),
        ("business_detail", "한국을 비롯하여 유럽, 미국 등에서 판매가 증가하였다.", "유럽, 유럽"),
        ("procedure_clarity", "회사는 이를 홈페이지에 공시하여야 한다.", "적절한 방법으로"),
        (
            "sanction_strength",
            "선량한 관리자의 주의로써 감독을 게을리하지 아니한 경우에는 그러하지 아니하다.",
            "경고",
        ),
        ("interpretation_reversal", "회사는 서류를 제공하지 아니할 수 있다.", "아니하지 못한다"),
        ("interpretation_reversal", "회사는 정보주체의 사전동의를 받아야 한다.", "사후에동의"),
        ("forecast_to_fact", "내년으로 갈수록 부진이 심화될 것으로 예상된다.", "심화된"),
        (
            "rephrase",
            "추정의 불확실성이 있기는 하지만 금년 성장률이 높아졌다고 밝혔다.",
            "있기는 그러나",
        ),
        ("rephrase", "위원회가 정하는 자는 이를 위원회에 보고하여야 한다.", "사람"),
        ("rephrase", "금리 하락은 원가 축소로 이어져 이익이 증가했다고 밝혔다.", "계속"),
    ],
)
def test_a_word_is_not_taken_for_another_of_its_looks(rule, text, wrong):
    assert not [variant for variant in draw_variants(rule, text, 60) if wrong in variant]


def test_figures_change_places_whatever_they_count():
    text = "맥주 판매 물량을 2억4592만 리터에서 2억5688만 리터로 4.5퍼센트 확대했다."
    turned = draw_variants("sentiment_reversal", text)
    assert turned
    assert all("2억5688만 리터에서 2억4592만 리터로" in variant for variant in turned)
