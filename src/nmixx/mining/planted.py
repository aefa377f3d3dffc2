"""Planted positives: texts of the pool known to mean the same as a query, but not told a miner."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nmixx.corpus.clean import normalise_key
from nmixx.mining.teachers.protocol import Query
from nmixx.records import Document, Pair


@dataclass(frozen=True)
class Planted:
    """For each query the rows of its planted positives, in rising order."""

    rows: tuple[tuple[int, ...], ...]
    unmatched: int
    """Pairs that plant nothing: no side is of a query, or the other is not in the pool."""


def read_planted(path: str, queries: Sequence[Query], documents: Sequence[Document]) -> Planted:
    """Read a file of pairs as planted positives; see :func:`match_planted`.

    Args:
        path: anything :func:`nmixx.corpus.shapes.read_pairs` reads.
        queries: as a teacher is opened on.
        documents: the pool.

    Raises:
        DataError: the file cannot be used.
    """
    from nmixx.corpus.shapes import read_pairs

    return match_planted(read_pairs(path), queries, documents)


def match_planted(
    pairs: Iterable[Pair], queries: Sequence[Query], documents: Sequence[Document]
) -> Planted:
    """Find what pairs plant: where one side is a query or its positive, the other is planted.

    Texts are compared by :func:`nmixx.corpus.clean.normalise_key`, and a pair counts in both
    directions. What equals the query or one of its positives is known already and not planted.

    Args:
        pairs: texts that mean the same.
        queries: as a teacher is opened on.
        documents: the pool.
    """
    keys = [normalise_key(document.text) for document in documents]
    rows: dict[str, list[int]] = {}
    for row, key in enumerate(keys):
        rows.setdefault(key, []).append(row)
    known = [
        {normalise_key(query.text), *(keys[row] for row in query.positives)} for query in queries
    ]
    owners: dict[str, list[int]] = {}
    for number, some in enumerate(known):
        for key in some:
            owners.setdefault(key, []).append(number)
    planted: list[set[int]] = [set() for _ in queries]
    unmatched = 0
    for pair in pairs:
        one, other = normalise_key(pair.anchor), normalise_key(pair.positive)
        found = [
            (number, rows[text])
            for side, text in ((one, other), (other, one))
            for number in owners.get(side, ())
            if text in rows and text not in known[number]
        ]
        unmatched += not found
        for number, places in found:
            planted[number].update(places)
    return Planted(tuple(tuple(sorted(some)) for some in planted), unmatched)
