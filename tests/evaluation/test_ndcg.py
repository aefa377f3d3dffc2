from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nmixx.evaluation.ndcg import ndcg, search_best


@given(
    st.integers(1, 12),
    st.integers(1, 60),
    st.integers(1, 12),
    st.integers(1, 13),
    st.integers(0, 99),
)
def test_search_is_exact_and_ties_stand_in_corpus_order(
    queries: int, documents: int, k: int, block: int, seed: int
) -> None:
    generator = np.random.default_rng(seed)
    # Few whole numbers, so that many documents score exactly the same.
    asked = generator.integers(-1, 2, (queries, 3)).astype(np.float32)
    stored = generator.integers(-1, 2, (documents, 3)).astype(np.float32)
    expected = np.argsort(-(asked @ stored.T), axis=1, kind="stable")[:, :k]
    assert search_best(asked, stored, k=k, block=block).tolist() == expected.tolist()


def test_known_values() -> None:
    found = np.array([[7, 3, 5], [1, 2, 3], [1, 2, 3]])
    values = ndcg(found, [{7: 1.0}, {3: 1.0}, {9: 1.0}])
    assert values == pytest.approx([1, 1 / math.log2(4), 0])


def test_grades_count_in_proportion() -> None:
    value = ndcg(np.array([[0, 1]]), [{0: 1.0, 1: 3.0}])[0]
    assert value == pytest.approx((1 + 3 / math.log2(3)) / (3 + 1 / math.log2(3)))


def test_only_the_first_k_ranks_count_in_gain_and_ideal() -> None:
    found = np.arange(12)[None, :]
    assert ndcg(found, [dict.fromkeys(range(12), 1.0)])[0] == pytest.approx(1)
    assert ndcg(found, [{11: 1.0}])[0] == 0
