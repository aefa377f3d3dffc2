import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from nmixx.mining.runs import Run

LINES = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 6), st.integers(-2, 2)), max_size=30)


def build(lines, count=5):
    queries, documents, scores = (np.array([line[at] for line in lines], int) for at in range(3))
    return Run.build(queries, documents, scores.astype(np.float32), count=count)


@given(LINES)
def test_a_run_holds_the_first_line_of_each_pair_best_first(lines):
    known = {}
    for query, document, score in lines:
        known.setdefault((query, document), float(score))
    run = build(lines)
    for query in range(5):
        expected = sorted((-score, row) for (own, row), score in known.items() if own == query)
        documents, scores = run.of(query)
        assert documents.tolist() == [row for _, row in expected]
        assert scores.tolist() == [-negated for negated, _ in expected]
    own_ranks = [rank for query in range(5) for rank in range(1, len(run.of(query)[0]) + 1)]
    assert run.ranks.tolist() == own_ranks


@given(LINES)
def test_lookup_finds_what_is_known_and_nothing_else(lines):
    known = {}
    for query, document, score in lines:
        known.setdefault((query, document), float(score))
    queries, documents = (grid.ravel() for grid in np.meshgrid(range(5), range(9), indexing="ij"))
    found = build(lines).lookup(queries, documents)
    for pair, score in zip(zip(queries, documents, strict=True), found, strict=True):
        assert score == known[pair] if pair in known else np.isnan(score)
