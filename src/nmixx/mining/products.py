"""Approximate scores of a block, and a bound on how far they are off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from nmixx.encoding import FloatArray, choose_precision
from nmixx.errors import InputError
from nmixx.mining import kernels

if TYPE_CHECKING:
    import torch

ProductPrecision = Literal["auto", "float32", "bfloat16", "int8", "vnni"]

_UNIT = 2.0**-24
"""Rounding error of one float32 operation, relative."""

_LARGEST = 127
"""The largest of the whole numbers that int8 products are taken of."""

_SMALLEST = 1e-18
"""The smallest scale, so that the product of two is not zero; vectors of zeros have it."""


_MOST_DIMENSIONS = 2**15
"""Sums of more products of bytes might not fit into 32 bits."""


def choose_product(
    wanted: ProductPrecision, dimensions: int
) -> Literal["float32", "bfloat16", "int8", "vnni"]:
    """Turn ``auto`` into the fastest format of the processor.

    Whole numbers are multiplied several times faster than floats where the processor has
    instructions for it; elsewhere int8 is emulated. ``vnni`` stands for such products that are
    taken in registers and never written down, see :mod:`nmixx.mining.tiles`.

    Raises:
        InputError: ``vnni`` is wanted where the processor has none, or of too many dimensions.
    """
    import torch

    from nmixx.mining.registers import is_available

    in_registers = is_available() and dimensions <= _MOST_DIMENSIONS
    if wanted == "vnni" and not in_registers:
        raise InputError(
            f"products by vnni of {dimensions:,} dimensions: expected a processor with AVX-512 "
            f"VNNI and at most {_MOST_DIMENSIONS:,} dimensions.\nTake auto."
        )
    if wanted == "vnni" or (wanted == "auto" and in_registers):
        return "vnni"
    if wanted == "int8" or (wanted == "auto" and hasattr(torch, "_int_mm") and _has_fast_int8()):
        return "int8"
    return choose_precision(wanted, "cpu")


def _has_fast_int8() -> bool:
    """Tell whether the processor multiplies int8 matrices faster than any others."""
    import torch

    capabilities = torch.cpu.get_capabilities()
    return any(capabilities.get(name, False) for name in ("avx512_vnni", "amx_int8"))


@dataclass(frozen=True)
class Rounded:
    """Vectors in the product's format, and what the rounding changed.

    ``lengths`` and ``errors`` are the lengths of the rounded vectors and of their differences from
    the exact ones, shape (vectors,). ``scales`` turn whole numbers back into components: one a
    vector, or one for the whole block; ones where the format has floats.
    """

    exact: FloatArray
    tensor: torch.Tensor
    scales: FloatArray
    lengths: FloatArray
    errors: FloatArray


class Products:
    """Multiplies blocks of queries and documents in the fastest format, and bounds the error.

    The bound is that of Cauchy and Schwarz on the rounding of both vectors, with the lengths as
    measured, and the usual bound on summation (Higham, Accuracy and Stability, section 3.1).
    Rounding the product itself to bfloat16 keeps the order, so it needs no bound of its own.
    """

    def __init__(self, precision: ProductPrecision, dimensions: int) -> None:
        import torch

        self.precision = choose_product(precision, dimensions)
        self._input, self._output, self._integers = {
            "float32": (torch.float32, torch.float32, torch.int32),
            "bfloat16": (torch.bfloat16, torch.bfloat16, torch.int16),
            "int8": (torch.int8, torch.int32, torch.int32),
            "vnni": (torch.int8, torch.int32, torch.int32),
        }[self.precision]
        self._buffer: torch.Tensor | None = None

    @property
    def bits_dropped(self) -> int:
        """Bits of float32 that the product's format lacks; -1 where it has whole numbers."""
        return {"float32": 0, "bfloat16": 16, "int8": -1, "vnni": -1}[self.precision]

    @property
    def in_registers(self) -> bool:
        """Whether products are compared as they are taken, and not written down."""
        return self.precision == "vnni"

    def round(self, vectors: FloatArray, *, one_scale: bool = False) -> Rounded:
        """Bring vectors of shape (vectors, dimensions) to the product's format.

        Args:
            vectors: float32.
            one_scale: use one scale for the whole block, so that products with it keep the order.
        """
        import torch

        exact = np.require(vectors, np.float32, ["C", "W"])
        if self.bits_dropped < 0:
            numbers, scales, lengths, errors = kernels.round_rows(
                exact, one_scale, np.float32(_LARGEST), np.float32(_SMALLEST)
            )
            return Rounded(exact, torch.from_numpy(numbers), scales, lengths, errors)
        original = torch.from_numpy(exact)
        tensor = original.to(self._input)
        rounded = tensor.float()
        return Rounded(
            exact,
            tensor,
            np.ones(1, dtype=np.float32),
            torch.linalg.vector_norm(rounded, dim=1).numpy(),
            torch.linalg.vector_norm(original - rounded, dim=1).numpy(),
        )

    def slack(self, queries: Rounded, documents: Rounded) -> FloatArray:
        """Bound the error of each query's products with a block, shape (queries,)."""
        longest, largest = documents.lengths.max(), documents.errors.max()
        summing = 2 * queries.exact.shape[1] * _UNIT * queries.lengths * longest
        rounding = queries.errors * (longest + largest) + queries.lengths * largest
        # The bound itself is reckoned in float32; a thousandth covers that.
        slack: FloatArray = (1.001 * (rounding + summing) + 1e-7).astype(np.float32)
        return slack

    def units(self, queries: Rounded, documents: Rounded) -> FloatArray:
        """What one of the product's numbers is worth, shape (queries,)."""
        units: FloatArray = np.broadcast_to(
            queries.scales * documents.scales, len(queries.exact)
        ).astype(np.float32)
        return units

    def multiply(self, queries: Rounded, documents: Rounded) -> Any:  # noqa: ANN401
        """Give the products as integers in the order of their bits, shape (queries, documents).

        The array is overwritten by the next call.
        """
        import torch

        shape = (len(queries.exact), len(documents.exact))
        size = shape[0] * shape[1]
        if self._buffer is None or self._buffer.numel() < size:
            self._buffer = torch.empty(size, dtype=self._output)
        out = self._buffer[:size].view(shape)
        if self.bits_dropped < 0 and queries.exact.shape[1] == 1:
            # torch's product of whole numbers leaves the result of a single column unwritten.
            torch.mul(queries.tensor.int(), documents.tensor.T.int(), out=out)
        elif self.bits_dropped < 0:
            torch._int_mm(queries.tensor, documents.tensor.T, out=out)
        else:
            torch.mm(queries.tensor, documents.tensor.T, out=out)
        return out.view(self._integers).numpy()
