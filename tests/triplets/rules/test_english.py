"""The English rules: one example family a shift, and what must hold for any text."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nmixx.triplets.rules.english import RULES, Rule, rephrase
from nmixx.triplets.rules.english.edit import Edit, agree_articles, apply_change, list_figures
from nmixx.triplets.rules.english.grammar import expand_phrase
from nmixx.triplets.rules.english.inflection import inflect, pluralise
from nmixx.triplets.rules.english.rephrase import measure_change
from nmixx.triplets.rules.english.syntax import find_clauses, find_sentences

SHIFTS = (
    "sentiment_reversal",
    "sentiment_intensity",
    "sentiment_adjustment",
    "detail_added",
    "detail_dropped",
    "business_detail",
    "plan_realisation",
    "forecast_to_fact",
    "emerging_situation",
    "macro_micro_view",
    "fact_to_opinion",
    "jargon_to_plain",
    "interpretation_reversal",
    "sanction_strength",
    "procedure_clarity",
)
MAY_CHANGE_FIGURES = {
    "detail_dropped",
    "jargon_to_plain",
    "sanction_strength",
    "procedure_clarity",
}
EVERYTHING: dict[str, Rule] = {**RULES, "rephrase": rephrase}

# Sentences written for this test; each shift applies to each of its own.
EXAMPLES: dict[str, tuple[str, ...]] = {
    "sentiment_reversal": (
        "Harlow Marine's operating profit rose to EUR 14.2 mn from EUR 9.8 mn .",
        "Strong demand lifted third-quarter sales above expectations.",
        "The retailer benefited from a surplus of stock in May.",
    ),
    "sentiment_intensity": (
        "Order intake at the Brenn plant increased to $41 million in the spring.",
        "The bank expects to expand its branch network.",
        "Margins were partly affected by slightly higher freight costs.",
    ),
    "sentiment_adjustment": (
        "We raise our target price to 82,000 won and reiterate our Buy rating.",
        "The board remains cautious about the outlook for chip prices.",
    ),
    "detail_added": (
        "Net sales rose to EUR 8.1 mn from EUR 7.4 mn a year earlier.",
        "The company will acquire two warehouses in Lund.",
        "We recognize revenue when customers accept delivery.",
    ),
    "detail_dropped": (
        "Tarn Foods, which runs 14 dairies, sold its Danish cheese unit in 2019.",
        "The lender cut at least 300 jobs as a result of the merger.",
    ),
    "business_detail": (
        "Memory prices fell as smartphone demand from China weakened.",
        "Retail sales in the quarter were flat.",
    ),
    "plan_realisation": (
        "Corvan plans to acquire a foundry in Lahti.",
        "The group will open a terminal and sell its ferry unit.",
        "The company has signed a supply contract with a Dutch utility.",
    ),
    "forecast_to_fact": (
        "Exports are expected to fall by 4 percent in the second half.",
        "Household spending rose by 0.6% in March.",
    ),
    "emerging_situation": (
        "Net profit rose to EUR 3.3 mn in January-March.",
        "Inflation is expected to ease gradually towards the target.",
        "Shares in Odell closed higher, while its rivals lost ground in late trading.",
    ),
    "macro_micro_view": (
        "Operating profit grew thanks to lower interest rates.",
        "Margins improved, driven by cost cuts and a better product mix.",
    ),
    "fact_to_opinion": (
        "The labour market is close to full employment.",
        "According to several brokers, the shares are overvalued.",
    ),
    "jargon_to_plain": (
        "The operating margin widened by 40 basis points.",
        "Free cash flow was negative.",
    ),
    "interpretation_reversal": (
        "A custodian may delegate safekeeping to a third party.",
        "The report shall be filed within 30 days of the closing date.",
        "Eligible assets include covered bonds.",
    ),
    "sanction_strength": (
        "A breach is punishable by imprisonment for up to three years or a fine of 20 million won.",
        "The regulator may suspend the licence of the broker.",
    ),
    "procedure_clarity": (
        "The insurer shall notify the Commission in writing within 10 days.",
        "A fund must report its largest positions.",
    ),
}
CASES = [(shift, text) for shift, texts in EXAMPLES.items() for text in texts]
ODD_TEXTS = (
    "",
    " ",
    ".",
    "📈📉",
    "영업이익은 전년 동기 대비 12% 증가한 1조 2,000억원을 기록했다.",
    "\n\n\t",
    "1,234.5 %",
    "A" * 10_000,
    "( " * 3_000,
    "Profit rose to EUR 1.3 mn in 2008. " * 90,
)

VOCABULARY = (
    "The company will sharply rise fell profit of EUR 13.1 mn %, . ; ( ) which and may shall "
    "within 30 days Net sales increased by 5 % from in 2008 , said that it expects to an a "
    "operating margin is was according to fine not exceeding U.S. Inc. `` '' 영업이익 📈 \n"
)
words = st.sampled_from(VOCABULARY.split(" "))
texts = st.one_of(st.text(max_size=200), st.lists(words, max_size=40).map(" ".join))


def draw_variants(rule: Rule, text: str, count: int = 20) -> list[str]:
    drawn = (rule(text, random.Random(seed)) for seed in range(count))
    return [variant for variant in drawn if variant is not None]


def test_every_shift_has_a_rule_and_an_example() -> None:
    assert tuple(RULES) == SHIFTS
    assert set(EXAMPLES) == set(SHIFTS)


@pytest.mark.parametrize(("shift", "text"), CASES)
def test_a_rule_gives_several_variants_of_its_examples(shift: str, text: str) -> None:
    variants = draw_variants(RULES[shift], text, 40)
    assert len(variants) == 40
    assert text not in variants
    assert len(set(variants)) > 1
    if shift not in MAY_CHANGE_FIGURES:
        assert all(list_figures(variant) == list_figures(text) for variant in variants)


@pytest.mark.parametrize("text", ODD_TEXTS)
@pytest.mark.parametrize("name", EVERYTHING)
def test_a_rule_takes_any_text(name: str, text: str) -> None:
    assert EVERYTHING[name](text, random.Random(0)) != text


@settings(max_examples=50, deadline=None)
@given(text=texts, seed=st.integers(0, 2**16))
def test_rules_are_deterministic_and_change_the_text(text: str, seed: int) -> None:
    for name, rule in EVERYTHING.items():
        first, second = rule(text, random.Random(seed)), rule(text, random.Random(seed))
        assert first == second
        assert first != text
        if first is not None and name in set(SHIFTS) - MAY_CHANGE_FIGURES:
            assert list_figures(first) == list_figures(text)


@pytest.mark.parametrize(
    ("shift", "text", "variant"),
    [
        ("sentiment_reversal", "Net profit fell in May.", "Net loss fell in May."),
        ("sentiment_reversal", "It reported a deficit.", "It reported a surplus."),
        ("plan_realisation", "Corvan will sell it tomorrow.", "Corvan sold it yesterday."),
        ("forecast_to_fact", "Costs are likely to grow.", "Costs have grown."),
        ("detail_dropped", "It sold its Danish unit.", "It sold its unit."),
        ("jargon_to_plain", "Core inflation eased.", "Inflation eased."),
        ("interpretation_reversal", "It may lend.", "It may not lend."),
        ("sanction_strength", "The fine is 10 million won.", "The fine is 20 million won."),
        ("sentiment_adjustment", "We reiterate our Buy rating.", "We reiterate our Hold rating."),
    ],
)
def test_a_variant_reads_as_it_should(shift: str, text: str, variant: str) -> None:
    assert variant in draw_variants(RULES[shift], text, 200)


@pytest.mark.parametrize(
    ("shift", "text"),
    [
        ("sentiment_reversal", "Impairment losses are recorded in profit or loss."),
        ("plan_realisation", "The group has no plans to move its head office."),
        ("forecast_to_fact", "If rates were cut, spending would recover."),
        ("interpretation_reversal", "Article 7."),
        ("detail_dropped", "Sales rose."),
    ],
)
def test_a_rule_leaves_alone_what_it_cannot_shift(shift: str, text: str) -> None:
    assert draw_variants(RULES[shift], text) == []


def test_realised_verbs_agree_and_join() -> None:
    text = "The two mills, which will be closed, will lose orders and sell their stocks next year."
    variants = draw_variants(RULES["plan_realisation"], text, 60)
    assert any("which were closed" in variant for variant in variants)
    assert any("lost orders and sold their" in variant for variant in variants)
    assert all("last year" in variant for variant in variants)


def test_insertions_follow_the_spacing_of_tokenised_text() -> None:
    text = "Net sales , excluding freight , rose to EUR 13.1 mn from EUR 8 mn ."
    for variant in draw_variants(RULES["emerging_situation"], text, 40):
        assert not re.search(r"\w,", variant)


def test_detail_is_not_only_added_at_the_end() -> None:
    text = "Net sales rose to EUR 8.1 mn from EUR 7.4 mn a year earlier."
    variants = draw_variants(RULES["detail_added"], text, 100)
    assert sum(variant.endswith("a year earlier.") for variant in variants) > 40
    assert len(set(variants)) > 60


@pytest.mark.parametrize(
    "text",
    [
        "According to Odell, net sales rose to EUR 13.1 mn from EUR 8 mn in the last quarter.",
        "Because demand slowed significantly, the company reduced its forecast by 25 basis points.",
        "Operating profit was about 5 % higher compared with the previous year, the group said.",
    ],
)
def test_rephrase_changes_words_and_keeps_the_facts(text: str) -> None:
    variants = draw_variants(rephrase, text, 30)
    assert len(set(variants)) > 3
    assert all(measure_change(text, variant) >= 0.15 for variant in variants)
    for variant in variants:
        assert "fell" not in variant.split()
        assert ("13.1" in variant) == ("13.1" in text)


def test_rephrase_declines_what_it_cannot_change_enough() -> None:
    assert draw_variants(rephrase, "Odell opened a shop in Lund.") == []


@pytest.mark.parametrize(
    ("verb", "form", "expected"),
    [
        ("acquire", "past", "acquired"),
        ("plan", "gerund", "planning"),
        ("offer", "past", "offered"),
        ("refer", "past", "referred"),
        ("permit", "gerund", "permitting"),
        ("carry out", "past", "carried out"),
        ("sharply increase", "third", "sharply increases"),
        ("rise", "participle", "risen"),
        ("apply", "third", "applies"),
        ("fix", "third", "fixes"),
    ],
)
def test_inflect(verb: str, form: str, expected: str) -> None:
    assert inflect(verb, form) == expected


def test_pluralise() -> None:
    assert [pluralise(noun) for noun in ("loss", "subsidiary", "clear sign")] == [
        "losses",
        "subsidiaries",
        "clear signs",
    ]


def test_articles_agree_with_what_an_edit_puts_behind_them() -> None:
    assert apply_change("a profit", (Edit(2, 8, "operating loss"),)) == "an operating loss"
    assert apply_change("an old plant", (Edit(3, 7, ""),)) == "a plant"
    assert agree_articles("a hour, an euro, a EBIT figure") == "an hour, a euro, an EBIT figure"


def test_sentences_do_not_end_at_abbreviations() -> None:
    text = "Odell Inc. rose. Shares of U.S. rivals fell 1.5 %."
    assert [text[span.start : span.end] for span in find_sentences(text)] == [
        "Odell Inc. rose",
        "Shares of U.S. rivals fell 1.5 %",
    ]


def test_clauses_show_subject_and_verb() -> None:
    (clause,) = find_clauses("In May, net sales of the unit were flat.")
    assert (clause.subject, clause.verb, clause.plural) == ("net sales of the unit", "were", True)
    assert not list(find_clauses("Loans granted to staff and directors."))


@pytest.mark.parametrize(
    "symbol", ["circumstance", "macro.circumstance", "happening", "definite", "condition"]
)
def test_phrases_expand_fully_and_seldom_repeat(symbol: str) -> None:
    phrases = [expand_phrase(symbol, random.Random(seed)) for seed in range(200)]
    assert not any(re.search(r"[{}<>|]", phrase) for phrase in phrases)
    assert len(set(phrases)) > 60


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("The talks were due to begin in May because demand increased significantly.", "owing to"),
        ("A review of sales was approved while demand increased significantly.", ", A"),
        ("Orders rose later this week while the company reduced its forecast.", "subsequently"),
        ("Firms are required to reduce costs because demand increased.", "called for"),
        ("Many of the firms reduced costs because demand increased significantly.", "Numerous"),
        ("The increase had already occurred as demand rose significantly.", "had already took"),
        ("The bank was named as a defendant because demand increased significantly.", "appointed"),
    ],
)
def test_rephrase_keeps_what_has_two_senses(text: str, wrong: str) -> None:
    variants = draw_variants(rephrase, text, 40)
    assert variants
    assert not [variant for variant in variants if wrong in variant]


def test_a_figure_of_a_list_told_respectively_is_not_dropped() -> None:
    text = (
        "Direct sales to large customers made up 41 percent and 35 percent of our total revenues "
        "for fiscal 2019 and 2018, respectively."
    )
    variants = draw_variants(RULES["detail_dropped"], text, 40)
    assert variants
    assert all("fiscal 2019 and 2018" in variant for variant in variants)


@pytest.mark.parametrize(
    "time", ["a year earlier", "in the same period of 2008", "in 2008", "during the previous year"]
)
def test_a_figure_to_compare_with_goes_with_its_time(time: str) -> None:
    text = f"Consolidated net profit of the group rose to EUR 16.9 mn from EUR 14.5 mn {time}."
    variants = draw_variants(RULES["detail_dropped"], text, 60)
    without = [variant for variant in variants if "14.5" not in variant]
    assert without
    assert all(variant.endswith("16.9 mn.") for variant in without)


def test_the_head_of_a_list_of_places_is_not_dropped() -> None:
    text = "The group bought two large mills in Norway, Sweden, Denmark and Finland."
    assert all("Sweden" in v for v in draw_variants(RULES["detail_dropped"], text, 60))
    assert all("mills in" in v for v in draw_variants(RULES["detail_dropped"], text, 60))


@pytest.mark.parametrize(
    ("shift", "text"),
    [
        ("fact_to_opinion", "The stronger euro might have contributed to some decline in exports."),
        ("business_detail", "Industrial production rose."),
        ("plan_realisation", "The transaction is expected to be completed next spring."),
        ("forecast_to_fact", "Inflation is expected to remain subdued in the near term."),
        ("sentiment_intensity", "Shares reached a 12-month high."),
    ],
)
def test_a_shift_declines_what_it_would_not_change_soundly(shift: str, text: str) -> None:
    assert draw_variants(RULES[shift], text, 40) == []


def test_joined_words_stay_joined() -> None:
    text = "They show how assets are measured initially and subsequently by large banks."
    assert not any("measured and" in v for v in draw_variants(RULES["detail_dropped"], text, 60))
    text = "Inflation excluding food and energy had stood at 1.0 % in March for retail customers."
    assert not any("energy and energy" in v for v in draw_variants(RULES["business_detail"], text))
    text = "The firms asked for funds related to mergers and acquisitions of small banks."
    variants = draw_variants(RULES["business_detail"], text, 60)
    assert all("mergers and acquisitions" in variant for variant in variants)
