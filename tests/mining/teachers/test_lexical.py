import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mining.brute import BruteTeacher
from nmixx.errors import InputError
from nmixx.mining.rules import Rule, Rules
from nmixx.mining.teachers import Query, Tier
from nmixx.mining.teachers.lexical import LexicalTeacher, WordIndex
from nmixx.records import Document

WORDS = st.lists(st.sampled_from(["rate", "bond", "bank", "loss", "fund", "debt"]), max_size=6)


def document(text, lang="en", at=0):
    return Document(f"d{at}", text, lang, "news", f"g{at}", "s")


def open_on(queries, documents, **options):
    """Open on (text, lang) pairs."""
    return LexicalTeacher(**options).open(
        [Query(f"q{at}", text, lang, ()) for at, (text, lang) in enumerate(queries)],
        [document(text, lang, at) for at, (text, lang) in enumerate(documents)],
    )


def score_by_hand(query, documents, k1, b):
    """Okapi BM25 in Lucene's form, term by term."""
    mean = sum(map(len, documents)) / len(documents)
    scores = np.zeros(len(documents))
    for word in query:
        having = sum(word in words for words in documents)
        rarity = math.log(1 + (len(documents) - having + 0.5) / (having + 0.5))
        for at, words in enumerate(documents):
            times = words.count(word)
            if times:
                scores[at] += rarity * times / (times + k1 * (1 - b + b * len(words) / mean))
    return scores


@given(WORDS, st.lists(WORDS, min_size=1, max_size=8), st.sampled_from([(1.5, 0.75), (0.9, 0.4)]))
def test_scores_are_those_of_the_formula(query, documents, constants):
    k1, b = constants
    index = WordIndex(documents, k1=k1, b=b)
    scores = index.score(index.number(query))
    assert scores.dtype == np.float32
    assert scores == pytest.approx(score_by_hand(query, documents, k1, b), abs=1e-5)


def all_scores(scorer, queries, documents):
    rows, columns = (grid.ravel() for grid in np.indices((queries, documents)))
    return scorer.pairs(rows, columns).reshape(queries, documents)


@given(
    st.lists(WORDS, min_size=1, max_size=4),
    st.lists(WORDS, max_size=25),
    st.integers(1, 5),
    st.integers(0, 2**32 - 1),
)
def test_the_search_equals_brute_force_below_each_ceiling(queries, documents, k, seed):
    scorer = open_on(
        [(" ".join(words), "en") for words in queries],
        [(" ".join(words), "en") for words in documents],
    )
    draw = np.random.default_rng(seed)
    scores = all_scores(scorer, len(queries), len(documents))
    groups = draw.integers(0, 3, len(queries)), draw.integers(0, 3, len(documents))
    rules = Rules((Rule("other", *groups),))
    ceilings = draw.choice(np.append(scores.ravel(), np.float32(np.inf)), len(queries))
    (hits,) = scorer.search([Tier(k, ceilings)], rules)
    for row in range(len(queries)):
        fit = [
            at
            for at in range(len(documents))
            if 0 < scores[row, at] < ceilings[row] and groups[0][row] != groups[1][at]
        ]
        expected = sorted(fit, key=lambda at: (-scores[row, at], at))[:k]
        short = k - len(expected)
        assert hits.indices[row].tolist() == [*expected, *[-1] * short]
        assert hits.scores[row].tolist() == [*scores[row, expected], *[-np.inf] * short]


@pytest.mark.parametrize(
    ("query", "match"),
    [
        ("영업이익이 늘어났다", "올해 영업이익은 크게 늘어나고 있다"),
        ("S&P500의 3Q 하락", "The S&P 500 fell in Q3"),
        ("은행에서 배당을", "배당과 은행"),
    ],
)
def test_particles_and_scripts_do_not_hide_a_match(query, match):
    others = [("환율은 안정되었다", "ko"), ("Weather was fine", "en")]
    scorer = open_on([(query, "ko")], [*others, (match, "ko")])
    scores = all_scores(scorer, 1, 3)[0]
    assert scores[:2].tolist() == [0, 0]
    assert scores[2] > 0


def test_documents_without_a_word_in_common_are_not_found():
    scorer = open_on([("bank loss", "en"), ("", "en")], [("rate", "en"), ("bank", "en")])
    (hits,) = scorer.search([Tier(2, np.full(2, np.inf, dtype=np.float32))], Rules(()))
    assert hits.indices.tolist() == [[1, -1], [-1, -1]]
    assert scorer.pairs(np.array([0, 1]), np.array([0, 1])).tolist() == [0, 0]


@pytest.mark.parametrize("documents", [[], [("", "en"), ("—", "en")]])
def test_a_pool_without_a_word_gives_nothing(documents):
    scorer = open_on([("bank", "en")], documents)
    (hits,) = scorer.search([Tier(2, np.full(1, np.inf, dtype=np.float32))], Rules(()))
    assert hits.indices.tolist() == [[-1, -1]]


def test_pairs_come_back_in_the_order_asked_for():
    texts = [("bank loss", "en"), ("bank", "en"), ("loss loss rate", "en")]
    scorer = open_on(texts, texts)
    square = all_scores(scorer, 3, 3)
    rows, columns = np.array([2, 0, 1, 0, 2]), np.array([0, 1, 1, 0, 2])
    assert scorer.pairs(rows, columns).tolist() == square[rows, columns].tolist()
    nothing = np.empty(0, dtype=np.int64)
    assert scorer.pairs(nothing, nothing).shape == (0,)


def test_documents_are_compared_by_another_teacher_only():
    row = np.array([0])
    with pytest.raises(InputError, match="teacher 'bm25': cannot compare documents"):
        open_on([("bank", "en")], [("bank", "en")]).similarity(row, row)
    vectors = np.ones((1, 2), dtype=np.float32)
    able = open_on([("bank", "en")], [("bank", "en")], comparer=BruteTeacher(vectors, vectors))
    assert able.similarity(row, row).tolist() == [2]
