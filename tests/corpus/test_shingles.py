import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nmixx.corpus.shingles import (
    WIDTH,
    batch_rows,
    hash_bands,
    hash_rows,
    hash_windows,
    jaccard,
    shingle_set,
    sign,
)

TEXTS = st.text(alphabet="ab금리1😀", max_size=80)


@given(TEXTS, st.sampled_from([1, 5, 8, 9, 40]))
def test_equal_windows_have_equal_hashes_and_others_do_not(text, width):
    windows = [text[at : at + width] for at in range(len(text) - width + 1)]
    hashes = hash_windows(text, width).tolist()
    assert len(hashes) == len(windows)
    assert len(set(zip(windows, hashes, strict=True))) == len(set(windows)) == len(set(hashes))


@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=5))
def test_rows_are_hashed_as_their_shingles(rows):
    hashes, counts = hash_rows(rows)
    assert counts.sum() == len(hashes)
    parts = np.split(hashes, np.cumsum(counts)[:-1])
    for row, part in zip(rows, parts, strict=True):
        assert len(set(part.tolist())) == len(shingle_set(row))
        assert (part == hash_rows([row])[0]).all()


def test_sides_are_told_apart():
    one, other = sign([("abcdefgh", "12345678"), ("12345678", "abcdefgh")])
    assert (one != other).any()


def test_jaccard():
    assert jaccard(shingle_set(["abcdef"]), shingle_set(["abcdeg"])) == pytest.approx(1 / 3)
    assert jaccard(shingle_set(["ab"]), shingle_set(["ab"])) == 1
    assert jaccard(shingle_set([""]), shingle_set(["abc"])) == 0
    assert len(shingle_set(["a" * WIDTH * 3])) == 1


def test_signatures_estimate_the_similarity():
    generator = np.random.default_rng(0)
    base = "".join(generator.choice(list("abcdefghij"), 2_000))
    changed = base[:1_700] + "".join(generator.choice(list("klmnop"), 300))
    one, other = sign([(base,), (changed,)])
    true = jaccard(shingle_set([base]), shingle_set([changed]))
    assert abs((one == other).mean() - true) < 4 * (true * (1 - true) / 128) ** 0.5


@pytest.mark.parametrize("threshold", [0.5, 0.7, 0.9, 1.0])
def test_equal_rows_are_candidates_unless_marked_apart(threshold):
    signatures = sign([("the same text",), ("the same text",), ("another one altogether",)])
    same = hash_bands(signatures, threshold, np.zeros(3, dtype=np.uint64))
    apart = hash_bands(signatures, threshold, np.array([1, 2, 3], dtype=np.uint64))
    assert (same[0] == same[1]).all()
    assert not np.isin(same[2], same[0]).any()
    assert not np.isin(apart[1], apart[0]).any()


def test_batches_keep_every_row():
    rows = [("abc", "d"), ("e", "f"), ("g" * 50, "")]
    assert list(batch_rows(rows, characters=5)) == [rows[:2], rows[2:]]
    assert list(batch_rows([])) == []
