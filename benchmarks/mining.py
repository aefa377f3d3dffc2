"""How fast, how lean and how complete is mining, beside the tool that people use?

Usage: ``python benchmarks/mining.py [--small | --full] [--repeats N]``

All in one run, on the same synthetic vectors (see ``vectors.py``), TopK-PercPos and 4 negatives:

``race``
    20,000 queries, 200,000 documents, 384 dimensions: seconds and peak memory of ours and of
    ``mine_hard_negatives`` of Sentence Transformers, dense and with FAISS (see ``peer.py``),
    each in a process of its own, in turn, and the median of all turns. Beside them the matrix
    product alone that ours takes, as a share of our time, and the same product in floats.
``yield``
    The share of queries that get all their negatives, at three margins.
``growth``
    Ours at 10,000 queries and 50,000 to 1,000,000 documents: whether time grows on a line, and
    whether memory stays. With ``--full`` also 100,000 queries and 1,000,000 documents.
``parity``
    Small random cases: the same negatives as the peer's, and as brute force (see ``parity.py``).

``--small`` takes less than 50 seconds on two cores. Needs 16 GB of memory for the peer, 2 GB of
disk, and the extra ``bench``. The last line is JSON; a ratio in it is how many times longer the
peer takes, and memory is in MiB.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import statistics
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console

from contenders import (
    CONTENDERS,
    OURS,
    PEERS,
    Problem,
    prepare_float_product,
    prepare_nmixx,
    prepare_product,
)
from measure import Measurement, Work, in_child, measure
from nmixx.progress import stderr_console
from parity import compare
from summary import print_summary
from vectors import DIMENSIONS, make_documents, make_queries

QUESTION = "how fast, how lean and how complete is mining, beside mine_hard_negatives?"
MARGINS = (0.95, 0.90, 0.80)
LIBRARIES = ("torch", "numpy", "numba", "sentence-transformers", "faiss-cpu")


@dataclass(frozen=True)
class Sizes:
    """How much is mined in each part; ``large`` is left out when there is none."""

    queries: int
    documents: int
    stories: int
    growth_queries: int
    growth: tuple[int, ...]
    large: tuple[int, int] | None = None

    def pairs(self) -> Iterator[tuple[int, int]]:
        """Give all numbers of queries and documents that go together."""
        yield self.queries, self.documents
        yield from ((self.growth_queries, documents) for documents in self.growth)
        if self.large:
            yield self.large


SMALL = Sizes(3_000, 30_000, 750, 1_000, (7_500, 15_000, 30_000))
USUAL = Sizes(20_000, 200_000, 5_000, 10_000, (50_000, 100_000, 200_000, 400_000, 1_000_000))
FULL = replace(USUAL, large=(100_000, 1_000_000))


@dataclass(frozen=True)
class Runner:
    """Measures contenders, each time in a new process, and says so on stderr."""

    folder: Path
    repeats: int

    def measure(
        self, name: str, prepare: Callable[[Problem], Work], problem: Problem
    ) -> Measurement | None:
        """Measure once; None when the process was killed, as it is where memory is short."""
        size = f"{problem.queries:,} x {problem.documents:,}"
        try:
            taken = measure(prepare, problem)
        except BrokenProcessPool:
            stderr_console().print(f"{name}, {size}: killed")
            return None
        stderr_console().print(f"{name}, {size}: {taken.seconds:.2f} s, {taken.peak_mb:,.0f} MiB")
        return taken

    def in_turn(
        self, tasks: Mapping[str, tuple[Callable[[Problem], Work], Problem]]
    ) -> dict[str, list[Measurement]]:
        """Measure all tasks one after the other, as often as asked; yields only the first time.

        Raises:
            MemoryError: another process than a peer's was killed.
        """
        taken: dict[str, list[Measurement]] = {name: [] for name in tasks}
        for turn in range(self.repeats):
            for name, (prepare, problem) in tasks.items():
                margins = problem.margins if turn == 0 else problem.margins[:1]
                one = self.measure(name, prepare, replace(problem, margins=margins))
                if one is None and name not in PEERS:
                    raise MemoryError(f"{name} was killed: too little memory for this benchmark")
                taken[name] += [one] if one else []
        return taken


def race(runner: Runner, sizes: Sizes) -> dict[str, Any]:
    """Time ours, the peers and the product alone."""
    problem = Problem(runner.folder, sizes.queries, sizes.documents, margins=MARGINS)
    products = {"product": prepare_product, "float product": prepare_float_product}
    taken = runner.in_turn(
        {name: (prepare, problem) for name, prepare in {**CONTENDERS, **products}.items()}
    )
    seconds = {name: _median_seconds(some) for name, some in taken.items()}
    return {
        "ratios": {peer: _divide(seconds[peer], seconds[OURS]) for peer in PEERS},
        "peak_mb": {name: _highest([one.peak_mb for one in taken[name]]) for name in CONTENDERS},
        "baseline_mb": {
            name: _highest([one.baseline_mb for one in taken[name]]) for name in CONTENDERS
        },
        "seconds": seconds,
        "all_seconds": {
            name: [round(one.seconds, 3) for one in some] for name, some in taken.items()
        },
        "products": {
            name: {**taken[name][0].answer, "share_of_ours": _divide(seconds[name], seconds[OURS])}
            for name in products
        },
        "yield": {
            f"{margin:.2f}": {
                name: taken[name][0].answer[margin] if taken[name] else None for name in CONTENDERS
            }
            for margin in MARGINS
        },
    }


def grow(runner: Runner, sizes: Sizes) -> dict[str, Any]:
    """Mine from ever more documents, and hold the seconds against a line."""
    tasks = {
        f"{OURS} {documents}": (
            prepare_nmixx,
            Problem(runner.folder, sizes.growth_queries, documents),
        )
        for documents in sizes.growth
    }
    taken = list(runner.in_turn(tasks).values())
    seconds = np.array([statistics.median(one.seconds for one in some) for some in taken])
    peaks = [max(one.peak_mb for one in some) for some in taken]
    slope, start = np.polyfit(sizes.growth, seconds, 1)
    line = start + slope * np.array(sizes.growth)
    return {
        "queries": sizes.growth_queries,
        "documents": list(sizes.growth),
        "seconds": [round(value, 3) for value in seconds.tolist()],
        "peak_mb": [round(peak) for peak in peaks],
        "seconds_per_million_documents": round(float(slope) * 1e6, 3),
        "largest_deviation_from_line": round(float(np.max(np.abs(seconds - line) / line)), 4),
        "highest_peak_to_lowest": round(max(peaks) / min(peaks), 4),
    }


def mine_large(runner: Runner, sizes: Sizes) -> dict[str, Any] | None:
    """Mine once at the largest size, if there is one."""
    if sizes.large is None:
        return None
    queries, documents = sizes.large
    taken = runner.measure(OURS, prepare_nmixx, Problem(runner.folder, queries, documents))
    return {
        "queries": queries,
        "documents": documents,
        "seconds": round(taken.seconds, 2) if taken else None,
        "peak_mb": round(taken.peak_mb) if taken else None,
    }


def make_vectors(folder: Path, sizes: Sizes, seed: int) -> None:
    """Make all vectors of all parts."""
    most = max(documents for _, documents in sizes.pairs())
    make_documents(folder, most, sizes.stories, seed)
    for queries, documents in dict.fromkeys(sizes.pairs()):
        make_queries(folder, queries, documents, sizes.stories, seed)


def run_all(folder: Path, sizes: Sizes, given: argparse.Namespace) -> dict[str, Any]:
    """Run all parts."""
    runner = Runner(folder, given.repeats)
    in_child(make_vectors, folder, sizes, given.seed)
    # Compiles the search into numba's cache, so that no measured process does it.
    same = in_child(compare, given.seed)
    return {
        "question": QUESTION,
        **race(runner, sizes),
        "growth": grow(runner, sizes),
        "large": mine_large(runner, sizes),
        "parity": same,
        "queries": sizes.queries,
        "documents": sizes.documents,
        "dimensions": DIMENSIONS,
        "small": given.small,
        "repeats": given.repeats,
        "seed": given.seed,
        "cores": os.cpu_count(),
        "versions": {name: version(name) for name in LIBRARIES},
    }


def main() -> None:
    """Run all parts, print a table each and one line of JSON."""
    given = _arguments()
    os.environ |= {"TQDM_DISABLE": "1", "HF_HUB_OFFLINE": "1"}
    sizes = SMALL if given.small else FULL if given.full else USUAL
    with tempfile.TemporaryDirectory(dir=given.scratch) as temporary:
        summary = run_all(Path(temporary), sizes, given)
    print_summary(Console(width=100, highlight=False), summary)
    print(json.dumps(summary))


def _arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=QUESTION)
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--small", action="store_true", help="small sizes, in under 50 seconds")
    size.add_argument("--full", action="store_true", help="100,000 x 1,000,000 as well")
    parser.add_argument("--repeats", type=int, help="turns; 3, or 1 with --small")
    parser.add_argument("--seed", type=int, default=0, help="of the vectors")
    parser.add_argument("--scratch", type=Path, help="where 2 GB of vectors may lie meanwhile")
    given = parser.parse_args()
    if importlib.util.find_spec("faiss") is None:
        parser.error("faiss is not installed; pip install 'nmixx[bench]'")
    given.repeats = given.repeats or (1 if given.small else 3)
    return given


def _median_seconds(taken: Sequence[Measurement]) -> float | None:
    """Take the median, or nothing of nothing."""
    return round(statistics.median(one.seconds for one in taken), 3) if taken else None


def _highest(values: Sequence[float]) -> int | None:
    """Take the highest in whole numbers, or nothing of nothing."""
    return round(max(values)) if values else None


def _divide(one: float | None, other: float | None) -> float | None:
    """Divide, or give nothing where either is missing."""
    return round(one / other, 3) if one is not None and other else None


if __name__ == "__main__":
    main()
