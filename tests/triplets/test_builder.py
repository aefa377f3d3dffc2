import random
from collections import Counter

import pytest

from nmixx.records import Document, Pair
from nmixx.triplets import builder
from nmixx.triplets.builder import build_triplets
from nmixx.triplets.maker import Maker
from nmixx.triplets.material import Place
from nmixx.triplets.mixture import Mixture, count_mixture
from nmixx.triplets.rules.english import RULES
from nmixx.triplets.settings import TripletSettings
from nmixx.triplets.taxonomy import SHIFTS

pytest.importorskip("kiwipiepy", reason="Korean triplets need the extra ko")

KO = (
    "회사는 올해 3분기 매출이 전년 동기 대비 {n}% 증가했다고 밝혔다. "
    "영업이익은 원재료 가격 상승으로 인하여 {n}억원 감소한 것으로 나타났다."
)
EN = (
    "The company said net sales increased by {n} % in the third quarter of 2009. "
    "Operating profit fell to EUR {n} mn compared with the previous year due to higher costs."
)
PAIRS = [
    Pair(
        f"p:{n}",
        f"회사는 올해 {n}개의 공장을 건설할 예정이다.",
        f"The company will build {n} new plants in Finland this year.",
        "ko", "en", "translation", "news", f"g{n}",
    )
    for n in range(3, 20)
]  # fmt: skip
DOCUMENTS = [
    Document(f"d:{lang}{n}", text.format(n=n), lang, category, f"d{lang}{n}", "made")
    for n in range(11, 30)
    for lang, text, category in (("ko", KO, "disclosure"), ("en", EN, "disclosure"))
]


def build(pairs=PAIRS, documents=DOCUMENTS, **options):
    return build_triplets(pairs, TripletSettings(**options), documents=documents, seed=1)


@pytest.fixture(scope="module")
def balanced():
    return build(maximum=64).triplets


def test_all_four_directions_get_their_part(balanced):
    assert count_mixture(balanced)["direction"] == dict.fromkeys(
        ("ko-en", "en-ko", "ko-ko", "en-en"), 16
    )
    assert count_mixture(balanced)["category"] == {"news": 32, "disclosure": 32}


def test_documents_give_sentences_reworded_and_shifted(balanced):
    rows = [row for row in balanced if row.provenance.startswith("rule:en:d:")]
    assert rows
    for row in rows:
        if row.negative_kind != "detail_added":
            assert row.anchor in DOCUMENTS[int(row.group[3:]) * 2 - 21].text
        assert row.positive_kind == "paraphrase"
        assert len({row.anchor, row.positive, row.negative}) == 3


@pytest.mark.parametrize("reworded", [0.0, 1.0])
@pytest.mark.parametrize("lang", ["ko", "en"])
def test_an_added_detail_is_one_that_somebody_wrote(lang, reworded):
    texts = [text for text in DOCUMENTS if text.lang == lang]
    mixture = Mixture(shifts=dict.fromkeys(set(SHIFTS) - {"detail_added"}, 0))
    written = " ".join(text.text for text in texts)
    made = build((), texts, maximum=12, reworded=reworded, mixture=mixture).triplets
    rows = [row for row in made if row.anchor not in written]  # the rest can spare nothing
    assert len(rows) >= len(made) / 3
    for row in rows:
        assert len(row.anchor) < len(row.negative)
        assert (row.negative in written) == (reworded == 0)


def rare_among_many(monkeypatch, patience):
    monkeypatch.setattr(builder, "_PATIENCE", patience)
    common = [
        Pair(
            f"c:{n}", f"당사의 영업이익은 2009년에 {n}% 감소했다.",
            f"The company's operating profit fell by {n} % in 2009.",
            "ko", "en", "translation", "news", f"c{n}",
        )
        for n in range(300)
    ]  # fmt: skip
    wanted = ("plan_realisation", "emerging_situation")
    mixture = Mixture(shifts=dict.fromkeys(set(SHIFTS) - set(wanted), 0))
    made = build([*common, *PAIRS], (), maximum=40, same_language=0, per_pair=1, mixture=mixture)
    return count_mixture(made.triplets)["shift"]["plan_realisation"]


def test_a_shift_that_few_texts_can_carry_is_searched_for(monkeypatch):
    assert rare_among_many(monkeypatch, 50) >= 11 > rare_among_many(monkeypatch, 1)


def test_no_text_is_asked_twice_for_a_shift_that_it_cannot_carry(monkeypatch):
    asked = Counter()
    make = Maker.make

    def count(maker, shift):
        triplet = make(maker, shift)
        if triplet is None:
            asked[maker._place.id, maker._place.stratum, shift] += 1
        return triplet

    monkeypatch.setattr(builder.Maker, "make", count)
    build(maximum=200)
    assert asked
    assert set(asked.values()) == {1}


def test_one_detail_or_several_are_dropped():
    text = (
        "The group sold its paper mill in Finland to a local investor during the third quarter, "
        "including the land around it."
    )
    place = Place("p", "공장", "ko", "news", "p", translation=text, translation_lang="en")
    settings = TripletSettings(reworded=0)
    made = [
        Maker(place, settings, random.Random(seed)).make("detail_dropped") for seed in range(40)
    ]
    lengths = {len(row.negative) for row in made if row is not None}
    once = {len(RULES["detail_dropped"](text, random.Random(seed))) for seed in range(200)}
    assert once & lengths
    assert min(lengths) < min(once)


def test_the_same_seed_gives_the_same_triplets_in_the_same_order(balanced):
    assert build(maximum=64).triplets == balanced
    assert build_triplets(
        PAIRS, TripletSettings(maximum=64), documents=DOCUMENTS, seed=2
    ).triplets != (balanced)


def test_within_no_language_when_no_share_is_asked_for():
    directions = count_mixture(build(maximum=30, same_language=0).triplets)["direction"]
    assert set(directions) == {"ko-en", "en-ko"}


def test_across_none_when_it_is_left_out():
    made = build(documents=(), maximum=12, cross_lingual=False).triplets
    assert {row.category for row in made} <= {"news"}
    assert not {"ko-en", "en-ko"} & set(count_mixture(made)["direction"])


def test_a_mixture_chooses_and_the_counts_tell():
    result = build(maximum=20, mixture=Mixture(categories={"news": 0}, shifts={"detail_added": 0}))
    counts = result.counts()
    assert counts["category: disclosure"] == 20
    assert "detail_added" not in counts
    assert counts["direction: en-en"] == counts["direction: ko-ko"] == 10


def test_negatives_come_from_the_text_or_from_its_rewording():
    for share, side in ((0.0, "anchor"), (1.0, "positive")):
        rows = build(pairs=(), maximum=10, reworded=share).triplets
        found = [row.extra["origin"] == getattr(row, side) for row in rows]
        assert sum(found) >= 7


def test_the_number_of_workers_changes_no_triplet(monkeypatch):
    monkeypatch.setattr(builder, "_SHARD_TRIPLETS", 8)
    english = [text for text in DOCUMENTS if text.lang == "en"]
    settings = TripletSettings(maximum=24)
    one, two = (
        build_triplets((), settings, documents=english, seed=1, workers=workers)
        for workers in (1, 2)
    )
    assert one == two
    assert len(one.triplets) == 24


def test_a_sentence_told_twice_is_one_place():
    twice = [*DOCUMENTS[:1], Document("again", DOCUMENTS[0].text, "ko", "disclosure", "a", "made")]
    made = build(pairs=(), documents=twice, per_pair=1).triplets
    assert len({row.anchor for row in made}) == len(made)
