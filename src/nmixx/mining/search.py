"""Exact search for the best documents below each query's own ceilings, in one streaming pass."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np

from nmixx.encoding import FloatArray
from nmixx.errors import DataError
from nmixx.mining import kernels
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
    products = Products(precision)
    state = _State.start(queries, documents, tiers, rules, positives)
    blocks = [products.round(block) for block in _split(queries, query_block)]
    starts = range(0, len(documents), document_block)
    with ThreadPoolExecutor(_threads()) as pool:
        for start in track(starts, "searching", size=len(documents)):
            vectors = read_block(documents, start, start + document_block)
            _require_finite(vectors, "documents", start)
            block = products.round(vectors, one_scale=True)
            for number, some in enumerate(blocks):
                _merge(state, products, some, number * query_block, block, start, pool)
    return state.hits(tiers)


@dataclass(frozen=True)
class _State:
    """The best found so far, and what decides on more; arrays as the kernel reads them."""

    ceilings: FloatArray
    aparts: FloatArray
    positives: FloatArray
    positive_starts: IntArray
    query_codes: IntArray
    document_codes: IntArray
    relations: IntArray
    widths: IntArray
    banned: IntArray
    banned_starts: IntArray
    sizes: IntArray
    best_scores: FloatArray
    best_documents: IntArray

    @classmethod
    def start(
        cls,
        queries: FloatArray,
        documents: FloatArray,
        tiers: Sequence[Tier],
        rules: Rules,
        positives: Sequence[tuple[int, ...]],
    ) -> _State:
        """Lay out tiers and rules, with nothing found yet."""
        count, sizes = len(queries), np.array([tier.k for tier in tiers], dtype=np.int64)
        nowhere = np.full(count, np.inf, dtype=np.float32)
        aparts = [nowhere if tier.apart is None else tier.apart for tier in tiers]
        rows = positives if any(tier.apart is not None for tier in tiers) else [()] * count
        shape = (count, len(tiers), int(sizes.max()))
        return cls(
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

    def hits(self, tiers: Sequence[Tier]) -> list[Hits]:
        """Give what was found, tier by tier."""
        return [
            Hits(self.best_documents[:, at, : tier.k], self.best_scores[:, at, : tier.k])
            for at, tier in enumerate(tiers)
        ]


def _merge(
    state: _State,
    products: Products,
    queries: Rounded,
    first_query: int,
    documents: Rounded,
    first_document: int,
    pool: ThreadPoolExecutor,
) -> None:
    """Merge one block of scores, its queries shared out among threads."""
    approximate = products.multiply(queries, documents)
    slack, units = products.slack(queries, documents), products.units(queries, documents)
    codes = state.document_codes[first_document : first_document + len(documents.exact)]

    def work(part: slice) -> None:
        rows = slice(first_query + part.start, first_query + part.stop)
        ends = slice(rows.start, rows.stop + 1)
        kernels.merge_block(
            approximate[part],
            products.bits_dropped,
            units[part],
            slack[part],
            queries.exact[part],
            documents.exact,
            first_document,
            state.ceilings[rows],
            state.aparts[rows],
            state.positives,
            state.positive_starts[ends],
            state.query_codes[rows],
            codes,
            state.relations,
            state.widths,
            state.banned,
            state.banned_starts[ends],
            state.sizes,
            state.best_scores[rows],
            state.best_documents[rows],
        )

    size = -(-len(queries.exact) // (4 * _threads()))
    parts = [
        slice(start, min(start + size, len(queries.exact)))
        for start in range(0, len(queries.exact), size)
    ]
    list(pool.map(work, parts))


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
