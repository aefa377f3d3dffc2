import random

import pytest

from nmixx.triplets.rules.english import RULES, find_form
from nmixx.triplets.rules.english.ladder import find_synonyms
from nmixx.triplets.rules.rule import LABEL, OTHER, STATEMENT


def draw(shift, text):
    return {RULES[shift](text, random.Random(seed)) for seed in range(30)}


@pytest.mark.parametrize(
    ("text", "reversed_"),
    [
        ("Sales rose to EUR 5 mn from EUR 3 mn.", "Sales fell to EUR 3 mn from EUR 5 mn."),
        ("Profit was EUR 5 mn, up from EUR 3 mn.", "Profit was EUR 3 mn, down from EUR 5 mn."),
    ],
)
def test_figures_change_places_with_a_reversal(text, reversed_):
    assert reversed_ in draw("sentiment_reversal", text)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Net sales rose in the third quarter.", STATEMENT),
        ("Transactions recognised separately from business combinations", LABEL),
        ("Description of reasons why significant influence is overcome", LABEL),
        ("You can not delete payment terms.", OTHER),
        ("What was the operating margin in 2019?", OTHER),
    ],
)
def test_a_statement_is_told_from_a_label_and_from_what_speaks_to_a_reader(text, form):
    assert find_form(text) == form


def test_a_label_of_profit_or_loss_takes_no_modifier_inside():
    made = draw("detail_added", "Financial assets at fair value through profit or loss")
    assert not any("or " in text and not text.endswith("or loss") for text in made if text)


@pytest.mark.parametrize(
    ("shift", "text"),
    [
        ("sentiment_reversal", "The terms are set out below."),
        ("sentiment_reversal", "The fee is due before receipt of any gains."),
        ("sentiment_reversal", "The drop in turnover reflected fewer orders."),
        ("sentiment_reversal", "The chairman declined to name a buyer."),
        ("sentiment_reversal", "Sales, at EUR 5 mn, rose to that level from a revised EUR 4 mn."),
        ("sentiment_adjustment", "The index stood in line with weakness in building."),
        ("sentiment_adjustment", "There was no concern about lending."),
        ("forecast_to_fact", "Output is expected to rise by the end of 2031."),
        ("forecast_to_fact", "Output fell in March, but orders rose in April."),
        ("forecast_to_fact", "Lending would be temporary."),
        ("sentiment_intensity", "The grant relates to several mills."),
        ("sentiment_intensity", "Output was no higher."),
        ("business_detail", "Bond yields fell in the first half."),
        ("business_detail", "Inflation excluding food and energy stood at 2 %."),
        ("macro_micro_view", "Inflation had been at 2 %."),
        ("jargon_to_plain", "The annualised figure stood at 3."),
        ("detail_dropped", "It sold its contract work ( ECW )."),
        ("detail_dropped", "It owns Odell Oy (the Seller)."),
        ("detail_added", "Income net of tax"),
    ],
)
def test_a_shift_declines_what_would_not_change_or_not_make_sense(shift, text):
    assert draw(shift, text) == {None}


@pytest.mark.parametrize(
    ("shift", "text", "variant"),
    [
        ("sentiment_reversal", "Costs rose and sales fell.", "Costs dropped and sales rose."),
        ("sentiment_reversal", "Orders rose after a fall.", "Orders fell after a fall."),
        ("sentiment_adjustment", "Output had fallen.", "Worryingly, output had fallen."),
        (
            "sentiment_adjustment",
            "Members noted that exports had risen.",
            "Members welcomed the fact that exports had risen.",
        ),
        ("sentiment_adjustment", "Growth will be strong.", "Growth will be muted."),
        ("forecast_to_fact", "Prices had risen.", "Prices were expected to rise."),
        ("jargon_to_plain", "Real GDP grew.", "Output grew."),
        (
            "jargon_to_plain",
            "The output gap closed, and the output gap is nil.",
            "The slack in the economy closed, and the slack in the economy is nil.",
        ),
    ],
)
def test_a_tight_rule_still_carries_its_shift(shift, text, variant):
    seeds = range(300)
    assert variant in {RULES[shift](text, random.Random(seed)) for seed in seeds}


@pytest.mark.parametrize(
    ("text", "word"), [("Rents rose by 30 %.", "edged"), ("Rents rose by 0.2 %.", "soared")]
)
def test_a_degree_goes_with_its_figure(text, word):
    made = draw("sentiment_intensity", text)
    assert not any(word in variant for variant in made if variant)


@pytest.mark.parametrize(
    ("text", "put"),
    [
        ("It noted increasing demand and manufacturing investment.", False),
        ("It noted that the board was increasing the dividend.", True),
    ],
)
def test_a_word_before_a_noun_is_no_verb_that_could_be_another(text, put):
    changes = find_synonyms("synonyms")(text, random.Random(0))
    words = {edit.new for change in changes for edit in change}
    assert bool(words & {"raising", "producing"}) == put


def test_half_a_name_is_not_dropped():
    made = draw("detail_dropped", "The West German subsidiary won a large order in 2009.") - {None}
    assert made
    assert not any("West subsidiary" in text for text in made)
