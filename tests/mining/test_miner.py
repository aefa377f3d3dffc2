"""Mining from end to end with a real dense teacher that knows texts by their spelling."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mining.worlds import (
    DIMENSIONS,
    document,
    hash_teacher,
    make_documents,
    mine,
    pair,
    scorer_of,
)
from nmixx.corpus.clean import normalise_key
from nmixx.errors import DataError, InputError
from nmixx.mining import MiningSettings, mine_hard_negatives
from nmixx.mining.miner import (
    ABOVE_CEILING,
    TOO_FEW,
    UNKNOWN_POSITIVE,
    mine_pool,
)
from nmixx.mining.pool import build_pool
from nmixx.mining.review import NEAR_DUPLICATE, SECOND_TEACHER
from nmixx.mining.teachers.lexical import LexicalTeacher
from nmixx.records import Candidate, Document, Pair
from nmixx.storage import read_records
from nmixx.testing import HashEncoder

SETTINGS = MiningSettings(negatives=3)
# Few texts, many of them the same but for form, so that everything collides with everything.
TEXTS = ("Profit rose", "profit rose.", "PROFIT  ROSE!", "Profit fell", "profit fell", "Rates", "x")
TEXT = st.sampled_from(TEXTS)
GROUP = st.sampled_from(["", *"abcd"])
LANG = st.sampled_from(["en", "ko"])
CHOICES = [
    {"policy": "naive"},
    {"policy": "shifted", "margin": 1},
    {"policy": "absolute", "margin": 0.5},
    {"policy": "margin_pos"},
    {"margin": 0.5},
    {"margin": 1.0},
    {"policy": "perc_pos_apart"},
]


@settings(max_examples=80)
@given(
    st.lists(st.tuples(TEXT, TEXT, LANG, LANG, GROUP), min_size=1, max_size=5),
    st.lists(st.tuples(TEXT, LANG, GROUP), max_size=6),
    st.sampled_from(CHOICES),
    st.sampled_from(["positive", "any"]),
    st.sampled_from(["lowest", "each"]),
    st.sampled_from(["keep", "fill"]),
    st.sampled_from([None, 0.8]),
)
def test_a_negative_is_never_what_means_the_same_nor_scores_too_high(
    tmp_path_factory, rows, others, choice, language, positives, shortfall, near
):
    pairs = [
        Pair(f"p{at}", anchor, positive, one, other, "paraphrase", "news", group)
        for at, (anchor, positive, one, other, group) in enumerate(rows)
    ]
    documents = [
        Document(f"d{at}", text, lang, "news", group, "s")
        for at, (text, lang, group) in enumerate(others)
    ]
    options = MiningSettings(
        **choice,
        negatives=9,
        language=language,
        positives=positives,
        shortfall=shortfall,
        near_duplicates=near,
    )
    result = mine(pairs, documents, tmp_path_factory.mktemp("mine"), options)
    owners = [(p.group, text) for p in pairs for text in (p.anchor, p.positive)]
    owners += [(d.group, d.text) for d in documents]
    anchors = Counter(normalise_key(p.anchor) for p in pairs)
    for negative in result.negatives:
        key = normalise_key(negative.negative)
        assert key not in {normalise_key(negative.anchor), normalise_key(negative.positive)}
        own = [p for p in pairs if normalise_key(p.anchor) == normalise_key(negative.anchor)]
        assert key not in {normalise_key(p.positive) for p in own}
        groups = {p.group for p in own} - {""}
        assert not groups & {group for group, text in owners if normalise_key(text) == key}
        if negative.tier == "policy":
            assert negative.score < negative.threshold
        else:
            assert negative.score < negative.positive_score
        assert language == "any" or negative.negative_lang == own[0].positive_lang
    if positives == "each":
        assert len(result.pool.queries) == len(pairs)
    else:
        assert len(result.pool.queries) == len(anchors)


def test_scores_and_thresholds_are_those_of_the_teacher(pairs, tmp_path):
    result = mine(pairs, make_documents(), tmp_path, SETTINGS)
    assert len(result.negatives) == 3 * len(pairs)
    encode = HashEncoder(DIMENSIONS).encode
    for negative in result.negatives:
        anchor, positive, found = encode([negative.anchor, negative.positive, negative.negative])
        assert negative.score == pytest.approx(anchor @ found, abs=1e-5)
        assert negative.positive_score == pytest.approx(anchor @ positive, abs=1e-5)
        expected = negative.positive_score - abs(negative.positive_score) * 0.05
        assert negative.threshold == pytest.approx(expected, abs=1e-6)
        assert (negative.tier, negative.teacher) == ("policy", "hash")


def test_the_best_allowed_candidates_are_found_best_first(pairs, tmp_path):
    documents = make_documents()
    result = mine(pairs, documents, tmp_path, SETTINGS.model_copy(update={"near_duplicates": None}))
    encode = HashEncoder(DIMENSIONS).encode
    for one in pairs:
        own = [negative for negative in result.negatives if negative.query_id == one.id]
        texts = [d.text for d in documents if d.lang == "en"]
        others = [other for other in pairs if other.group != one.group]
        texts += [text for other in others for text in (other.anchor, other.positive)]
        scores = encode(texts) @ encode([one.anchor])[0]
        allowed = np.sort(scores[scores < own[0].threshold])[::-1]
        assert [negative.score for negative in own] == pytest.approx(allowed[:3], abs=1e-5)


def test_negatives_are_in_the_positives_language_unless_asked_otherwise(pairs, tmp_path):
    every = SETTINGS.model_copy(update={"negatives": 99})
    same = mine(pairs, make_documents(), tmp_path, every)
    assert {negative.negative_lang for negative in same.negatives} == {"en"}
    free = every.model_copy(update={"language": "any"})
    any_language = mine(pairs, make_documents(), tmp_path, free)
    assert {negative.negative_lang for negative in any_language.negatives} == {"en", "ko"}
    share = np.mean([row.negative_lang == row.anchor_lang for row in any_language.negatives])
    assert any_language.report()["query_language_share"] == pytest.approx(share)


def test_several_positives_give_a_row_for_each_pair_and_negative(tmp_path):
    near, far = "Profit rose a lot", "지난해보다 늘었다"
    pairs = [
        pair(0, "Profit rose", near, anchor_lang="en", group="g"),
        pair(1, "Profit rose", far, anchor_lang="en", positive_lang="ko", group="g"),
    ]
    options = SETTINGS.model_copy(update={"language": "any"})
    lowest = mine(pairs, make_documents(), tmp_path, options)
    assert lowest.counts()["queries"] == 1
    assert {row.threshold for row in lowest.negatives} == {float(lowest.selection.ceilings[0])}
    assert Counter((row.positive) for row in lowest.negatives) == {near: 3, far: 3}
    assert len({row.positive_score for row in lowest.negatives}) == 2
    each = mine(pairs, make_documents(), tmp_path, options.model_copy(update={"positives": "each"}))
    assert each.counts()["queries"] == 2
    thresholds = {row.positive: row.threshold for row in each.negatives}
    assert thresholds[near] > thresholds[far] == lowest.negatives[0].threshold


def test_a_query_that_comes_short_is_written_down(pairs, tmp_path):
    few = pairs[:2]
    result = mine(few, [], tmp_path, SETTINGS.model_copy(update={"negatives": 5}))
    first, second = (row for row in result.dropped if row.reason == TOO_FEW)
    assert (first.id, first.text, first.source) == ("p00", few[0].anchor, "hash")
    assert second.id == "p01"
    found = sum(negative.query_id == "p00" for negative in result.negatives)
    assert found == 2  # both sides of the other pair
    assert first.detail.startswith(f"{found} of 5 kept, ceiling 0.")
    assert result.counts()["queries_short"] == 2


def test_a_language_without_any_candidate_comes_short_and_does_not_fail(tmp_path):
    one = pair(0, "영업이익", "Profit")
    result = mine([one], [document(0, "Losses", lang="ko")], tmp_path, SETTINGS)
    assert result.negatives == []
    assert [row.reason for row in result.dropped] == [TOO_FEW]
    assert read_records(tmp_path / "mined" / "run.parquet", Candidate) == []


def test_a_run_that_says_nothing_of_a_positive_gives_its_query_nothing(tmp_path):
    pool = build_pool([pair(0), pair(1)], [document(0), document(1)], each_positive=False)
    scores = np.full((2, len(pool.documents)), np.nan)
    scores[:, :2] = 0.5, 0.25
    scores[1, pool.queries[1].positives] = 0.75
    scorer = scorer_of(scores, pool.queries)
    result = mine_pool(pool, scorer, MiningSettings(negatives=2), teacher="run:x")
    assert [(row.id, row.reason) for row in result.dropped] == [("p0", UNKNOWN_POSITIVE)]
    assert [row.document_id for row in result.negatives] == ["d0", "d1"]
    assert (result.counts()["queries_short"], result.counts()["queries_with_negatives"]) == (1, 1)
    naive = mine_pool(pool, scorer, MiningSettings(policy="naive", negatives=2), teacher="run:x")
    assert np.isnan([row.positive_score for row in naive.negatives[:2]]).all()
    assert naive.report()["mean_positive_score"] == 0.75


def test_better_candidates_that_were_not_taken_are_written_down_with_the_reason(tmp_path):
    texts = ["The bank cut its dividend again", "Profit of the bank rose.", "Profit grew", "Rates"]
    one = pair(0, "이익", "Profit of the bank rose")
    pool = build_pool(
        [one],
        [document(n, text) for n, text in enumerate([texts[0], texts[1] + " So", *texts[2:]])],
        each_positive=False,
    )
    scores = np.array([[0.9, 0.7, 0.6, 0.5, np.nan, 0.8]])
    assert [found.text for found in pool.documents][4:] == ["이익", "Profit of the bank rose"]
    result = mine_pool(
        pool,
        scorer_of(scores, pool.queries),
        MiningSettings(negatives=1, near_duplicates=0.7),
        teacher="t",
        consensus=scorer_of([[0.1, 0.1, 0.9, 0.1, 0.1, 0.8]], pool.queries),
    )
    assert [row.document_id for row in result.negatives] == ["d3"]
    assert {(row.id, row.reason, row.detail) for row in result.dropped} == {
        ("d0", ABOVE_CEILING, "score 0.9000"),
        ("d1", NEAR_DUPLICATE, "score 0.7000"),
        ("d2", SECOND_TEACHER, "score 0.6000"),
    }
    assert {row.extra["query_id"] for row in result.dropped} == {"p0"}
    assert result.report()["dropped"] == {ABOVE_CEILING: 1, NEAR_DUPLICATE: 1, SECOND_TEACHER: 1}
    # Ranks are among all candidates: the best one scored too high.
    assert [row.rank for row in result.negatives] == [4]


def test_consensus_of_two_teachers(pairs, tmp_path):
    alone = mine(pairs, make_documents(), tmp_path, SETTINGS)
    rough = hash_teacher(tmp_path / "store", dimensions=1)  # finds things alike, or opposites
    both = mine(pairs, make_documents(), tmp_path, SETTINGS, consensus=rough)
    turned = [row for row in both.dropped if row.reason == SECOND_TEACHER]
    assert len(turned) > 20
    assert {len(chosen) for chosen in alone.selection.chosen} == {3}
    scorer = rough.open(both.pool.queries, both.pool.documents)
    for number, query in enumerate(both.pool.queries):
        rows = [found.document for found in both.selection.chosen[number]]
        (positive,) = scorer.pairs(np.array([number]), np.array(query.positives))
        scores = scorer.pairs(np.full(len(rows), number), np.array(rows, dtype=np.int64))
        assert (scores < positive - abs(positive) * 0.05).all()
        assert len(rows) == (3 if positive > 0 else 0)


@pytest.mark.parametrize("name", ["teacher", "consensus"])
def test_a_margin_on_unbounded_scores_is_refused_before_anything_is_written(pairs, tmp_path, name):
    given = {"teacher": hash_teacher(tmp_path / "store"), name: LexicalTeacher()}
    with pytest.raises(InputError, match="'bm25': its scores have no bounds"):
        mine_hard_negatives(pairs, [], settings=SETTINGS, out=tmp_path / "mined", **given)
    assert not (tmp_path / "mined").exists()


def test_a_negative_becomes_a_triplet(pairs, tmp_path):
    negative = mine(pairs, make_documents(), tmp_path, SETTINGS).negatives[0]
    triplet = negative.to_triplet()
    assert triplet.negative_kind == "mined"
    assert (triplet.anchor, triplet.negative) == (negative.anchor, negative.negative)
    assert triplet.positive_kind == "qa"
    assert triplet.group == negative.group
    assert negative.document_id in triplet.provenance


def test_another_seed_draws_other_queries(pairs, tmp_path):
    options = SETTINGS.model_copy(update={"queries": 4})
    drawn = [
        {query.id for query in mine(pairs, [], tmp_path, options, seed=seed).pool.queries}
        for seed in (0, 1)
    ]
    assert drawn[0] != drawn[1]


def test_texts_that_are_too_long_take_no_part(pairs, tmp_path):
    documents = [document(0, "profit " * 12), document(1, "profit " * 11)]
    options = SETTINGS.model_copy(update={"max_words": 11})
    pool = mine(pairs, documents, tmp_path, options).pool
    assert {"d1"} == {found.id for found in pool.documents} & {"d0", "d1"}
    assert len(pool.queries) == sum(len(one.positive.split()) <= 11 for one in pairs) < len(pairs)


def test_no_pair_at_all_is_refused(pairs, tmp_path):
    with pytest.raises(DataError, match="no pair is left to mine for"):
        mine(pairs, [], tmp_path, SETTINGS.model_copy(update={"max_words": 1}))
    assert not (tmp_path / "mined").exists()
