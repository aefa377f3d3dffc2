from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nmixx.mining.distribution import BINS, Distribution, Extremes, Histogram

NONE = np.empty(0, dtype=np.float32)


def floats(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float32)


def test_quantiles_mean_and_spread() -> None:
    some = Distribution.of(np.arange(101, dtype=np.float32))
    assert some is not None
    assert (some.minimum, some.p5, some.p25, some.median) == (0, 5, 25, 50)
    assert (some.p75, some.p95, some.maximum, some.mean) == (75, 95, 100, 50)
    assert some.std == pytest.approx(np.arange(101).std())


def test_after_min_max_most_positives_are_at_an_end() -> None:
    ends = Extremes.of(floats(0, 0, 1, 1, 1, 0.5), floats(1, 0.7))
    assert ends == Extremes(0.0, 1.0, pytest.approx(2 / 6), pytest.approx(3 / 6))


def test_the_ends_may_belong_to_the_others() -> None:
    assert Extremes.of(floats(0.4), floats(0.1, 0.9)) == Extremes(
        pytest.approx(0.1), pytest.approx(0.9), 0, 0
    )


def test_without_scores_there_is_nothing_to_tell() -> None:
    assert Distribution.of(NONE) is None
    assert Extremes.of(NONE, floats(1)) is None
    assert Histogram.of(NONE, NONE) is None


SCORES = st.lists(st.floats(-50, 50, width=32), max_size=30).map(lambda some: floats(*some))


@given(SCORES, SCORES)
def test_a_histogram_counts_every_score_once(positives: np.ndarray, others: np.ndarray) -> None:
    histogram = Histogram.of(positives, others)
    if histogram is None:
        assert not len(positives) and not len(others)
        return
    assert (sum(histogram.positives), sum(histogram.others)) == (len(positives), len(others))
    assert len(histogram.edges) == len(histogram.positives) + 1 == BINS + 1
