import random
from collections import Counter

import pytest

from nmixx.errors import RecipeError
from nmixx.records import Triplet
from nmixx.triplets.mixture import Balance, Mixture, Stratum, count_mixture, sample_balanced
from nmixx.triplets.settings import TripletSettings


def triplet(number, category="news", langs=("ko", "en"), shift="detail_added"):
    anchor, positive = langs
    return Triplet(
        f"anchor {number}", "positive", "negative", category, anchor, positive, positive,
        "translation", shift, 1.0, "g", f"rule:{positive}:{number}",
    )  # fmt: skip


def draw(pool, size, **weights):
    return sample_balanced(pool, size, Mixture(**weights), seed=3)


POOL = [
    triplet(number, category, langs, shift)
    for number, (category, langs, shift) in enumerate(
        [("news", ("ko", "en"), "detail_added")] * 300
        + [("report", ("ko", "ko"), "fact_to_opinion")] * 60
        + [("news", ("en", "ko"), "sentiment_reversal")] * 90
        + [("report", ("en", "en"), "jargon_to_plain")] * 60
    )
]


def test_equal_weights_give_equal_parts_of_what_is_there():
    counts = count_mixture(draw(POOL, 200))
    assert counts["category"] == {"news": 100, "report": 100}
    assert set(counts["direction"].values()) == {50}


def test_weights_set_the_parts():
    pool = [triplet(n, category) for n in range(100) for category in ("news", "report")]
    counts = count_mixture(draw(pool, 120, categories={"news": 3}))
    assert counts["category"] == {"news": 90, "report": 30}


def test_a_weight_of_nothing_leaves_out():
    drawn = draw(POOL, 1000, shifts={"detail_added": 0}, directions={"ko-ko": 0})
    assert count_mixture(drawn)["shift"] == {"sentiment_reversal": 90, "jargon_to_plain": 60}


def test_what_is_short_gives_all_it_has_and_others_fill_up():
    drawn = draw(POOL, 400)
    assert len(drawn) == 400
    assert count_mixture(drawn)["category"]["report"] == 120
    assert len({row.anchor for row in drawn}) == 400


def test_the_draw_is_the_seeds_and_not_the_files():
    assert draw(POOL, 50) == draw(POOL, 50)
    assert draw(POOL, 50) != sample_balanced(POOL, 50, Mixture(), seed=4)


def test_the_shift_that_lags_comes_first_and_none_runs_ahead():
    balance, stratum = Balance(Mixture()), Stratum("news", "ko-en")
    rivals = ["detail_added", "detail_dropped"]
    for _ in range(40):
        balance.add(stratum, "detail_added")
    assert balance.order(rivals, random.Random(0)) == ["detail_dropped", "detail_added"]
    assert not balance.allows("detail_added", rivals)
    assert balance.allows("detail_dropped", rivals)


@pytest.mark.parametrize(
    ("weights", "said"),
    [({"shifts": {"detail_aded": 1}}, "no shift is called"), ({"categories": {"x": -1}}, "below")],
)
def test_wrong_weights_are_refused_by_name(weights, said):
    with pytest.raises(RecipeError, match=said):
        TripletSettings.parse({"mixture": weights}, "recipe")


def test_counts_name_every_part():
    counts = count_mixture(POOL)
    assert counts["shift"]["fact_to_opinion"] == 60
    assert counts["direction"] == Counter({"ko-en": 300, "en-ko": 90, "ko-ko": 60, "en-en": 60})
