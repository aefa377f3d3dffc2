"""One compiled step of the search, written for the registers of a processor with AVX-512 VNNI.

One instruction there multiplies 64 pairs of bytes and adds them up, four to a sum. numba does not
come upon it by itself, so this module writes the code of that one loop in LLVM's own language.
"""

# mypy: disable-error-code="no-any-return,no-untyped-call"
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from llvmlite import ir  # type: ignore[import-untyped]
from numba.core import types
from numba.core.cgutils import (
    alloca_once_value,
    for_range,
    for_range_slice,
    get_or_insert_function,
)
from numba.extending import intrinsic

TILE_QUERIES = 6
TILE_DOCUMENTS = 64
"""6 x 4 registers of sums, 4 of documents and 1 of a query: 29 of 32."""
GROUP = 4
"""Dimensions that one instruction sums up for each of 16 pairs."""

_LANES = 16
_PARTS = TILE_DOCUMENTS // _LANES
_REGISTER = ir.VectorType(ir.IntType(32), _LANES)
_BIT = ir.IntType(1)

Typed: TypeAlias = Any
"""numba's type of an argument; numba itself has no name for what all of them are."""


def is_available() -> bool:
    """Tell whether compiled code may use AVX-512 VNNI here."""
    from numba.core.registry import cpu_target

    _, _, features = cpu_target.target_context.codegen().magic_tuple()
    return "+avx512vnni" in features.split(",")


def _type_tile(
    context: Typed,
    sums: Typed,
    floors: Typed,
    queries: Typed,
    documents: Typed,
    ends: Typed,
    first: Typed,
    tile: Typed,
) -> tuple[Typed, Callable[..., ir.Value]]:
    """Sum up the products of a tile, part by part, and give up where no sum reaches its floor.

    Compiled code gives ``sums``, int32 of shape (6, 64), filled unless the tile is given up;
    ``floors``, int32 of shape (parts, rows); packed ``queries`` of shape (rows, dimensions) and
    ``documents`` of shape (tiles, dimensions / 4, 64, 4); ``ends``, the rising numbers of groups
    of four dimensions up to the end of each part, int64 of shape (parts,); the row of the tile's
    ``first`` query; and the number of the ``tile`` among the documents. It gets whether any sum
    reached its floor to the end.
    """
    given = (sums, floors, queries, documents, ends, types.int64, types.int64)
    return types.boolean(*given), _build


sum_tile: Typed = intrinsic(_type_tile)
"""See :func:`_type_tile`; numba reads the arguments from its signature."""


def _build(context: Typed, builder: ir.IRBuilder, signature: Typed, given: Typed) -> ir.Value:
    """Write the loops over parts and over their dimensions, with all sums in registers."""
    sums, floors, queries, documents, ends = (
        context.make_array(kind)(context, builder, value)
        for kind, value in zip(signature.args[:5], given[:5], strict=True)
    )
    first, tile = given[5:]
    words = builder.bitcast(queries.data, ir.IntType(32).as_pointer())
    groups = builder.extract_value(documents.shape, 1)
    rows = [
        builder.gep(words, [builder.mul(builder.add(first, _whole(row)), groups)])
        for row in range(TILE_QUERIES)
    ]
    columns = builder.bitcast(documents.data, _REGISTER.as_pointer())
    columns = builder.gep(columns, [builder.mul(builder.mul(tile, groups), _whole(_PARTS))])
    # LLVM keeps these variables in registers, as nothing ever asks where they are.
    zeros = ir.Constant(_REGISTER, None)
    totals = [alloca_once_value(builder, zeros) for _ in range(TILE_QUERIES * _PARTS)]
    for total in totals:
        builder.store(zeros, total)
    begin, alive = (
        alloca_once_value(builder, _whole(0)),
        alloca_once_value(builder, ir.Constant(_BIT, 0)),
    )
    builder.store(_whole(0), begin)
    with for_range(builder, builder.extract_value(ends.shape, 0)) as parts:
        end = builder.load(builder.gep(ends.data, [parts.index]))
        with for_range_slice(builder, builder.load(begin), end, _whole(1)) as (group, _):
            _add_group(builder, totals, rows, columns, group)
        builder.store(end, begin)
        line = builder.mul(parts.index, builder.extract_value(floors.shape, 1))
        floor = builder.gep(floors.data, [builder.add(line, first)])
        builder.store(_reaches(builder, totals, floor), alive)
        with builder.if_then(builder.not_(builder.load(alive))):
            parts.do_break()
    with builder.if_then(builder.load(alive)):
        place = builder.bitcast(sums.data, _REGISTER.as_pointer())
        for at, total in enumerate(totals):
            builder.store(builder.load(total), builder.gep(place, [_whole(at)]), align=4)
    return builder.load(alive)


def _add_group(
    builder: ir.IRBuilder,
    totals: Sequence[ir.Value],
    rows: Sequence[ir.Value],
    columns: ir.Value,
    group: ir.Value,
) -> None:
    """Add the products of four dimensions to all sums."""
    start = builder.mul(group, _whole(_PARTS))
    column = [
        builder.load(builder.gep(columns, [builder.add(start, _whole(part))]), align=4)
        for part in range(_PARTS)
    ]
    for row in range(TILE_QUERIES):
        query = _spread(builder, rows[row], group)
        for part in range(_PARTS):
            total = totals[row * _PARTS + part]
            builder.store(_add(builder, builder.load(total), column[part], query), total)


def _reaches(builder: ir.IRBuilder, totals: Sequence[ir.Value], floors: ir.Value) -> ir.Value:
    """Tell whether any sum is at its query's floor or above."""
    reached = ir.Constant(ir.VectorType(_BIT, _LANES), None)
    for row in range(TILE_QUERIES):
        floor = _spread(builder, floors, _whole(row))
        for total in totals[row * _PARTS : (row + 1) * _PARTS]:
            higher = builder.icmp_signed(">=", builder.load(total), floor)
            reached = builder.or_(reached, higher)
    mask = builder.bitcast(reached, ir.IntType(_LANES))
    return builder.icmp_unsigned("!=", mask, ir.Constant(mask.type, 0))


def _whole(value: int) -> ir.Constant:
    """Write a number down."""
    return ir.Constant(ir.IntType(64), value)


def _spread(builder: ir.IRBuilder, words: ir.Value, at: ir.Value) -> ir.Value:
    """Read one word into all lanes of a register."""
    word = builder.load(builder.gep(words, [at]), align=4)
    nothing = ir.Constant(_REGISTER, ir.Undefined)
    one = builder.insert_element(nothing, word, _whole(0))
    return builder.shuffle_vector(one, nothing, ir.Constant(_REGISTER, [0] * _LANES))


def _add(builder: ir.IRBuilder, total: ir.Value, unsigned: ir.Value, signed: ir.Value) -> ir.Value:
    """Add to each sum of a register the products of four bytes with four others."""
    kind = ir.FunctionType(_REGISTER, [_REGISTER] * 3)
    name = "llvm.x86.avx512.vpdpbusd.512"
    return builder.call(
        get_or_insert_function(builder.module, kind, name), [total, unsigned, signed]
    )
