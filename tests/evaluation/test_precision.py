from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nmixx.errors import DataError
from nmixx.evaluation.precision import PrecisionRanker, average_precision

ROWS = st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=2, max_size=30).filter(
    lambda rows: len({label for _, label in rows}) == 2
)


@given(ROWS)
def test_it_is_that_of_scikit_learn(rows: list[tuple[int, bool]]) -> None:
    from sklearn.metrics import average_precision_score

    scores, labels = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    expected = average_precision_score(labels, scores)
    assert average_precision(scores, labels) == pytest.approx(expected, abs=1e-12)


@given(ROWS, st.integers(0, 99))
def test_a_resample_is_the_figure_of_the_rows_drawn(rows, seed: int) -> None:
    scores, labels = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    weights = np.random.default_rng(seed).multinomial(len(rows), [1 / len(rows)] * len(rows))
    (found,) = PrecisionRanker(scores, labels).resample(weights[None].astype(float))
    drawn = np.repeat(np.arange(len(rows)), weights)
    if labels[drawn].sum() == 0:
        assert np.isnan(found)
    elif labels[drawn].all():
        assert found == pytest.approx(1)
    else:
        assert found == pytest.approx(average_precision(scores[drawn], labels[drawn]))


def test_one_label_alone_is_refused() -> None:
    with pytest.raises(DataError, match="nothing to tell apart"):
        average_precision(np.array([0.1, 0.2]), np.ones(2))
    with pytest.raises(ValueError, match="2 scores but 1 labels"):
        average_precision(np.array([0.1, 0.2]), np.ones(1))
