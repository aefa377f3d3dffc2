"""No product is further from the exact one than the bound says, however nasty the vectors."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from nmixx.mining.products import Products

PRECISIONS = ("float32", "bfloat16", "int8")


@st.composite
def vectors(draw, dimensions):
    """Vectors of large and tiny norms, of equal signs, and halfway between what bfloat16 has."""
    chooser = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    count = draw(st.integers(1, 6))
    rows = chooser.standard_normal((count, dimensions))
    if draw(st.booleans()):
        rows = np.abs(rows)
    if draw(st.booleans()):
        # Each number is rounded up by as much as can be.
        rows = np.sign(rows) * (1 + 2.0**-8 + 2.0**-20)
    scales = 2.0 ** chooser.integers(*draw(st.sampled_from([(-40, 41), (0, 1), (-90, -60)])), count)
    return (rows * scales[:, None]).astype(np.float32)


@st.composite
def blocks(draw):
    dimensions = draw(st.sampled_from([1, 3, 32, 257, 1024]))
    return draw(vectors(dimensions)), draw(vectors(dimensions))


def to_numbers(products, queries, documents):
    """Read products as the numbers that they stand for."""
    integers = products.multiply(queries, documents)
    if products.precision == "int8":
        return integers * products.units(queries, documents)[:, None].astype(np.float64)
    return (integers.astype(np.int32) << products.bits_dropped).view(np.float32)


def round_like(products, numbers):
    """Round float64 numbers as the product itself is rounded."""
    if products.precision == "int8":
        return numbers
    dtype = {"float32": torch.float32, "bfloat16": torch.bfloat16}[products.precision]
    return torch.from_numpy(numbers).float().to(dtype).float().numpy()


@pytest.mark.parametrize("precision", PRECISIONS)
@settings(max_examples=200)
@given(blocks())
def test_the_bound_holds(precision, pair):
    products = Products(precision, 384)
    queries, documents = products.round(pair[0]), products.round(pair[1], one_scale=True)
    approximate = to_numbers(products, queries, documents)
    exact = pair[0].astype(np.float64) @ pair[1].T.astype(np.float64)
    slack = products.slack(queries, documents).astype(np.float64)[:, None]
    assert (round_like(products, exact - slack) <= approximate).all()
    assert (approximate <= round_like(products, exact + slack)).all()


@pytest.mark.parametrize("precision", PRECISIONS)
def test_the_bound_is_tight_enough_to_skip_nearly_everything(precision):
    rows = np.random.default_rng(0).standard_normal((50, 384)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    products = Products(precision, 384)
    slack = products.slack(products.round(rows), products.round(rows, one_scale=True))
    assert slack.max() < {"float32": 1e-4, "bfloat16": 0.01, "int8": 0.03}[precision]


def test_vectors_in_float32_are_not_copied_and_not_rounded():
    rows = np.ones((3, 4), dtype=np.float32)
    rounded = Products("float32", 4).round(rows)
    assert rounded.exact is rows
    assert rounded.errors.tolist() == [0, 0, 0]
    assert rounded.lengths.tolist() == [2, 2, 2]


def test_vectors_that_may_not_be_written_to_are_left_alone():
    rows = np.full((2, 2), 1.003, dtype=np.float32)
    rows.flags.writeable = False
    rounded = Products("bfloat16", 2).round(rows)
    assert rounded.errors == pytest.approx([0.003 * 2**0.5] * 2, rel=0.01)
    np.testing.assert_array_equal(rounded.exact, rows)
