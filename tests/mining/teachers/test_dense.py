import numpy as np
import pytest

from mining.brute import BruteScorer
from mining.worlds import DIMENSIONS, document, hash_teacher
from nmixx.mining.rules import Rule, Rules
from nmixx.mining.teachers import Query, Tier
from nmixx.mining.teachers.dense import DenseTeacher
from nmixx.testing import HashEncoder

DOCUMENTS = [document(at, f"Sales {at} rose {at * 7 % 5} percent") for at in range(40)]
QUERIES = [Query(f"q{at}", f"Sales {at * 3} rose", "en", (at, at + 9)) for at in range(6)]


@pytest.fixture
def scorer(tmp_path):
    return hash_teacher(tmp_path).open(QUERIES, DOCUMENTS)


@pytest.fixture
def brute():
    encode = HashEncoder(DIMENSIONS).encode
    return BruteScorer(
        encode([query.text for query in QUERIES]),
        encode([found.text for found in DOCUMENTS]),
        [query.positives for query in QUERIES],
    )


def test_scores_are_cosines(scorer, brute):
    rows, columns = (some.ravel() for some in np.indices((6, 40)))
    np.testing.assert_allclose(scorer.pairs(rows, columns), brute.pairs(rows, columns), atol=1e-6)
    one, other = (some.ravel() for some in np.indices((40, 40)))
    similarity = scorer.similarity(one, other)
    np.testing.assert_allclose(similarity, brute.similarity(one, other), atol=1e-6)
    assert similarity[one == other] == pytest.approx(np.ones(40), abs=1e-6)


def test_what_is_found_is_what_the_pairs_score(scorer, brute):
    rules = Rules((Rule("other", np.arange(6), np.arange(40) % 7),))
    tiers = [
        Tier(5, np.full(6, 0.6, dtype=np.float32)),
        Tier(50, np.full(6, np.inf, dtype=np.float32), apart=np.full(6, 0.7, dtype=np.float32)),
    ]
    for hits, expected in zip(scorer.search(tiers, rules), brute.search(tiers, rules), strict=True):
        np.testing.assert_array_equal(hits.indices, expected.indices)
        rows, columns = np.nonzero(hits.indices >= 0)
        found = hits.indices[rows, columns]
        # To the last bit: a score on its own ceiling must be found to stand on it.
        np.testing.assert_array_equal(hits.scores[rows, columns], scorer.pairs(rows, found))


def test_queries_and_documents_have_encoders_of_their_own(tmp_path):
    one, other = HashEncoder(8, seed=1), HashEncoder(8, seed=2)
    scorer = DenseTeacher("two", one, other, tmp_path).open(QUERIES, DOCUMENTS)
    expected = one.encode([QUERIES[2].text]) @ other.encode([DOCUMENTS[5].text]).T
    assert scorer.pairs(np.array([2]), np.array([5])) == pytest.approx(expected[0], abs=1e-6)


def test_what_was_encoded_is_not_encoded_again(tmp_path):
    class Counting(HashEncoder):
        texts = 0

        def encode(self, texts):
            self.texts += len(texts)
            return super().encode(texts)

    counts = []
    for _ in range(2):
        queries, documents = Counting(seed=1), Counting(seed=2)
        DenseTeacher("counting", queries, documents, tmp_path).open(QUERIES, DOCUMENTS)
        counts.append((queries.texts, documents.texts))
    assert counts == [(6, 40), (0, 0)]
