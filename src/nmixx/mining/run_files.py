"""Run files: the lines that any search system writes, read and written.

Known are parquet (the columns of :class:`nmixx.records.Candidate`), TSV (query, document, score,
with a rank before the score or without, with a header or without) and TREC's six columns
(``query Q0 document rank score tag``). Text may be gzipped. Scores count, ranks do not.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nmixx.encoding import FloatArray
from nmixx.errors import DataError
from nmixx.mining.rules import IntArray
from nmixx.mining.run_formats import EXPECTED, Line, find_kind
from nmixx.mining.runs import Run
from nmixx.records import Candidate

NONE: Mapping[str, int] = {}
"""No id stands for another's row."""

_PLURAL = {"query": "queries", "document": "documents"}
_LARGEST = float(np.finfo(np.float32).max)


@dataclass(frozen=True, eq=False)
class RunFile:
    """The lines of a run file, their ids numbered in the order in which they first stand.

    Attributes:
        path: the file.
        query_ids: distinct ids of queries.
        document_ids: distinct ids of documents.
        queries: the number of each line's query, shape (lines,).
        documents: the number of each line's document, shape (lines,).
        scores: shape (lines,).
    """

    path: Path
    query_ids: Sequence[str]
    document_ids: Sequence[str]
    queries: IntArray
    documents: IntArray
    scores: FloatArray

    def resolve(
        self,
        queries: Sequence[str],
        documents: Sequence[str],
        *,
        merged_queries: Mapping[str, int] = NONE,
        merged_documents: Mapping[str, int] = NONE,
    ) -> Run:
        """Turn ids into rows; of two lines that come to the same pair of rows the first counts.

        Args:
            queries: ids of all queries, each once.
            documents: ids of all documents, each once.
            merged_queries: more ids, and the rows that they stand for.
            merged_documents: the same of documents.

        Raises:
            DataError: the file names an id that is unknown, or a known id stands twice.
        """
        query_rows = self._rows("query", self.query_ids, queries, merged_queries)
        document_rows = self._rows("document", self.document_ids, documents, merged_documents)
        return Run.build(
            query_rows[self.queries],
            document_rows[self.documents],
            self.scores,
            count=len(queries),
        )

    def _rows(
        self, kind: str, ids: Sequence[str], known: Sequence[str], merged: Mapping[str, int]
    ) -> IntArray:
        """Find the row of each id."""
        rows = {identity: row for row, identity in enumerate(known)}
        if len(rows) < len(known):
            twice = next(identity for row, identity in enumerate(known) if rows[identity] != row)
            raise DataError(
                f"{self.path}: two of the {_PLURAL[kind]} have the id {twice!r}, so a run cannot "
                "tell them apart.\nGive each an id of its own."
            )
        rows = {**merged, **rows}
        unknown = [identity for identity in ids if identity not in rows]
        if unknown:
            raise DataError(
                f"{self.path}: unknown {kind} ids: {len(unknown)} of {len(ids)}, "
                f"such as {_some(unknown)}.\n"
                f"Known ids look like {_some(known) or 'nothing: there are none'}."
            )
        return np.array([rows[identity] for identity in ids], dtype=np.int64)


def read_run(path: Path) -> RunFile:
    """Read a run file of any known kind.

    Raises:
        DataError: the file is missing, empty or of an unknown kind, a line is broken, a score is
            no finite number or plainly a rank, or a query and a document stand together twice.
    """
    query_numbers: dict[str, int] = {}
    document_numbers: dict[str, int] = {}
    queries, documents, places, scores = array("q"), array("q"), array("q"), array("d")
    for line in find_kind(path).read(path):
        if not line.query or not line.document:
            raise DataError(f"{path}:{line.number}: an id is empty.\n{EXPECTED}")
        queries.append(query_numbers.setdefault(line.query, len(query_numbers)))
        documents.append(document_numbers.setdefault(line.document, len(document_numbers)))
        places.append(line.number)
        scores.append(_finite(path, line))
    if not scores:
        raise DataError(f"{path}: holds no line of a run.")
    run = RunFile(
        path,
        list(query_numbers),
        list(document_numbers),
        np.array(queries, dtype=np.int64),
        np.array(documents, dtype=np.int64),
        np.array(scores, dtype=np.float32),
    )
    _require_distinct(run, places)
    _require_scores(run)
    return run


def write_run(path: Path, candidates: Iterable[Candidate]) -> None:
    """Write a run atomically, in the kind that the file's name asks for.

    The same candidates give the same bytes, and scores are written so that they are read back as
    they were.

    Raises:
        DataError: the kind is unknown, or an id holds a character that parts fields there.
    """
    find_kind(path).write(path, candidates)


def _finite(path: Path, line: Line) -> float:
    """Read a score."""
    try:
        score = float(line.score)
    except ValueError:
        score = np.nan
    if not abs(score) <= _LARGEST:
        raise DataError(
            f"{path}:{line.number}: the score {line.score!r} is not a finite number.\n{EXPECTED}"
        )
    return score


def _require_distinct(run: RunFile, places: Sequence[int]) -> None:
    """Refuse a query and a document that stand together twice."""
    keys = run.queries * len(run.document_ids) + run.documents
    order = np.argsort(keys, kind="stable")
    again = np.flatnonzero(keys[order][1:] == keys[order][:-1])
    if not len(again):
        return
    later = int(order[again + 1].min())
    earlier = int(np.argmax(keys == keys[later]))
    query, document = run.query_ids[run.queries[later]], run.document_ids[run.documents[later]]
    raise DataError(
        f"{run.path}:{places[later]}: query {query!r} and document {document!r} stand together "
        f"twice, first on line {places[earlier]}.\n"
        "A run has one score for each; give each teacher's run a file of its own."
    )


def _require_scores(run: RunFile) -> None:
    """Refuse ranks in the place of scores, as MS MARCO's runs have them."""
    order = np.argsort(run.queries, kind="stable")
    starts = np.searchsorted(run.queries[order], np.arange(len(run.query_ids)))
    places = np.arange(len(order)) - starts[run.queries[order]] + 1
    if places.max() > 1 and np.array_equal(run.scores[order], places):
        raise DataError(
            f"{run.path}: the scores count 1, 2, 3 for every query: ranks, it seems.\n"
            "A run needs scores, of which a higher one is better."
        )


def _some(ids: Sequence[str]) -> str:
    """Show the first few ids."""
    return ", ".join(map(repr, ids[:3]))
