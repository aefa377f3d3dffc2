"""The contenders of the mining benchmark, each as work on the same vectors.

What is timed is search and selection only: no text is encoded. Ours starts at memory-mapped
vectors and ends with the rows of the chosen documents; the peer is described in ``peer.py``. The
products are no contenders but what any of them must spend at least.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from measure import Work
from nmixx.encoding import FloatArray, choose_precision
from nmixx.encoding.precision import torch_dtype
from nmixx.mining.choices import choose
from nmixx.mining.positives import PositiveScores
from nmixx.mining.rules import IntArray, Rule, Rules
from nmixx.mining.teachers.dense import DenseScorer
from nmixx.mining.teachers.protocol import Query, Tier
from peer import GivenVectors, Positives, prepare_call
from vectors import DIMENSIONS, open_vectors, read_whole

POLICY = "perc_pos"
SPARE, DEPTH = 4, 32
"""What ``nmixx mine`` asks for besides: spare candidates below the ceiling, the best of all."""


@dataclass(frozen=True)
class Problem:
    """What to mine: vectors in a folder, negatives a query, and margins of TopK-PercPos.

    The first margin is timed; of all of them the answer is the share of queries that got all their
    negatives.
    """

    folder: Path
    queries: int
    documents: int
    negatives: int = 4
    margins: tuple[float, ...] = (0.95,)


def mine(
    queries: FloatArray,
    documents: FloatArray,
    positives: Positives,
    rules: Rules,
    negatives: int,
    margin: float,
    *,
    spare: int = 0,
    depth: int = 0,
) -> IntArray:
    """Mine with nmixx, shape (queries, negatives + spare); -1 where a query has too few.

    Args:
        queries: shape (queries, dimensions).
        documents: shape (documents, dimensions).
        positives: score of the lowest sets a query's ceiling.
        rules: what a query must not find.
        negatives: wanted for each query.
        margin: of TopK-PercPos.
        spare: more of them.
        depth: find so many of the best documents of all as well, in the same pass.
    """
    asked = [Query(str(number), "", "", rows) for number, rows in enumerate(positives)]
    scorer = DenseScorer(queries, documents, positives)
    lowest = PositiveScores.of(scorer, asked).lowest
    tiers = [choose(POLICY, margin).tier(lowest, negatives + spare)]
    if depth:
        tiers.append(Tier(depth, np.full_like(lowest, np.inf)))
    return scorer.search(tiers, rules)[0].indices


def prepare_nmixx(problem: Problem) -> Work:
    """Ours: the negatives, and nothing else."""
    return _prepare_ours(problem)


def prepare_nmixx_run(problem: Problem) -> Work:
    """Ours, as ``nmixx mine`` asks by default: spare candidates, and a run to choose from later."""
    return _prepare_ours(problem, spare=SPARE, depth=DEPTH)


def prepare_dense(problem: Problem) -> Work:
    """The peer's dense path."""
    return _prepare_peer(problem, use_faiss=False)


def prepare_faiss(problem: Problem) -> Work:
    """The peer's FAISS path."""
    return _prepare_peer(problem, use_faiss=True)


def prepare_product(problem: Problem) -> Work:
    """The product alone, by torch, in our format and over our blocks; its answer names it."""
    import torch

    from nmixx.mining.products import Products

    # What is taken in registers and never written down cannot be timed without the comparing.
    in_registers = Products("auto", DIMENSIONS).in_registers
    products = Products("int8" if in_registers else "auto", DIMENSIONS)
    queries, documents = _split(problem)
    rounded = [products.round(block) for block in queries], [products.round(b) for b in documents]

    def run() -> None:
        for block in rounded[1]:
            for some in rounded[0]:
                products.multiply(some, block)

    products.multiply(rounded[0][0], rounded[1][0])
    machine = {
        "product": products.precision,
        "threads": torch.get_num_threads(),
        "capability": torch.backends.cpu.get_cpu_capability(),
    }
    return Work(run, lambda _: machine)


def prepare_float_product(problem: Problem) -> Work:
    """The yardstick: ``torch.mm`` over the same blocks, in bfloat16 where that is fast."""
    import torch

    name = choose_precision("auto", "cpu")
    dtype = torch_dtype(name)
    queries, documents = (
        [torch.from_numpy(block).to(dtype) for block in blocks] for blocks in _split(problem)
    )
    room = torch.empty(len(queries[0]) * len(documents[0]), dtype=dtype)

    def run() -> None:
        for block in documents:
            for some in queries:
                out = room[: len(some) * len(block)].view(len(some), len(block))
                torch.mm(some, block.T, out=out)

    torch.mm(queries[0], documents[0].T)
    return Work(run, lambda _: {"product": name})


OURS, OURS_WITH_RUN = "nmixx", "nmixx with its run"
PEERS: Mapping[str, Callable[[Problem], Work]] = {
    "sentence-transformers": prepare_dense,
    "sentence-transformers, FAISS": prepare_faiss,
}
CONTENDERS: Mapping[str, Callable[[Problem], Work]] = {
    OURS: prepare_nmixx,
    OURS_WITH_RUN: prepare_nmixx_run,
    **PEERS,
}


def _split(problem: Problem) -> tuple[list[FloatArray], list[FloatArray]]:
    """Read queries and documents in the blocks that the search compares."""
    from nmixx.mining.search import DOCUMENT_BLOCK, QUERY_BLOCK

    def split(matrix: FloatArray, size: int) -> list[FloatArray]:
        return [matrix[at : at + size] for at in range(0, len(matrix), size)]

    vectors = open_vectors(problem.folder, problem.queries, problem.documents)
    return (
        split(read_whole(vectors.queries), QUERY_BLOCK),
        split(read_whole(vectors.documents), DOCUMENT_BLOCK),
    )


def _prepare_ours(problem: Problem, **options: int) -> Work:
    """Map the vectors, and load the compiled search by mining from a few of them."""
    vectors = open_vectors(problem.folder, problem.queries, problem.documents)

    def run(
        queries: FloatArray, documents: FloatArray, positives: IntArray, margin: float
    ) -> IntArray:
        # Each document is a group of its own, and each query belongs to its positive's.
        group = Rule("other", positives, np.arange(len(documents)))
        rows = [(row,) for row in positives.tolist()]
        return mine(queries, documents, rows, Rules((group,)), problem.negatives, margin, **options)

    run(vectors.queries[:1], vectors.documents[:1], np.zeros(1, dtype=np.int64), 0.95)
    return _yield_at_margins(
        problem,
        lambda margin: run(vectors.queries, vectors.documents, vectors.positives, margin),
        lambda found: float((found[:, problem.negatives - 1] >= 0).mean()),
    )


def _prepare_peer(problem: Problem, *, use_faiss: bool) -> Work:
    """Load the vectors into memory, as encoding leaves them there."""
    vectors = open_vectors(problem.folder, problem.queries, problem.documents)
    model = GivenVectors(read_whole(vectors.queries), read_whole(vectors.documents))
    positives = [(row,) for row in vectors.positives.tolist()]
    call = prepare_call(model, positives, problem.negatives, use_faiss=use_faiss)
    return _yield_at_margins(problem, call, lambda dataset: len(dataset) / problem.queries)


def _yield_at_margins(
    problem: Problem, call: Callable[[float], Any], count: Callable[[Any], float]
) -> Work:
    """Time the first margin; call again for the others, to count the queries that got all."""
    first, *others = problem.margins

    def read(result: Any) -> dict[float, float]:  # noqa: ANN401 - of either kind of contender
        shares = {first: count(result), **{margin: count(call(margin)) for margin in others}}
        return {margin: round(share, 4) for margin, share in shares.items()}

    return Work(lambda: call(first), read)
