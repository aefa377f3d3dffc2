"""Hubs that were put in on purpose."""

from __future__ import annotations

import numpy as np
import pytest

from nmixx.evaluation.space.hubs import count_occurrences, measure_hubness
from nmixx.evaluation.space.mends import to_units


def test_one_document_near_all_queries_is_a_hub() -> None:
    generator = np.random.default_rng(0)
    queries = to_units(generator.standard_normal((200, 32)))
    documents = to_units(queries + 0.5 * generator.standard_normal(queries.shape))
    calm = measure_hubness(queries, documents, k=1)
    tilt = np.eye(32)[0]
    crowded = documents.copy()
    crowded[3] = tilt
    tilted = to_units(queries + 3 * tilt)
    counts = count_occurrences(tilted, crowded, k=1)
    assert counts[3] == 200
    assert measure_hubness(tilted, crowded, k=1) > 10 > calm


def test_counts_sum_to_k_a_query_and_k_is_at_most_all() -> None:
    vectors = to_units(np.random.default_rng(0).standard_normal((6, 3)))
    assert count_occurrences(vectors, vectors, k=4).sum() == 24
    assert count_occurrences(vectors, vectors, k=10).tolist() == [6.0] * 6
    assert measure_hubness(vectors, vectors, k=10) == 0


def test_skewness_is_scipys() -> None:
    from scipy.stats import skew

    generator = np.random.default_rng(5)
    queries, documents = (to_units(generator.standard_normal((80, 4))) for _ in range(2))
    counts = count_occurrences(queries, documents)
    assert measure_hubness(queries, documents) == pytest.approx(skew(counts))
