import numpy as np
import pytest

from conftest import ENGLISH, KOREAN
from mining.brute import BruteTeacher
from nmixx.errors import InputError
from nmixx.mining.rules import Rules
from nmixx.mining.teachers import Query, Tier
from nmixx.mining.teachers.lexical import LexicalTeacher
from nmixx.mining.teachers.normalised import NormalisedTeacher
from nmixx.records import Document

DOCUMENTS = [
    Document(f"d{at}", text, "en", "news", f"g{at}", "s") for at, text in enumerate(ENGLISH)
]


def positive_scores(texts, lang, window=200):
    queries = [Query(f"q{at}", text, lang, (at,)) for at, text in enumerate(texts)]
    teacher = NormalisedTeacher(LexicalTeacher(), "minmax", window)
    scorer = teacher.open(queries, DOCUMENTS)
    rows = np.arange(len(texts))
    return scorer.pairs(rows, rows).tolist()


def test_after_minmax_a_positive_of_bm25_is_exactly_one_or_zero():
    paraphrases = [f"{text} So it was said." for text in ENGLISH]
    assert positive_scores(paraphrases, "en") == [1.0] * len(ENGLISH)
    across = positive_scores([text.split(".")[0] for text in KOREAN], "ko")
    assert across.count(0.0) >= len(KOREAN) - 2


def test_only_the_window_and_the_positives_are_known():
    vectors = np.array([[0.9], [0.5], [0.3], [0.1]], dtype=np.float32)
    brute = BruteTeacher(np.ones((1, 1), dtype=np.float32), vectors)
    teacher = NormalisedTeacher(brute, "minmax", window=2)
    scorer = teacher.open([Query("q", "", "en", (3,))], DOCUMENTS[:4])
    scores = scorer.pairs(np.zeros(4, dtype=int), np.arange(4))
    assert scores[[0, 1, 3]] == pytest.approx([1, 0.5, 0])
    assert np.isnan(scores[2])
    (hits,) = scorer.search([Tier(3, np.array([1], dtype=np.float32))], Rules(()))
    assert hits.indices.tolist() == [[1, 3, -1]]
    assert scorer.similarity(np.array([0]), np.array([1])) == pytest.approx([0.45])


@pytest.mark.parametrize(
    ("normalisation", "bounded"),
    [("minmax", True), ("sigmoid", True), ("zscore", False), ("none", False)],
)
def test_normalised_scores_are_bounded_where_the_normalisation_bounds(normalisation, bounded):
    teacher = NormalisedTeacher(LexicalTeacher(), normalisation)
    assert teacher.bounded is bounded
    assert teacher.name == f"{normalisation}(bm25)"


def test_no_normalisation_leaves_bounded_scores_bounded():
    vectors = np.ones((1, 1), dtype=np.float32)
    assert NormalisedTeacher(BruteTeacher(vectors, vectors), "none").bounded


def test_an_unknown_normalisation_is_refused_at_once():
    with pytest.raises(InputError, match="no such normalisation"):
        NormalisedTeacher(LexicalTeacher(), "softmax")
