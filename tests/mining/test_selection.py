import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nmixx.mining.rules import Rule, Rules
from nmixx.mining.selection import answer, best_allowed, best_below
from nmixx.mining.teachers.protocol import Query, Tier

SCORES = st.lists(st.integers(-3, 3), max_size=60)
CEILING = st.sampled_from([-9.0, -1.0, 0.0, 1.0, 2.5, float("inf"), float("nan")])


def sort_by_hand(scores, documents, ceiling):
    """Places in order, by plain Python."""
    fit = [at for at in range(len(scores)) if scores[at] < ceiling]
    return sorted(fit, key=lambda at: (-scores[at], documents[at]))


def shuffled(size, seed):
    return np.random.default_rng(seed).permutation(size * 3)[:size]


@given(SCORES, CEILING, st.integers(0, 70), st.integers(0, 9))
def test_best_below_equals_sorting_everything(values, ceiling, k, seed):
    scores = np.array(values, dtype=np.float32)
    documents = shuffled(len(scores), seed)
    found = best_below(scores, documents, ceiling, k)
    assert found.tolist() == sort_by_hand(scores, documents, ceiling)[:k]


@given(SCORES, CEILING, st.integers(0, 9), st.integers(0, 9), st.integers(1, 9))
def test_asking_in_windows_equals_asking_about_all(values, ceiling, k, seed, rare):
    scores = np.array(values, dtype=np.float32)
    documents = shuffled(len(scores), seed)
    found = best_allowed(scores, documents, ceiling, k, lambda rows: rows % rare == 0)
    places = sort_by_hand(scores, documents, ceiling)
    assert found.tolist() == [at for at in places if documents[at] % rare == 0][:k]


def test_few_documents_are_asked_about():
    asked = []

    def allowed(rows):
        asked.extend(rows.tolist())
        return np.ones(len(rows), dtype=bool)

    scores = np.arange(10_000, dtype=np.float32)
    found = best_allowed(scores, np.arange(10_000), 5000.0, 3, allowed)
    assert found.tolist() == [4999, 4998, 4997]
    assert len(asked) < 50


def answer_by_hand(scores, queries, tier, rules, similarity):
    """Ask everything of every document."""
    found = []
    for row, query in enumerate(queries):
        rows = [
            document
            for document in range(scores.shape[1])
            if scores[row, document] < tier.ceilings[row]
            and rules.allowed(row, np.array([document]))[0]
            and (
                tier.apart is None
                or all(similarity[document, p] < tier.apart[row] for p in query.positives)
            )
        ]
        found.append(
            sorted(rows, key=lambda document: (-scores[row, document], document))[: tier.k]
        )
    return found


@given(st.integers(0, 2**32 - 1), st.integers(0, 30), st.integers(1, 8))
def test_every_tier_is_answered_as_by_brute_force(seed, size, k):
    draw = np.random.default_rng(seed)
    count = 4
    scores = draw.integers(-2, 3, (count, size)).astype(np.float32)
    similarity = draw.integers(-2, 3, (size, size)).astype(np.float32)
    queries = [
        Query(f"q{row}", "", "en", tuple(draw.choice(size, min(size, row), replace=False).tolist()))
        for row in range(count)
    ]
    rules = Rules((Rule("other", draw.integers(0, 3, count), draw.integers(0, 3, size)),))
    rules = rules.banning([frozenset(query.positives) for query in queries])
    ceilings = draw.integers(-2, 4, count).astype(np.float32)
    aparts = draw.choice(np.array([-1, 0, 2, np.inf], dtype=np.float32), count)
    tiers = [
        Tier(k, ceilings),
        Tier(2 * k, np.full(count, np.inf, dtype=np.float32)),
        Tier(k, ceilings, aparts),
    ]
    hits = answer(
        lambda row: (np.arange(size), scores[row]),
        queries,
        tiers,
        rules,
        lambda one, other: similarity[one, other],
    )
    for tier, hit in zip(tiers, hits, strict=True):
        assert hit.indices.shape == hit.scores.shape == (count, tier.k)
        expected = answer_by_hand(scores, queries, tier, rules, similarity)
        for row, rows in enumerate(expected):
            short = tier.k - len(rows)
            assert hit.indices[row].tolist() == [*rows, *[-1] * short]
            assert hit.scores[row].tolist() == [*scores[row, rows], *[-np.inf] * short]


def test_documents_are_compared_only_where_a_tier_asks():
    def refuse(one, other):
        raise AssertionError("not to be asked")

    queries = [Query("q", "", "en", (0,))]
    nowhere = np.array([np.inf], dtype=np.float32)
    tiers = [Tier(1, nowhere), Tier(1, nowhere, apart=nowhere)]
    scores = np.ones(2, dtype=np.float32)
    hits = answer(lambda row: (np.arange(2), scores), queries, tiers, Rules(()), refuse)
    assert [hit.indices.tolist() for hit in hits] == [[[0]], [[0]]]
    with pytest.raises(AssertionError):
        strict = Tier(1, nowhere, apart=np.zeros(1, dtype=np.float32))
        answer(lambda row: (np.arange(2), scores), queries, [strict], Rules(()), refuse)
