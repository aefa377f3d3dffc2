import numpy as np
import pytest

from mining.brute import BruteTeacher
from nmixx.errors import InputError
from nmixx.mining.rules import Rules
from nmixx.mining.teachers import Query, Tier
from nmixx.mining.teachers.fused import FusedTeacher
from nmixx.mining.teachers.lexical import LexicalTeacher
from nmixx.records import Document

ONE = np.array([[0.9, 0.8, 0.7, 0.1], [0.2, 0.4, 0.6, 0.8]], dtype=np.float32)
OTHER = np.array([[0.1, 0.9, 0.2, 0.8], [0.5, 0.5, 0.1, 0.0]], dtype=np.float32)
QUERIES = [Query("q0", "", "en", (3,)), Query("q1", "", "en", (0, 1))]
DOCUMENTS = [Document(f"d{at}", "", "en", "news", f"g{at}", "s") for at in range(4)]


def teacher_of(scores, **options):
    """A teacher with these scores of queries and documents."""
    return BruteTeacher(np.eye(2, dtype=np.float32), scores.T.copy(), **options)


def fuse(*children, **options):
    teacher = FusedTeacher(children or (teacher_of(ONE), teacher_of(OTHER)), **options)
    scorer = teacher.open(QUERIES, DOCUMENTS)
    queries, documents = (grid.ravel() for grid in np.indices((2, 4)))
    return scorer, scorer.pairs(queries, documents).reshape(2, 4)


def ranks_of(scores, window):
    """Ranks from 1; infinite below the window."""
    order = np.argsort(-scores, axis=1, kind="stable")
    ranks = np.argsort(order, axis=1) + 1.0
    ranks[ranks > window] = np.inf
    return ranks


def test_reciprocal_ranks_are_summed():
    _, scores = fuse()
    expected = 1 / (60 + ranks_of(ONE, 4)) + 1 / (60 + ranks_of(OTHER, 4))
    assert scores == pytest.approx(expected, rel=1e-6)


def test_below_the_window_a_rank_counts_for_nothing_and_a_positive_is_still_known():
    _, scores = fuse(window=1)
    expected = 1 / (60 + ranks_of(ONE, 1)) + 1 / (60 + ranks_of(OTHER, 1))
    known = ~np.isnan(scores)
    assert known.tolist() == [[True, True, False, True], [True, True, False, True]]
    assert scores[known] == pytest.approx(expected[known], rel=1e-6)
    assert scores[0, 3] == 0
    assert scores[1, 1] == 0


def test_weights_count():
    _, scores = fuse(weights=[2, 1])
    expected = 2 / (60 + ranks_of(ONE, 4)) + 1 / (60 + ranks_of(OTHER, 4))
    assert scores == pytest.approx(expected, rel=1e-6)


def scale(scores):
    low = scores.min(axis=1, keepdims=True)
    return (scores - low) / (scores.max(axis=1, keepdims=True) - low)


def test_weighted_fusion_is_the_mean_of_normalised_scores():
    _, scores = fuse(fusion="weighted", weights=[3, 1])
    assert scores == pytest.approx(0.75 * scale(ONE) + 0.25 * scale(OTHER), abs=1e-6)
    _, plain = fuse(fusion="weighted", normalisation="none")
    assert plain == pytest.approx((ONE + OTHER) / 2, abs=1e-6)


def test_what_a_child_does_not_list_has_its_lowest_score():
    _, scores = fuse(fusion="weighted", normalisation="none", window=2)
    # Query 0: one lists documents 0 and 1 and scores its positive 3; the other lists 1 and 3.
    assert scores[0, [0, 1, 3]] == pytest.approx([(0.9 + 0.8) / 2, (0.8 + 0.9) / 2, 0.45])
    assert np.isnan(scores[0, 2])


def test_a_positive_that_a_child_does_not_know_has_its_lowest_score_there():
    silent = teacher_of(OTHER, unknown=frozenset({(0, 3)}))
    _, scores = fuse(teacher_of(ONE), silent, fusion="weighted")
    known = np.delete(OTHER[0], 3)
    assert np.isfinite(scores[0, 3])
    assert scores[0, 3] == pytest.approx((0.0 + scale(known[None])[0].min()) / 2)


def test_a_child_that_finds_nothing_leaves_the_other():
    scorer, scores = fuse(teacher_of(ONE), LexicalTeacher())
    assert scores[0] == pytest.approx(1 / (60 + ranks_of(ONE, 4)[0]), rel=1e-6)
    (hits,) = scorer.search([Tier(4, np.full(2, np.inf, dtype=np.float32))], Rules(()))
    assert hits.indices.tolist() == [[0, 1, 2, 3], [3, 2, 1, 0]]


def test_documents_are_compared_by_the_first_child_that_can():
    row = np.array([1])
    scorer, _ = fuse(LexicalTeacher(), teacher_of(ONE))
    assert scorer.similarity(row, row) == pytest.approx([0.8**2 + 0.4**2])
    unable, _ = fuse(LexicalTeacher(), teacher_of(ONE, compares=False))
    with pytest.raises(InputError):
        unable.similarity(row, row)


@pytest.mark.parametrize(
    ("options", "bounded"),
    [
        ({}, False),
        ({"fusion": "weighted"}, True),
        ({"fusion": "weighted", "normalisation": "zscore"}, False),
        ({"fusion": "weighted", "normalisation": "none"}, False),
    ],
)
def test_ranks_are_never_bounded_and_scores_as_their_normalisation_says(options, bounded):
    teacher = FusedTeacher((teacher_of(ONE), LexicalTeacher()), **options)
    assert teacher.bounded is bounded
    assert teacher.name == f"{options.get('fusion', 'rrf')}(brute,bm25)"


def test_cosines_stay_bounded_when_nothing_is_normalised():
    teacher = FusedTeacher((teacher_of(ONE),), fusion="weighted", normalisation="none")
    assert teacher.bounded


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"fusion": "max"}, "Known: rrf, weighted"),
        ({"normalisation": "softmax"}, "Known: none, minmax"),
        ({"weights": [1]}, "expected one above 0 for each of the 2 teachers"),
        ({"weights": [1, 0]}, "expected one above 0"),
        ({"weights": [1, float("nan")]}, "expected one above 0"),
    ],
)
def test_what_does_not_fit_together_is_refused(options, said):
    with pytest.raises(InputError, match=said):
        FusedTeacher((teacher_of(ONE), teacher_of(OTHER)), **options)
