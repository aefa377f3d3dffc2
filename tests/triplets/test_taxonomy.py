import random

import pytest

from nmixx.corpus.language import detect_language
from nmixx.records import CATEGORIES, Triplet
from nmixx.triplets.checks import failed_checks
from nmixx.triplets.rules import rules_for
from nmixx.triplets.taxonomy import SHIFTS, shifts_for

LANGUAGES = ("ko", "en")
EXAMPLES = [(shift, example) for shift in SHIFTS.values() for example in shift.examples]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_shift_has_an_example_and_a_rule_in_each_language(lang):
    rules = rules_for(lang)
    assert set(rules.shifts) == set(SHIFTS)
    for shift in SHIFTS.values():
        assert lang in {example.lang for example in shift.examples}


@pytest.mark.parametrize(("shift", "example"), EXAMPLES, ids=lambda row: getattr(row, "name", ""))
def test_each_example_keeps_the_contract_of_its_shift(shift, example):
    assert detect_language(example.text) in {None, example.lang}
    said = {"ko": f"{example.text[:-1]}, 그렇다.", "en": f"It is said: {example.text}"}
    row = Triplet(
        example.text, said[example.lang], example.shifted,
        shift.categories[0], *(example.lang,) * 3, "paraphrase", shift.name,
        0.0, "", "", extra={"origin": example.text},
    )  # fmt: skip
    assert failed_checks(row) == []


@pytest.mark.parametrize(("shift", "example"), EXAMPLES, ids=lambda row: getattr(row, "name", ""))
def test_each_rule_applies_to_the_example_of_its_shift(shift, example):
    rule = rules_for(example.lang).shifts[shift.name]
    made = {rule(example.text, random.Random(seed)) for seed in range(12)}
    assert None not in made
    assert example.text not in made


def test_rows_say_what_they_are():
    for shift in SHIFTS.values():
        assert shift.applies.endswith("?")
        assert shift.instruction.endswith(".")
        assert shift.categories
        assert set(shift.categories) <= set(CATEGORIES)


def test_an_unknown_category_takes_the_general_shifts():
    assert shifts_for("a category of one's own") == shifts_for("general")
    assert {shift.name for shift in shifts_for("regulation")} >= {"sanction_strength"}
