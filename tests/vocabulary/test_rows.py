import numpy as np
import pytest

from nmixx.vocabulary.alignment import TranslationCounts
from nmixx.vocabulary.rows import initialise_rows

TABLE = np.array([[3, 0], [0, 3], [3, 3], [0, -3]], dtype=np.float32)
TYPICAL = np.linalg.norm(TABLE, axis=1).mean()


def links(*rows):
    targets, sources, counts = zip(*rows, strict=True)
    return TranslationCounts(np.array(targets), np.array(sources), np.array(counts, dtype=float))


def direction(row):
    return row / np.linalg.norm(row)


def test_a_linked_token_is_the_weighted_mean_of_its_sources():
    made = initialise_rows(TABLE, {10: [2]}, links((10, 0, 3.0), (10, 1, 1.0)), sources_per_row=10)
    assert (made.aligned, made.pieces) == (1, 0)
    np.testing.assert_allclose(direction(made.rows[0]), direction(np.array([9, 3])), rtol=1e-6)


def test_only_the_most_linked_sources_count():
    made = initialise_rows(TABLE, {10: [2]}, links((10, 0, 3.0), (10, 1, 1.0)), sources_per_row=1)
    np.testing.assert_allclose(direction(made.rows[0]), [1, 0], atol=1e-6)


def test_a_token_with_little_evidence_is_the_mean_of_its_old_pieces():
    made = initialise_rows(TABLE, {10: [0, 1]}, links((10, 3, 0.9)), sources_per_row=10)
    assert (made.aligned, made.pieces) == (0, 1)
    np.testing.assert_allclose(direction(made.rows[0]), direction(np.array([1, 1])), rtol=1e-6)


def test_without_pairs_every_token_is_made_from_pieces_in_the_order_given():
    made = initialise_rows(TABLE, {11: [1], 10: [0], 12: []}, None, sources_per_row=10)
    np.testing.assert_allclose(direction(made.rows[0]), [0, 1], atol=1e-6)
    np.testing.assert_allclose(direction(made.rows[1]), [1, 0], atol=1e-6)
    np.testing.assert_allclose(direction(made.rows[2]), direction(TABLE.mean(axis=0)), rtol=1e-5)


def test_every_row_has_the_mean_length_of_the_old_ones():
    made = initialise_rows(
        TABLE,
        {10: [0, 1], 11: [0, 2], 12: []},
        links((11, 0, 2.0), (11, 1, 2.0)),
        sources_per_row=9,
    )
    assert np.linalg.norm(made.rows, axis=1) == pytest.approx(np.full(3, TYPICAL), rel=1e-5)


def test_pieces_that_cancel_out_give_a_finite_row():
    made = initialise_rows(TABLE, {10: [1, 3]}, None, sources_per_row=1)
    assert np.isfinite(made.rows).all()
