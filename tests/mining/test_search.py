import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nmixx.mining.search import search_below


def search_by_hand(queries, documents, thresholds, query_groups, document_groups, k):
    """Every score, sorted, in plain Python."""
    found = []
    for query, threshold, group in zip(queries, thresholds, query_groups, strict=True):
        allowed = [
            (-float(query @ document), number)
            for number, document in enumerate(documents)
            if query @ document < threshold and document_groups[number] != group
        ]
        best = sorted(allowed)[:k]
        found.append(([n for _, n in best], [-score for score, _ in best]))
    return found


@st.composite
def problems(draw):
    """Small vectors of whole numbers: their products are exact, and ties are the rule."""
    size = draw(st.tuples(st.integers(1, 12), st.integers(0, 40), st.integers(1, 3)))
    chooser = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    span = draw(st.integers(1, 4))
    numbers = [
        chooser.integers(-span, span + 1, shape).astype(np.float32)
        for shape in ((size[0], size[2]), (size[1], size[2]), (size[0],))
    ]
    groups = [chooser.integers(0, draw(st.integers(1, 8)), n) for n in size[:2]]
    return (*numbers, *groups)


@settings(max_examples=150)
@given(problems(), st.integers(1, 9), st.integers(1, 45))
def test_every_search_equals_the_one_by_hand(problem, k, block):
    hits = search_below(*problem, k=k, block=block)
    assert hits.indices.shape == hits.scores.shape == (len(problem[0]), k)
    expected = search_by_hand(*problem, k)
    for indices, scores, (right, right_scores) in zip(
        hits.indices, hits.scores, expected, strict=True
    ):
        short = k - len(right)
        assert indices.tolist() == [*right, *[-1] * short]
        assert scores.tolist() == [*right_scores, *[-np.inf] * short]


def test_documents_that_tie_are_taken_in_corpus_order_across_blocks():
    documents = np.ones((500, 2), dtype=np.float32)
    for block in (1, 7, 64, 4096):
        hits = search_below(
            np.ones((3, 2), dtype=np.float32),
            documents,
            np.full(3, 9, dtype=np.float32),
            np.array([0, 1, 2]),
            np.repeat([0, 9], [2, 498]),
            k=4,
            block=block,
        )
        assert hits.indices.tolist() == [[2, 3, 4, 5], [0, 1, 2, 3], [0, 1, 2, 3]]


def test_a_score_on_the_threshold_is_not_below_it():
    one = np.ones((1, 1), dtype=np.float32)
    hits = search_below(one, one, one[:, 0], np.array([0]), np.array([1]), k=1)
    assert hits.indices.tolist() == [[-1]]


def test_documents_may_be_memory_mapped(tmp_path):
    chooser = np.random.default_rng(0)
    documents = chooser.standard_normal((90, 8)).astype(np.float32)
    np.save(tmp_path / "d.npy", documents)
    rest = (np.full(5, 2, dtype=np.float32), np.arange(5), np.arange(90))
    mapped = np.load(tmp_path / "d.npy", mmap_mode="r")
    one, other = (
        search_below(documents[:5], source, *rest, k=7, block=16) for source in (documents, mapped)
    )
    np.testing.assert_array_equal(one.indices, other.indices)
    assert not (one.indices == np.arange(5)[:, None]).any()


@pytest.mark.parametrize("queries", [0, 3])
def test_an_empty_corpus_gives_nothing(queries):
    hits = search_below(
        np.ones((queries, 2), dtype=np.float32),
        np.ones((0, 2), dtype=np.float32),
        np.ones(queries, dtype=np.float32),
        np.zeros(queries, dtype=np.int64),
        np.zeros(0, dtype=np.int64),
        k=2,
    )
    assert hits.indices.tolist() == [[-1, -1]] * queries
