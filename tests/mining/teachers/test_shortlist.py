"""What a query may not find takes no place in its shortlist; its positives always may have one."""

import numpy as np
import pytest

from mining.brute import BruteTeacher
from mining.worlds import document, hash_teacher, pair
from nmixx.mining import MiningSettings
from nmixx.mining.miner import rules_of
from nmixx.mining.pool import build_pool
from nmixx.mining.rules import FREE, Rule, Rules
from nmixx.mining.teachers import Query
from nmixx.mining.teachers.fused import FusedTeacher
from nmixx.mining.teachers.normalised import NormalisedTeacher
from nmixx.mining.teachers.shortlist import list_best, list_known

SCORES = [0.9, 0.8, 0.7, 0.6, -0.1]
ZERO = np.zeros(1, dtype=np.int64)


def lists(positive, window, banned):
    teacher = BruteTeacher(np.ones((1, 1), "f4"), np.array(SCORES, "f4")[:, None])
    queries = [Query("q", "", "en", (positive,))]
    scorer = teacher.open(queries, ())
    rules = Rules((), (frozenset(banned),)) if banned else FREE
    runs = (make(scorer, queries, window, rules) for make in (list_best, list_known))
    return [run.documents.tolist() for run in runs]


@pytest.mark.parametrize(
    ("positive", "window", "banned", "best", "known"),
    [
        (1, 2, [], [0, 1], [0, 1]),
        (1, 2, [0], [1, 2], [1, 2]),
        (1, 2, [0, 1], [1, 2], [1, 2, 3]),  # forbidden with its group, and yet in its place
        (3, 2, [3], [0, 1], [0, 1, 3]),  # too far down for a place among the best
        (4, 9, [0, 4], [1, 2, 3], [1, 2, 3, 4]),
    ],
)
def test_places_are_for_what_may_be_found_and_for_the_positives(
    positive, window, banned, best, known
):
    assert lists(positive, window, banned) == [best, known]


def pool_with_queries_in_it():
    """Questions that their positives resemble, and that other positives resemble as well."""
    pairs = [pair(at, f"Profit rose {at} percent", f"Profit rose by {at} %") for at in range(9)]
    return build_pool(pairs, [document(9, "Rates fell")], each_positive=False)


@pytest.mark.parametrize("made", [NormalisedTeacher, FusedTeacher])
def test_after_minmax_the_query_does_not_hold_the_one(tmp_path, made):
    pool = pool_with_queries_in_it()
    inner = hash_teacher(tmp_path)
    teacher = {
        NormalisedTeacher: lambda: NormalisedTeacher(inner, "minmax", window=5),
        FusedTeacher: lambda: FusedTeacher([inner], "weighted", window=5),
    }[made]()
    rules = rules_of(pool, MiningSettings(teacher="hash", language="any"))
    scorer = teacher.open(pool.queries, pool.documents, rules)
    for row, query in enumerate(pool.queries):
        own = next(at for at, some in enumerate(pool.documents) if some.text == query.text)
        every = np.arange(len(pool.documents))
        scores = scorer.pairs(np.full_like(every, row), every)
        assert np.isnan(scores[own])
        assert np.nanmax(scores) == 1
        assert np.isfinite(scores[list(query.positives)]).all()


def test_rules_that_forbid_nothing_here_change_nothing():
    rules = Rules((Rule("other", ZERO, np.arange(1, 6)),))
    teacher = BruteTeacher(np.ones((1, 1), "f4"), np.array(SCORES, "f4")[:, None])
    queries = [Query("q", "", "en", (2,))]
    scorer = teacher.open(queries, ())
    for make in (list_best, list_known):
        one, other = (make(scorer, queries, 3, some) for some in (rules, FREE))
        assert one.documents.tolist() == other.documents.tolist()
