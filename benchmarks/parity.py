"""Are the negatives the right ones? Small random cases against the peer and against brute force."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from contenders import mine
from nmixx.encoding import FloatArray
from nmixx.mining.policies import perc_pos
from nmixx.mining.rules import IntArray, Rules
from peer import GivenVectors, Positives, prepare_call

CASES = 50
MARGINS = (0.95, 0.90, 0.80)


@dataclass(frozen=True)
class Case:
    """Random unit vectors, and one to three positives for each query."""

    queries: FloatArray
    documents: FloatArray
    positives: Positives
    negatives: int
    margin: float

    def mine(self) -> IntArray:
        """Ours, which never finds a query's positives."""
        banned = tuple(frozenset(rows) for rows in self.positives)
        rules = Rules((), banned)
        return mine(
            self.queries, self.documents, self.positives, rules, self.negatives, self.margin
        )

    def sort_all(self) -> IntArray:
        """The same by brute force: all scores sorted, equal ones in the corpus's order."""
        exact = self.queries.astype(np.float64) @ self.documents.astype(np.float64).T
        scores = exact.astype(np.float32)
        found = np.full((len(scores), self.negatives), -1, dtype=np.int64)
        for number, (row, positives) in enumerate(zip(scores, self.positives, strict=True)):
            lowest = row[list(positives)].min(keepdims=True)
            fit = row < perc_pos(lowest, self.margin)
            fit[list(positives)] = False
            order = np.argsort(-row, kind="stable")
            best = order[fit[order]][: self.negatives]
            found[number, : len(best)] = best
        return found

    def ask_peer(self) -> dict[int, list[int]]:
        """The peer's negatives, for the queries that got all of them."""
        model = GivenVectors(self.queries, self.documents)
        call = prepare_call(model, self.positives, self.negatives, use_faiss=False)
        return {
            _number(row["anchor"]): [
                _number(row[f"negative_{place}"]) for place in range(1, self.negatives + 1)
            ]
            for row in call(self.margin)
        }

    def tied(self, chooser: np.random.Generator) -> Case:
        """The same with many documents equal to others, so that scores tie."""
        copied = chooser.integers(max(1, len(self.documents) // 4), size=len(self.documents))
        return Case(
            self.queries, self.documents[copied], self.positives, self.negatives, self.margin
        )


def compare(seed: int) -> dict[str, int]:
    """Count the queries of all cases, and those where the answers are the same.

    Compared with the peer are the queries that it gives all their negatives; what the corpus holds
    for the others, ours must find too, which the comparison with brute force shows.
    """
    counts = dict.fromkeys(
        ("cases", "queries", "as_brute_force", "tied_as_brute_force", "of_peer", "as_peer"), 0
    )
    chooser = np.random.default_rng([seed, 3])
    for case in _draw_cases(chooser):
        tied = case.tied(chooser)
        ours, theirs = case.mine(), case.ask_peer()
        counts["cases"] += 1
        counts["queries"] += len(ours)
        counts["as_brute_force"] += _equal_rows(ours, case.sort_all())
        counts["tied_as_brute_force"] += _equal_rows(tied.mine(), tied.sort_all())
        counts["of_peer"] += len(theirs)
        counts["as_peer"] += sum(ours[number].tolist() == rows for number, rows in theirs.items())
    return counts


def _draw_cases(chooser: np.random.Generator) -> Iterator[Case]:
    """Draw all cases."""
    for number in range(CASES):
        queries, documents = int(chooser.integers(5, 40)), int(chooser.integers(40, 400))
        dimensions = int(chooser.integers(8, 64))
        vectors = chooser.standard_normal((documents, dimensions), dtype=np.float32)
        positives = [
            tuple(chooser.choice(documents, chooser.integers(1, 4), replace=False).tolist())
            for _ in range(queries)
        ]
        # A query lies near its first positive.
        near = vectors[[rows[0] for rows in positives]]
        asked = near + chooser.standard_normal(near.shape, dtype=np.float32)
        yield Case(
            _scale(asked),
            _scale(vectors),
            positives,
            int(chooser.integers(1, 6)),
            MARGINS[number % len(MARGINS)],
        )


def _equal_rows(one: IntArray, other: IntArray) -> int:
    """Count the rows that are the same."""
    return int((one == other).all(axis=1).sum())


def _number(text: Any) -> int:  # noqa: ANN401 - a cell of a dataset
    """Read the row number in a text such as ``document 7``."""
    return int(str(text).rsplit(" ", 1)[1])


def _scale(vectors: FloatArray) -> FloatArray:
    """Bring vectors to unit length."""
    scaled: FloatArray = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return scaled
