import numpy as np
import pytest

from mining.brute import BruteScorer
from nmixx.errors import InputError
from nmixx.mining.rules import Rules
from nmixx.mining.runs import Run
from nmixx.mining.teachers.protocol import Query, Tier
from nmixx.mining.teachers.table import TableScorer

QUERIES = [Query("q0", "", "en", (0,)), Query("q1", "", "en", (1,))]
RUN = Run.build(
    np.array([0, 0, 0, 1]),
    np.array([0, 2, 3, 1]),
    np.array([0.9, 0.5, 0.7, 0.2], dtype=np.float32),
    count=2,
)
NOWHERE = np.full(2, np.inf, dtype=np.float32)


def test_what_the_run_does_not_hold_is_not_known():
    scorer = TableScorer("run:x", RUN, QUERIES)
    scores = scorer.pairs(np.array([1, 0, 0]), np.array([1, 1, 3]))
    assert scores[[0, 2]] == pytest.approx([0.2, 0.7])
    assert np.isnan(scores[1])


def test_the_best_below_each_ceiling_are_found():
    scorer = TableScorer("run:x", RUN, QUERIES)
    ceilings = np.array([0.9, 0.2], dtype=np.float32)
    below, every = scorer.search([Tier(2, ceilings), Tier(4, NOWHERE)], Rules(()))
    assert below.indices.tolist() == [[3, 2], [-1, -1]]
    assert every.indices.tolist() == [[0, 3, 2, -1], [1, -1, -1, -1]]
    assert every.scores[1].tolist() == [np.float32(0.2), -np.inf, -np.inf, -np.inf]


def test_comparing_documents_is_refused_unless_another_scorer_can():
    scorer = TableScorer("run:x", RUN, QUERIES)
    apart = Tier(2, NOWHERE, apart=np.full(2, 0.5, dtype=np.float32))
    with pytest.raises(InputError, match="teacher 'run:x': cannot compare documents"):
        scorer.search([apart], Rules(()))
    vectors = np.array([[1, 0], [0, 1], [0.8, 0.6], [0.4, 0.9]], dtype=np.float32)
    other = BruteScorer(vectors[:2], vectors, [(0,), (1,)])
    able = TableScorer("run:x", RUN, QUERIES, other.similarity)
    (hits,) = able.search([apart], Rules(()))
    assert hits.indices.tolist() == [[3, -1], [-1, -1]]
