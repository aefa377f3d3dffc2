import random

import pytest

from nmixx.triplets.rules.english import RULES, find_form
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
