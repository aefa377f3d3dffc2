import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nmixx.mining.bitext.miner import pair_sentences
from nmixx.mining.bitext.settings import BitextSettings

DIMENSIONS = 8


def unit(rows):
    rows = np.asarray(rows, dtype=np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def settings(**chosen):
    return BitextSettings(**{"precision": "float32", "neighbours": 2} | chosen)


def brute_margins(first, second, k, margin):
    """Score all pairs as the paper writes it, from the whole matrix."""
    cosines = first.astype(np.float64) @ second.astype(np.float64).T
    rows = np.sort(cosines, axis=1)[:, ::-1][:, :k].mean(axis=1)
    columns = np.sort(cosines, axis=0)[::-1][:k].mean(axis=0)
    around = (rows[:, None] + columns[None, :]) / 2
    tables = {"absolute": cosines, "distance": cosines - around, "ratio": cosines / around}
    return tables[margin]


def draw(seed, count):
    """Draw vectors that lie in one half of the space, as sentences do."""
    return unit(np.random.default_rng(seed).normal(0.6, 1, (count, DIMENSIONS)))


@given(
    st.integers(0, 10_000),
    st.integers(3, 9),
    st.integers(3, 9),
    st.integers(1, 3),
    st.sampled_from(["ratio", "distance", "absolute"]),
)
def test_margins_are_those_of_the_whole_matrix(seed, ones, others, k, margin):
    first, second = draw(seed, ones), draw(seed + 1, others)
    known = brute_margins(first, second, k, margin)
    found = pair_sentences(first, second, settings(neighbours=k, margin=margin, one_to_one=False))
    for one, other, score in zip(found.first, found.second, found.scores, strict=True):
        assert score == pytest.approx(known[one, other], rel=1e-4, abs=1e-5)


@given(st.integers(0, 10_000), st.integers(2, 12), st.integers(2, 12))
def test_each_sentence_stands_in_one_pair_at_most(seed, ones, others):
    found = pair_sentences(draw(seed, ones), draw(seed + 1, others), settings())
    assert len(set(found.first.tolist())) == len(found) == len(set(found.second.tolist()))
    assert found.scores.tolist() == sorted(found.scores.tolist(), reverse=True)


@given(st.integers(0, 10_000), st.integers(2, 12))
def test_swapping_the_sides_swaps_the_pairs(seed, count):
    first, second = draw(seed, count), draw(seed + 1, count + 2)
    pairs = pair_sentences(first, second, settings(one_to_one=False))
    swapped = pair_sentences(second, first, settings(one_to_one=False))
    assert {(a, b) for a, b in zip(pairs.first, pairs.second, strict=True)} == {
        (b, a) for a, b in zip(swapped.first, swapped.second, strict=True)
    }


@given(st.integers(0, 10_000), st.integers(2, 12))
def test_intersection_lies_in_each_direction_and_max_holds_both(seed, count):
    first, second = draw(seed, count), draw(seed + 1, count)
    found = {
        name: set(zip(*_rows(pair_sentences(first, second, _loose(name))), strict=True))
        for name in ("forward", "backward", "intersection", "max")
    }
    assert found["intersection"] == found["forward"] & found["backward"]
    assert found["max"] == found["forward"] | found["backward"]
    assert len(found["forward"]) == count


def _loose(name):
    return settings(retrieval=name, one_to_one=False)


def _rows(matches):
    return matches.first.tolist(), matches.second.tolist()


def test_a_hub_near_everything_is_no_translation():
    own = unit(np.eye(4, DIMENSIONS))
    hub = unit([[1, 1, 1, 1, 0, 0, 0, 0]])
    first = unit(own + 0.1)
    second = np.concatenate([unit(0.55 * hub + 0.45 * np.eye(4, DIMENSIONS)), hub])
    found = pair_sentences(first, second, settings(neighbours=4))
    assert dict(zip(found.first.tolist(), found.second.tolist(), strict=True)) == {
        0: 0, 1: 1, 2: 2, 3: 3,
    }  # fmt: skip
    assert found.scores.min() > 1


def test_more_neighbours_than_sentences():
    found = pair_sentences(draw(1, 2), draw(2, 1), settings(neighbours=16))
    assert len(found) == 1
