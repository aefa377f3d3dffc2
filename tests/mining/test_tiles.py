"""Tiles: sums in registers are exact, and none is given up that may reach its floor."""

import numba
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nmixx.errors import InputError
from nmixx.mining.products import Products, choose_product
from nmixx.mining.registers import TILE_DOCUMENTS, TILE_QUERIES, is_available, sum_tile
from nmixx.mining.tiles import pack_documents, pack_queries

pytestmark = pytest.mark.skipif(not is_available(), reason="the processor has no AVX-512 VNNI")


@numba.njit
def sum_one(floors, queries, documents, ends, first, tile):
    sums = np.zeros((TILE_QUERIES, TILE_DOCUMENTS), dtype=np.int32)
    return sum_tile(sums, floors, queries, documents, ends, first, tile), sums


@st.composite
def packed(draw):
    """Whole numbers of all sizes, the largest ones on both sides among them."""
    chooser = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    dimensions = draw(st.sampled_from([1, 4, 7, 32, 130, 384]))
    queries, documents = (
        chooser.standard_normal((draw(st.integers(1, 140)), dimensions)).astype(np.float32)
        for _ in range(2)
    )
    if draw(st.booleans()):
        queries, documents = np.sign(queries), np.sign(documents)
    products = Products("vnni", dimensions)
    return products.round(queries), products.round(documents, one_scale=True)


def whole_products(queries, documents):
    return queries.tensor.numpy().astype(np.int64) @ documents.tensor.numpy().astype(np.int64).T


@given(packed(), st.data())
def test_sums_are_the_products_and_the_documents_shift(pair, data):
    queries, documents = pack_queries(pair[0]), pack_documents(pair[1])
    first = data.draw(st.integers(0, len(queries.numbers) // TILE_QUERIES - 1)) * TILE_QUERIES
    tile = data.draw(st.integers(0, len(documents.numbers) - 1))
    floors = np.full((len(documents.ends), len(queries.numbers)), -(2**31), dtype=np.int32)
    alive, sums = sum_one(floors, queries.numbers, documents.numbers, documents.ends, first, tile)
    expected = whole_products(*pair)[first:, tile * TILE_DOCUMENTS :][:TILE_QUERIES, :64]
    found = sums - queries.shifts[-1, first : first + TILE_QUERIES, None]
    assert alive
    np.testing.assert_array_equal(found[: len(expected), : expected.shape[1]], expected)


@given(packed())
def test_what_follows_a_checkpoint_is_never_more_than_the_lengths_say(pair):
    queries, documents = pack_queries(pair[0]), pack_documents(pair[1])
    one, other = (some.tensor.numpy().astype(np.int64) for some in pair)
    for part, end in enumerate(documents.ends[:-1]):
        rest = one[:, end * 4 :] @ other[:, end * 4 :].T
        longest = np.repeat(documents.rests[:, part], TILE_DOCUMENTS)[: len(other)]
        bound = queries.rests[part, : len(one), None] * longest
        assert (rest <= 1.000001 * bound + 1).all()


def test_a_tile_is_given_up_where_no_sum_reaches_its_floor():
    products = Products("vnni", 64)
    ones = np.ones((TILE_DOCUMENTS, 64), dtype=np.float32)
    queries, documents = (
        pack_queries(products.round(ones[:TILE_QUERIES])),
        pack_documents(products.round(ones, one_scale=True)),
    )
    one = 127 * 127 * 64
    floors = np.full((len(documents.ends), TILE_QUERIES), -(2**31), dtype=np.int32)
    for floor, expected in ((one, True), (one + 1, False)):
        floors[-1] = floor + queries.shifts[-1]
        arrays = (queries.numbers, documents.numbers, documents.ends)
        assert sum_one(floors, *arrays, 0, 0)[0] == expected


def test_more_dimensions_than_sums_have_room_for_are_not_taken_in_registers():
    assert choose_product("auto", 2**15) == "vnni"
    assert choose_product("auto", 2**15 + 1) != "vnni"
    with pytest.raises(InputError, match="at most 32,768 dimensions"):
        choose_product("vnni", 2**15 + 1)
