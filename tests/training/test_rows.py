from dataclasses import replace

import pytest

from nmixx.records import Pair, Triplet
from nmixx.training.rows import glossary_rows, negative_rows, pair_rows, triplet_rows
from nmixx.training.settings import StepSettings


def make_pair(number, *, langs=("ko", "en"), kind="translation", **extra):
    texts = [f"{lang} text {number}" for lang in langs]
    return Pair(f"p{number:03}", *texts, *langs, kind, "news", f"g{number}", extra)


def make_triplet(number, kind="intensity"):
    texts = (f"anchor {number}", f"positive {number}", f"negative {number}")
    rest = ("news", "en", "en", "en", "paraphrase", kind, 1.0, f"g{number}", "rule")
    return Triplet(*texts, *rest)


def draw(pairs, seed=0, pivot="en", **options):
    step = StepSettings(name="s", objective="pair_ranking", **options)
    return pair_rows(pairs, step, pivot=pivot, seed=seed)


def test_the_pivot_side_is_found_whichever_side_it_is():
    rows = draw([make_pair(0), make_pair(1, langs=("en", "ko"))])
    assert rows.columns == {
        "pivot": ["en text 0", "en text 1"],
        "other": ["ko text 0", "ko text 1"],
    }
    assert rows.groups == ["g0", "g1"]
    other_way = draw([make_pair(0)], pivot="ko")
    assert other_way.columns["pivot"] == ["ko text 0"]


@pytest.mark.parametrize("langs", [("ko", "ja"), ("en", "en")])
def test_where_neither_or_both_sides_are_the_pivot_the_anchor_is(langs):
    pair = make_pair(0, langs=langs)
    assert draw([pair]).columns["pivot"] == [pair.anchor]


@pytest.mark.parametrize(
    ("pair", "known"),
    [
        (make_pair(0), "en text 0"),
        (make_pair(0, langs=("en", "en"), kind="paraphrase"), "en text 0"),
        (make_pair(0, langs=("ko", "ja")), ""),
        (make_pair(0, kind="qa"), ""),
        (make_pair(0, langs=("en", "en"), kind="title"), ""),
        (make_pair(0, langs=("ko", "ko"), kind="entailment"), ""),
    ],
)
def test_only_a_side_that_says_what_the_row_says_is_held_on_to(pair, known):
    assert draw([pair], kinds=(pair.kind,)).pivots == [known]


def test_only_the_kinds_asked_for_are_drawn():
    pairs = [make_pair(0), make_pair(1, kind="qa"), make_pair(2, kind="title")]
    assert draw(pairs).groups == ["g0"]
    assert draw(pairs, kinds=("qa", "title")).groups == ["g1", "g2"]


def test_terms_and_sentences_have_caps_of_their_own():
    pairs = [make_pair(at, unit="term" if at < 30 else "sentence") for at in range(60)]
    pairs += [make_pair(99)]  # without a unit it is a sentence
    rows = draw(pairs, terms=4, sentences=7)
    terms = [group for group in rows.groups if int(group[1:]) < 30]
    assert (len(terms), len(rows)) == (4, 11)
    assert len(draw(pairs, terms=0)) == 31
    assert len(draw(pairs)) == 61


def test_the_weight_is_the_share_that_is_drawn():
    def count(weight):
        return len(draw([make_pair(at, weight=weight) for at in range(2000)]))

    assert 880 < count(0.5) < 1120
    assert count(0.0) == 0
    assert count(1.0) == count(None) == 2000
    assert count(2.0) == 4000
    assert 2880 < count(1.5) < 3120


def test_rows_are_in_order_of_id_and_the_same_for_the_same_seed():
    pairs = [make_pair(at) for at in range(50)]
    rows = draw(pairs[::-1], sentences=20, seed=1)
    assert rows.groups == sorted(rows.groups, key=lambda group: int(group[1:]))
    assert rows == draw(pairs[::-1], sentences=20, seed=1)
    assert rows.groups != draw(pairs[::-1], sentences=20, seed=2).groups


def test_triplets_and_mined_ones_have_caps_of_their_own():
    shifted = [make_triplet(at) for at in range(20)]
    mined = [make_triplet(at, "mined") for at in range(100, 120)]

    def groups(**options):
        step = StepSettings(name="s", objective="triplet", **options)
        return [int(g[1:]) for g in triplet_rows(shifted, mined, step, pivot="en", seed=0).groups]

    assert groups() == list(range(20))
    assert groups(mined=None) == [*range(20), *range(100, 120)]
    some = groups(triplets=5, mined=3)
    assert [number >= 100 for number in some] == [False] * 5 + [True] * 3
    assert len(set(some)) == 8
    assert groups(triplets=0, mined=99) == list(range(100, 120))


def test_given_triplets_are_drawn_apart_from_the_shifted_ones():
    triplets = [make_triplet(at, "given" if at >= 10 else "detail_added") for at in range(20)]

    def groups(**options):
        step = StepSettings(name="s", objective="triplet", **options)
        return [int(g[1:]) for g in triplet_rows(triplets, [], step, pivot="en", seed=0).groups]

    assert groups() == list(range(20))
    assert groups(triplets=0) == list(range(10, 20))
    assert groups(given=0) == list(range(10))
    assert [number >= 10 for number in groups(triplets=2, given=3)] == [False] * 2 + [True] * 3


def test_a_triplets_texts_stay_in_one_row():
    step = StepSettings(name="s", objective="triplet", triplets=5)
    rows = triplet_rows([make_triplet(at) for at in range(20)], [], step, pivot="en", seed=0)
    for texts in zip(*rows.columns.values(), rows.groups, strict=True):
        assert {text.strip("ganchorpsitve ") for text in texts} == {texts[-1][1:]}


def test_the_pivot_of_a_triplet_is_its_side_in_the_pivot_language():
    made = [
        replace(make_triplet(0), anchor_lang="en", positive_lang="ko"),
        replace(make_triplet(1), anchor_lang="ko", positive_lang="en"),
        replace(make_triplet(2), anchor_lang="ko", positive_lang="ko"),
    ]
    step = StepSettings(name="s", objective="triplet")
    rows = triplet_rows(made, [], step, pivot="en", seed=0)
    assert rows.pivots == [made[0].anchor, made[1].positive, ""]


def test_negatives_of_one_anchor_become_columns_of_one_row():
    mined = [
        replace(make_triplet(anchor, "mined"), negative=f"n{anchor}.{rank}")
        for anchor, count in enumerate([1, 3, 2, 5])
        for rank in range(count)
    ]
    step = StepSettings(name="s", objective="multiple_negatives", mined=None, negatives=3)
    rows = negative_rows([], mined, step, pivot="en", seed=0)
    assert rows.groups == ["g0", "g1", "g2", "g3", "g3"]
    assert list(rows.columns) == ["anchor", "positive", "negative_1", "negative_2", "negative_3"]
    negatives = list(zip(*list(rows.columns.values())[2:], strict=True))
    assert negatives == [
        ("n0.0", "", ""),
        ("n1.0", "n1.1", "n1.2"),
        ("n2.0", "n2.1", ""),
        ("n3.0", "n3.1", "n3.2"),
        ("n3.3", "n3.4", ""),
    ]


def test_a_glossarys_rows_are_its_terms_with_the_other_side_of_the_neighbour():
    def pair(number, anchor, positive, kind="translation", unit="term"):
        return Pair(
            f"p{number}", anchor, positive, "ko", "en", kind, "report", f"g{number}", {"unit": unit}
        )

    pairs = [
        pair(0, "영업이익", "operating profit"),
        pair(1, "영업손실", "operating loss"),
        pair(2, "예금", "money kept at a bank for a while and then paid back", "qa", "sentence"),
        pair(3, "은행은 부진한 분기 뒤에 배당을 줄였다.", "The bank cut its dividend."),
    ]
    step = StepSettings(name="s", objective="lexical", kinds=("translation", "qa"))
    rows = glossary_rows(pairs, step, pivot="en", seed=0)
    assert rows.groups == ["g0", "g1", "g2"]
    assert rows.columns["negative"][:2] == ["영업손실", "영업이익"]
    assert rows.columns["pivot"] == ["operating profit", "operating loss", pairs[2].positive]


MIXED = [
    replace(
        make_triplet(at, "mined" if at % 2 else "intensity"),
        category="news" if at % 3 else "report",
        anchor_lang="ko" if at % 5 else "en",
    )
    for at in range(3000)
]


def test_the_mixture_weighs_by_category_shift_and_direction_and_is_reported():
    mixture = {"category": {"news": 0.5}, "shift": {"mined": 0}, "direction": {"ko-en": 2}}
    step = StepSettings(name="s", objective="triplet", mixture=mixture)
    rows = triplet_rows(MIXED, [], step, pivot="en", seed=0)
    counts = rows.composition
    assert counts["shift"] == {"intensity": len(rows)}
    # Of 1,500 rows 1,000 are news, of either 4 in 5 are ko-en.
    assert counts["direction"]["ko-en"] == pytest.approx((1000 * 0.5 + 500) * 0.8 * 2, rel=0.1)
    assert counts["direction"]["en-en"] == pytest.approx((1000 * 0.5 + 500) * 0.2, rel=0.2)
    assert counts["category"]["news"] == pytest.approx(len(rows) / 2, rel=0.1)
    assert rows == triplet_rows(MIXED, [], step, pivot="en", seed=0)
    assert rows.groups != triplet_rows(MIXED, [], step, pivot="en", seed=1).groups


def test_without_a_mixture_the_rows_are_as_they_were():
    step = StepSettings(name="s", objective="triplet")
    rows = triplet_rows(MIXED, [], step, pivot="en", seed=0)
    assert rows.columns["anchor"] == [triplet.anchor for triplet in MIXED]
    assert sum(rows.composition["category"].values()) == 3000
