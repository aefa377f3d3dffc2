import numpy as np
import pytest

from nmixx.mining.vectors import read_block, read_rows

VECTORS = np.random.default_rng(0).integers(-9, 10, (50, 6)).astype(np.float32)
LAYOUTS = {
    "in memory": lambda mapped: np.asarray(mapped),
    "mapped": lambda mapped: mapped,
    "a part": lambda mapped: mapped[7:40],
    "a part of a part": lambda mapped: mapped[7:][3:20],
    "every other": lambda mapped: mapped[::2],
    "backwards": lambda mapped: mapped[::-1],
    "some columns": lambda mapped: mapped[:, 1:4],
}


@pytest.fixture(params=[np.float32, np.float16, np.float64])
def mapped(request, tmp_path):
    np.save(tmp_path / "vectors.npy", VECTORS.astype(request.param))
    return np.load(tmp_path / "vectors.npy", mmap_mode="r")


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(("start", "stop"), [(0, 5), (3, 17), (0, 1000), (12, 1000)])
def test_a_block_is_those_rows_and_no_others(mapped, layout, start, stop):
    vectors = LAYOUTS[layout](mapped)
    expected = LAYOUTS[layout](VECTORS)[start:stop]
    np.testing.assert_array_equal(read_block(vectors, start, stop), expected)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("rows", [[], [0], [11, 3, 3, 0, 16]])
def test_single_rows_come_in_the_order_asked_for(mapped, layout, rows):
    vectors = LAYOUTS[layout](mapped)
    found = read_rows(vectors, np.array(rows, dtype=np.int64))
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, LAYOUTS[layout](VECTORS)[np.array(rows, dtype=np.int64)])


def test_a_mapping_that_is_written_to_is_read_as_it_is_now(tmp_path):
    np.save(tmp_path / "vectors.npy", VECTORS)
    writable = np.load(tmp_path / "vectors.npy", mmap_mode="r+")
    writable[4] = 99
    assert (read_block(writable, 4, 5) == 99).all()
    assert (read_rows(writable, np.array([4])) == 99).all()
