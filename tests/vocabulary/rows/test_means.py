import numpy as np
import pytest

from nmixx.vocabulary.rows.means import average_pieces, average_translations
from nmixx.words.model1 import TranslationCounts

TABLE = np.array([[3, 0], [0, 3], [3, 3], [0, -3]], dtype=np.float32)
TYPICAL = np.linalg.norm(TABLE, axis=1).mean()
EVEN = np.ones(4)


def links(*rows):
    targets, sources, counts = zip(*rows, strict=True)
    return TranslationCounts(np.array(targets), np.array(sources), np.array(counts, dtype=float))


def translate(old_pieces, parts, alignment, *, size=10, weights=EVEN):
    return average_translations(
        TABLE, old_pieces, parts, alignment, weights=weights, sources_per_row=size
    )


def direction(row):
    return row / np.linalg.norm(row)


def test_a_linked_token_is_mostly_the_weighted_mean_of_its_sources():
    made = translate({10: [2]}, {}, links((10, 0, 3000.0), (10, 1, 1000.0)))
    assert (made.arm, made.made_by) == ("aligned", {"aligned": 1, "pieces": 0})
    near, far = direction(made.rows[0])
    assert near / far == pytest.approx(3**0.8, rel=1e-3)


def test_a_source_that_weighs_more_counts_more():
    even = translate({10: [2]}, {}, links((10, 0, 2000.0), (10, 1, 2000.0)))
    tilted = translate(
        {10: [2]}, {}, links((10, 0, 2000.0), (10, 1, 2000.0)), weights=np.array([9.0, 1, 1, 1])
    )
    np.testing.assert_allclose(direction(even.rows[0]), direction(np.array([1, 1])), rtol=1e-3)
    assert tilted.rows[0][0] > 3 * tilted.rows[0][1] > 0


def test_only_the_most_linked_sources_count():
    made = translate({10: [0]}, {}, links((10, 0, 3.0), (10, 1, 1.0)), size=1)
    np.testing.assert_allclose(direction(made.rows[0]), [1, 0], atol=1e-6)


def test_with_expected_count_n_the_translations_weigh_n_and_the_pieces_one():
    made = translate({10: [0]}, {}, links((10, 1, 3.0)))
    np.testing.assert_allclose(direction(made.rows[0]), direction(np.array([1, 3])), rtol=1e-6)


def test_a_token_with_little_evidence_counts_as_made_from_pieces():
    made = translate({10: [0]}, {}, links((10, 1, 0.9)))
    assert made.made_by == {"aligned": 0, "pieces": 1}


def test_a_token_never_linked_is_the_mean_of_its_parts_whatever_the_order():
    made = translate(
        {10: [3], 11: [3], 12: [3]}, {10: [11, 12], 11: [0], 12: [1]}, links((9, 0, 1))
    )
    np.testing.assert_allclose(direction(made.rows[0]), direction(np.array([1, 1])), rtol=1e-6)
    np.testing.assert_allclose(direction(made.rows[1]), [1, 0], atol=1e-6)


def test_without_parts_it_is_the_mean_of_its_old_pieces():
    made = translate({10: [0, 1], 11: []}, {}, links((9, 0, 1)))
    np.testing.assert_allclose(direction(made.rows[0]), direction(np.array([1, 1])), rtol=1e-6)
    np.testing.assert_allclose(direction(made.rows[1]), direction(TABLE.mean(axis=0)), rtol=1e-5)


def test_rows_from_pieces_come_in_the_order_given():
    made = average_pieces(TABLE, {11: [1], 10: [0], 12: []})
    assert (made.arm, made.made_by) == ("pieces", {"pieces": 3})
    np.testing.assert_allclose(direction(made.rows[0]), [0, 1], atol=1e-6)
    np.testing.assert_allclose(direction(made.rows[1]), [1, 0], atol=1e-6)
    np.testing.assert_allclose(direction(made.rows[2]), direction(TABLE.mean(axis=0)), rtol=1e-5)


def test_every_row_of_pieces_has_the_mean_length_of_the_old_ones():
    made = average_pieces(TABLE, {10: [0, 1], 11: [0, 2], 12: []})
    assert np.linalg.norm(made.rows, axis=1) == pytest.approx(np.full(3, TYPICAL), rel=1e-5)


def test_pieces_that_cancel_out_give_a_finite_row():
    assert np.isfinite(average_pieces(TABLE, {10: [1, 3]}).rows).all()


def test_no_new_tokens_give_no_rows():
    assert average_pieces(TABLE, {}).rows.shape == (0, 2)
    assert translate({}, {}, links((9, 0, 1))).rows.shape == (0, 2)
