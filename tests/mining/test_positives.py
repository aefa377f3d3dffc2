import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mining.worlds import scorer_of
from nmixx.mining.positives import PositiveScores
from nmixx.mining.teachers import Query

SCORE = st.floats(-1, 1, width=32) | st.just(float("nan"))


@given(st.lists(st.lists(SCORE, max_size=4), min_size=1, max_size=5))
def test_the_lowest_is_that_of_the_scores_that_are_known(rows):
    scores = np.full((len(rows), 4), np.nan, dtype=np.float32)
    for row, some in zip(scores, rows, strict=True):
        row[: len(some)] = some
    queries = [Query(f"q{n}", "", "en", tuple(range(len(some)))) for n, some in enumerate(rows)]
    found = PositiveScores.of(scorer_of(scores, queries), queries)
    assert found.queries.tolist() == [n for n, some in enumerate(rows) for _ in some]
    assert found.documents.tolist() == [row for some in rows for row in range(len(some))]
    np.testing.assert_array_equal(found.scores, [score for some in rows for score in some])
    for lowest, some in zip(found.lowest, rows, strict=True):
        known = [score for score in some if score == score]
        np.testing.assert_array_equal(lowest, min(known, default=np.nan))
