import numpy as np
import pytest

from nmixx.vocabulary.diagnosing.undertrained import find_odd_rows

ROWS, WIDTH = 400, 16
REACHABLE, UNUSED = range(340), range(340, 400)


@pytest.fixture
def table():
    """Trained rows point anywhere; never-used ones lie together and are short."""
    chooser = np.random.default_rng(0)
    rows = chooser.standard_normal((ROWS, WIDTH))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    rows[340:] = 0.4 * (np.eye(WIDTH)[0] + 0.02 * chooser.standard_normal((60, WIDTH)))
    return rows.astype(np.float32)


def test_a_trained_table_has_no_odd_rows(table):
    search = find_odd_rows(table, REACHABLE, UNUSED)
    assert search.found == []
    assert search.references == 60
    assert search.closeness_from is not None and search.closeness_from > 0.9
    assert search.typical_norm == pytest.approx(1, abs=1e-6)


def test_a_row_among_the_never_used_ones_is_found_by_direction_or_by_length(table):
    table[7] = np.eye(WIDTH)[0]  # as long as others, but in their direction
    table[9] = 0.4 * table[9]
    found = {row.token: row for row in find_odd_rows(table, REACHABLE, UNUSED).found}
    assert {number: row.why for number, row in found.items()} == {
        7: "like never-used rows",
        9: "like never-used rows",
    }
    assert found[7].closeness > 0.9 > found[9].closeness
    assert found[9].norm == pytest.approx(0.4)


def test_lengths_stand_out_without_any_never_used_rows():
    chooser = np.random.default_rng(1)
    table = chooser.standard_normal((300, WIDTH)).astype(np.float32)
    table[3] *= 20
    table[5] /= 20
    search = find_odd_rows(table, range(300), [])
    why = {row.token: row.why for row in search.found}
    assert why[3] == "long row"
    assert why[5] == "short row"
    assert search.closeness_from is None
    assert all(row.closeness is None for row in search.found)


def test_never_used_rows_that_point_anywhere_tell_nothing():
    table = np.random.default_rng(2).standard_normal((ROWS, WIDTH)).astype(np.float32)
    search = find_odd_rows(table, REACHABLE, UNUSED)
    assert search.closeness_from is None
    assert not [row for row in search.found if row.why == "like never-used rows"]


def test_an_output_layer_of_its_own_is_looked_at_for_closeness(table):
    trained = np.random.default_rng(3).standard_normal(table.shape).astype(np.float32)
    table[7] = table[350]
    found = find_odd_rows(trained, REACHABLE, UNUSED, output=table).found
    assert 7 in {row.token for row in found if row.why == "like never-used rows"}
