"""Exact search for the best documents below each query's own ceilings, in one streaming pass."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np

from nmixx.encoding import FloatArray
from nmixx.errors import DataError
from nmixx.mining import kernels, tiles
from nmixx.mining.kernels import State
from nmixx.mining.products import ProductPrecision, Products, Rounded
from nmixx.mining.rules import RELATIONS, IntArray, Rules
from nmixx.mining.teachers.protocol import Hits, Tier
from nmixx.mining.vectors import read_block, read_rows
from nmixx.progress import track

QUERY_BLOCK = 2048
DOCUMENT_BLOCK = 4096


def search(
    queries: FloatArray,
    documents: FloatArray,
    tiers: Sequence[Tier],
    rules: Rules,
    *,
    positives: Sequence[tuple[int, ...]] = (),
    precision: ProductPrecision = "auto",
    query_block: int = QUERY_BLOCK,
    document_block: int = DOCUMENT_BLOCK,
) -> list[Hits]:
    """Find, for each tier, the best documents that score below each query's ceiling.

    The whole corpus is searched, so a query gets its ``k`` documents whenever the corpus holds
    them. Documents are read once, block by block; only one block of scores exists at a time. The
    answer is that of a float32 search by brute force, whatever the precision of the products:
    scores are dot products summed in float64 and rounded, equal ones in the corpus's order.

    Args:
        queries: shape (queries, dimensions).
        documents: shape (documents, dimensions); may be memory-mapped.
        tiers: the questions, answered together.
        rules: which documents a query must not find.
        positives: rows of each query's positives; needed where a tier has ``apart``.
        precision: of the products; ``auto`` takes the fastest that the processor has.
        query_block: queries compared at once.
        document_block: documents compared at once.

    Raises:
        DataError: vectors are not finite, or their dimensions differ.
    """
    _check(queries, documents)
    asked = np.flatnonzero(np.max([tier.ceilings for tier in tiers], axis=0) > -np.inf)
    if len(asked) < len(queries):
        found = search(
            queries[asked],
            documents,
            [_of(tier, asked) for tier in tiers],
            rules.of(asked),
            positives=[positives[row] for row in asked.tolist()] if positives else (),
            precision=precision,
            query_block=query_block,
            document_block=document_block,
        )
        return [_spread(hits, asked, len(queries)) for hits in found]
    products = Products(precision, queries.shape[1])
    state = _start(queries, documents, tiers, rules, positives)
    if products.in_registers:  # the blocks are what threads share out
        query_block = min(query_block, _share(len(queries)), tiles.MOST_QUERIES)
    merge = _merge_tiles if products.in_registers else _merge_products
    blocks = [
        _Block(products.round(block), at * query_block)
        for at, block in enumerate(_split(queries, query_block))
    ]
    starts = range(0, len(documents), document_block)
    with ThreadPoolExecutor(_threads()) as pool:
        for start in track(starts, "searching", size=len(documents)):
            vectors = read_block(documents, start, start + document_block)
            _require_finite(vectors, "documents", start)
            block = _Block(products.round(vectors, one_scale=True), start)
            merge(state, products, blocks, block, pool)
    return [
        Hits(state.best_documents[:, at, : tier.k], state.best_scores[:, at, : tier.k])
        for at, tier in enumerate(tiers)
    ]


def _of(tier: Tier, rows: IntArray) -> Tier:
    """Ask a tier's question for some of the queries."""
    apart = None if tier.apart is None else tier.apart[rows]
    return Tier(tier.k, tier.ceilings[rows], apart)


def _spread(hits: Hits, rows: IntArray, count: int) -> Hits:
    """Put the hits of some queries in the places of all; the others have none."""
    k = hits.indices.shape[1]
    indices = np.full((count, k), -1, dtype=np.int64)
    scores = np.full((count, k), -np.inf, dtype=np.float32)
    indices[rows], scores[rows] = hits.indices, hits.scores
    return Hits(indices, scores)


@dataclass(frozen=True)
class _Block:
    """Some vectors in the product's format, and the row of the first."""

    rounded: Rounded
    first: int

    @cached_property
    def as_queries(self) -> tiles.PackedQueries:
        """Laid out for products in registers."""
        return tiles.pack_queries(self.rounded)


def _merge_products(
    state: State,
    products: Products,
    queries: Sequence[_Block],
    documents: _Block,
    pool: ThreadPoolExecutor,
) -> None:
    """Merge a block of documents, one block of queries after the other, each shared out."""
    for block in queries:
        approximate = products.multiply(block.rounded, documents.rounded)
        slack = products.slack(block.rounded, documents.rounded)
        units = products.units(block.rounded, documents.rounded)
        merge = partial(_merge_part, state, products, approximate, units, slack, block, documents)
        size = _share(len(slack))
        list(pool.map(merge, [slice(at, at + size) for at in range(0, len(slack), size)]))


def _merge_part(
    state: State,
    products: Products,
    approximate: Any,  # noqa: ANN401 - an array of either kind of integers
    units: FloatArray,
    slack: FloatArray,
    queries: _Block,
    documents: _Block,
    part: slice,
) -> None:
    """Merge the products of a part of a block of queries."""
    kernels.merge_block(
        state,
        approximate[part],
        products.bits_dropped,
        units[part],
        slack[part],
        queries.rounded.exact[part],
        queries.first + part.start,
        documents.rounded.exact,
        documents.first,
    )


def _merge_tiles(
    state: State,
    products: Products,
    queries: Sequence[_Block],
    documents: _Block,
    pool: ThreadPoolExecutor,
) -> None:
    """Merge a block of documents, the blocks of queries shared out among threads."""
    packed = tiles.pack_documents(documents.rounded)

    def work(block: _Block) -> None:
        tiles.merge_tiles(
            state,
            block.as_queries,
            block.first,
            packed,
            documents.first,
            products.units(block.rounded, documents.rounded),
            products.slack(block.rounded, documents.rounded),
        )

    list(pool.map(work, queries))


def _share(queries: int) -> int:
    """Give the number of queries in one thread's share: a few shares a thread, to even out."""
    return max(1, -(-queries // (4 * _threads())))


def _start(
    queries: FloatArray,
    documents: FloatArray,
    tiers: Sequence[Tier],
    rules: Rules,
    positives: Sequence[tuple[int, ...]],
) -> State:
    """Lay tiers and rules out for the kernels, with nothing found yet."""
    count, sizes = len(queries), np.array([tier.k for tier in tiers], dtype=np.int64)
    nowhere = np.full(count, np.inf, dtype=np.float32)
    aparts = [nowhere if tier.apart is None else tier.apart for tier in tiers]
    rows = positives if any(tier.apart is not None for tier in tiers) else [()] * count
    shape = (count, len(tiers), int(sizes.max()))
    return State(
        ceilings=_columns([tier.ceilings for tier in tiers]),
        aparts=_columns(aparts),
        positives=read_rows(documents, _flat(rows)),
        positive_starts=_starts(rows),
        query_codes=_codes([rule.queries for rule in rules.rules], count),
        document_codes=_codes([rule.documents for rule in rules.rules], len(documents)),
        relations=np.array([RELATIONS.index(r.relation) for r in rules.rules], dtype=np.int64),
        widths=np.array([rule.width for rule in rules.rules], dtype=np.int64),
        banned=_flat(rules.banned),
        banned_starts=_starts(rules.banned or [()] * count),
        sizes=sizes,
        best_scores=np.full(shape, -np.inf, dtype=np.float32),
        best_documents=np.full(shape, -1, dtype=np.int64),
    )


def _check(queries: FloatArray, documents: FloatArray) -> None:
    """Refuse what cannot be compared."""
    if queries.ndim != 2 or documents.ndim != 2 or queries.shape[1] != documents.shape[1]:
        raise DataError(
            f"queries of shape {queries.shape} and documents of shape {documents.shape}: expected "
            "two matrices with the same number of columns."
        )
    _require_finite(queries, "queries", 0)


def _require_finite(vectors: FloatArray, what: str, first: int) -> None:
    """Refuse vectors that cannot be compared, and name the first.

    Raises:
        DataError: a vector holds NaN or infinity.
    """
    finite = np.isfinite(vectors).all(axis=1)
    if finite.all():
        return
    raise DataError(
        f"row {first + int(np.argmin(finite))} of the {what} holds NaN or infinity and cannot be "
        "compared.\nEncode again, in float32 if it was in another precision."
    )


def _threads() -> int:
    """Threads that the kernel shares its rows among: as many as the product uses."""
    import torch

    return torch.get_num_threads()


def _split(vectors: FloatArray, size: int) -> list[FloatArray]:
    """Cut a matrix into blocks of rows."""
    return [vectors[start : start + size] for start in range(0, len(vectors), size)]


def _columns(arrays: Sequence[FloatArray]) -> FloatArray:
    """Stand arrays side by side, shape (rows, arrays)."""
    columns: FloatArray = np.ascontiguousarray(np.stack(arrays, axis=1).astype(np.float32))
    return columns


def _codes(codes: Sequence[IntArray], rows: int) -> IntArray:
    """Stand the codes of rules side by side, shape (rows, rules)."""
    if not codes:
        return np.empty((rows, 0), dtype=np.int64)
    return np.ascontiguousarray(np.stack(codes, axis=1), dtype=np.int64)


def _flat(rows: Sequence[Any]) -> IntArray:
    """Lay lists of rows end to end, each in rising order."""
    return np.array([row for some in rows for row in sorted(some)], dtype=np.int64)


def _starts(rows: Sequence[Any]) -> IntArray:
    """Where each list begins in what :func:`_flat` gives, and the end."""
    starts: IntArray = np.concatenate([[0], np.cumsum([len(some) for some in rows])]).astype(
        np.int64
    )
    return starts
