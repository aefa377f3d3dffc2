import random
from dataclasses import replace

import pytest

from nmixx.records import Pair
from nmixx.triplets.material import find_places
from nmixx.triplets.mixture import Mixture, Stratum
from nmixx.triplets.settings import TripletSettings
from nmixx.triplets.translations import choose_explained

WORDS = {
    "매출": "sales", "비용": "costs", "이익": "profit", "부채": "debt", "배당": "dividend",
    "공장": "plant", "은행": "bank", "주식": "shares", "채권": "bonds", "수출": "exports",
}  # fmt: skip


def make_pair(number, korean, english, *, source="one", flip=False):
    anchor, positive = (korean, "ko"), (english, "en")
    if flip:
        anchor, positive = positive, anchor
    return Pair(
        id=f"{source}-{number}", anchor=anchor[0], positive=positive[0], anchor_lang=anchor[1],
        positive_lang=positive[1], category="news", kind="translation", group=f"{source}-{number}",
        extra={"source": source},
    )  # fmt: skip


def make_corpus(*, seed=3, size=120, wrong=20, source="one"):
    """Three words a text, given in the other language; in the first pairs one of them is wrong."""
    chooser = random.Random(seed)
    pairs = []
    for number in range(size):
        words = chooser.sample(list(WORDS), 3)
        english = [WORDS[word] for word in words]
        if number < wrong:
            english[0] = chooser.choice(sorted(set(WORDS.values()) - set(english)))
        flip = number % 2 == 0
        pairs.append(
            make_pair(number, " ".join(words), " ".join(english), source=source, flip=flip)
        )
    return pairs


def korean_of(pair):
    return pair.anchor if pair.anchor_lang == "ko" else pair.positive


@pytest.mark.parametrize("seed", range(5))
def test_pairs_with_a_wrong_word_are_explained_least(seed):
    pairs = make_corpus(seed=seed)
    assert choose_explained(pairs, 100 / 120) == pairs[20:]


def test_a_lost_word_is_found_on_whichever_side():
    whole = make_corpus(wrong=0)
    lost = [
        make_pair(900, "매출 비용 이익", "sales costs"),
        make_pair(901, "매출 비용", "sales costs debt"),
    ]
    kept = choose_explained([*lost, *whole], 120 / 122)
    assert kept == whole


def test_each_source_keeps_its_share_in_the_order_given():
    pairs = [*make_corpus(source="one", size=60), *make_corpus(source="two", size=100, wrong=0)]
    kept = choose_explained(pairs, 0.5)
    assert [pair.extra["source"] for pair in kept] == ["one"] * 30 + ["two"] * 50
    assert kept == [pair for pair in pairs if pair in kept]


def test_all_are_kept_unread_where_all_are_asked_for():
    pairs = make_corpus()
    assert choose_explained(pairs, 1.0) == pairs
    assert choose_explained([], 0.5) == []


def test_only_sound_translations_give_places_across_languages():
    pairs = make_corpus()
    settings = TripletSettings(explained=0.5, mixture=Mixture(directions={"ko-en": 1, "en-ko": 0}))
    strata = find_places(pairs, [], settings, seed=0)
    across = {place.text for place in strata[Stratum("news", "ko-en")]}
    within = {place.text for place in strata[Stratum("news", "ko-ko")]}
    assert across == {korean_of(pair) for pair in choose_explained(pairs, 0.5)}
    assert within == {korean_of(pair) for pair in pairs}


def test_pairs_in_one_language_are_no_translations():
    reworded = [
        replace(pair, id=f"same-{pair.id}", anchor_lang="en", positive_lang="en")
        for pair in make_corpus(size=4)
    ]
    pairs = [*make_corpus(), *reworded]
    assert choose_explained(pairs, 0.5)[-4:] == reworded
