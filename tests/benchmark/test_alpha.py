"""Alpha against the worked examples of the literature, a slow second writing, and its laws."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nmixx.benchmark.alpha import METRICS, Array, alpha, alpha_interval

NAN = float("nan")


def lay_out(*annotators: str) -> Array:
    """One text an annotator, one character a unit, a full stop where nothing was given."""
    rows = [[NAN if c == "." else float("0123456789abcde".index(c)) for c in t] for t in annotators]
    return np.array(rows).T


# Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, examples A, B and C.
BINARY = lay_out("0100000010", "1110010000")
NAMES = lay_out("aabbdcccedda", "babbbcccedddd"[:12])
GAPS = lay_out("123321412...", "1233224125.3", ".3332342251.", "12332441251.")


@pytest.mark.parametrize(
    ("scores", "metric", "published"),
    [
        (BINARY, "nominal", 0.095),
        (NAMES, "nominal", 0.692),
        (GAPS, "nominal", 0.743),
        (GAPS, "ordinal", 0.815),
        (GAPS, "interval", 0.849),
    ],
)
def test_published_examples(scores: Array, metric: str, published: float) -> None:
    assert alpha(scores, metric) == pytest.approx(published, abs=5e-4)


def slow_alpha(scores: Array, metric: str) -> float:
    """Compare every score with every other, straight from the definition."""
    rows = [[v for v in row if np.isfinite(v)] for row in scores]
    rows = [row for row in rows if len(row) > 1]
    every = [v for row in rows for v in row]

    def differ(one: float, two: float) -> float:
        if metric == "nominal":
            return float(one != two)
        if metric == "interval":
            return (one - two) ** 2
        low, high = min(one, two), max(one, two)
        between = sum(low <= v <= high for v in every)
        return (between - (every.count(one) + every.count(two)) / 2) ** 2

    observed = sum(
        differ(a, b) / (len(row) - 1) for row in rows for a, b in itertools.permutations(row, 2)
    ) / max(len(every), 1)
    expected = sum(differ(a, b) for a, b in itertools.permutations(every, 2))
    if expected == 0:
        return NAN
    return 1 - observed / (expected / (len(every) * (len(every) - 1)))


tables = st.integers(2, 4).flatmap(
    lambda annotators: st.lists(
        st.lists(
            st.sampled_from([NAN, 0.0, 0.5, 1.0, 3.0, 5.0]),
            min_size=annotators,
            max_size=annotators,
        ),
        min_size=2,
        max_size=12,
    )
)


@pytest.mark.parametrize("metric", METRICS)
@given(rows=tables)
def test_equals_the_definition(metric: str, rows: list[list[float]]) -> None:
    scores = np.array(rows)
    assert alpha(scores, metric) == pytest.approx(slow_alpha(scores, metric), nan_ok=True)


@pytest.mark.parametrize("metric", METRICS)
def test_laws(metric: str) -> None:
    rng = np.random.default_rng(0)
    same = np.repeat(rng.integers(0, 6, size=(200, 1)), 3, axis=1).astype(float)
    assert alpha(same, metric) == pytest.approx(1)
    chance = rng.integers(0, 6, size=(4000, 3)).astype(float)
    assert alpha(chance, metric) == pytest.approx(0, abs=0.03)
    assert np.isnan(alpha(np.full((5, 2), 3.0), metric))
    assert np.isnan(alpha(np.array([[1.0, NAN], [NAN, 2.0]]), metric))
    # Who gave a score, and a unit with one score, do not matter.
    moved = np.concatenate([GAPS[:, ::-1], [[5.0, NAN, NAN, NAN]]])
    assert alpha(moved, metric) == pytest.approx(alpha(GAPS, metric))


def test_ordinal_depends_on_the_order_alone() -> None:
    stretched = np.exp(GAPS)
    assert alpha(stretched, "ordinal") == pytest.approx(alpha(GAPS, "ordinal"))
    assert alpha(stretched, "interval") != pytest.approx(alpha(GAPS, "interval"))


def test_interval_narrows_with_units_and_is_the_same_again() -> None:
    rng = np.random.default_rng(1)
    truth = rng.integers(0, 6, size=(800, 1))
    scores = np.clip(np.rint(truth + rng.normal(0, 0.7, size=(800, 3))), 0, 5)
    low, high = alpha_interval(scores, resamples=300)
    assert low < alpha(scores) < high
    assert (low, high) == alpha_interval(scores, resamples=300)
    few = alpha_interval(scores[:50], resamples=300)
    assert high - low < (few[1] - few[0]) / 2
