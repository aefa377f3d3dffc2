from nmixx.records import Pair
from nmixx.triplets.builder import build_triplets
from nmixx.triplets.given import GIVEN
from nmixx.triplets.settings import TripletSettings


def pair(number, **extra):
    return Pair(
        f"p:{number}", "The bank paid a dividend.", f"A dividend was paid, case {number}.",
        "en", "en", "entailment", "general", "g", extra=extra,
    )  # fmt: skip


def given(pairs, **options):
    result = build_triplets(pairs, TripletSettings(**options))
    return [t for t in result.triplets if t.negative_kind == GIVEN], result.dropped


def test_each_negative_gives_a_triplet_beyond_the_maximum():
    triplets, dropped = given([pair(1, negative="No one was paid."), pair(2)], maximum=0)
    assert [(t.anchor, t.positive, t.negative) for t in triplets] == [
        ("The bank paid a dividend.", "A dividend was paid, case 1.", "No one was paid.")
    ]
    assert triplets[0].positive_kind == "entailment"
    assert triplets[0].confidence == 1.0
    assert triplets[0].group == "g"
    assert not dropped


def test_a_short_or_long_negative_is_the_callers_choice():
    triplets, _ = given([pair(1, neg=["No.", "It did not. " * 40])])
    assert len(triplets) == 2


def test_a_negative_equal_to_a_text_of_the_pair_is_dropped_with_its_pair():
    triplets, dropped = given([pair(1, neg=["the bank paid a dividend"])])
    assert triplets == []
    assert [(row.id, row.source, row.reason) for row in dropped] == [("p:1", GIVEN, "same text")]


def test_they_can_be_left_out():
    assert given([pair(1, negative="No one was paid.")], given=False) == ([], [])


def test_the_language_of_a_negative_is_its_own():
    triplets, _ = given([pair(1, negative="배당금은 지급되지 않았다.")])
    assert triplets[0].negative_lang == "ko"
