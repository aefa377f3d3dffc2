"""Choosing again: another policy on the candidates of an earlier run, without searching."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from nmixx.corpus.formats import readable_parquet
from nmixx.encoding import FloatArray
from nmixx.errors import DataError
from nmixx.mining.pool import Pool
from nmixx.mining.rules import FREE, IntArray, Rules
from nmixx.mining.run_files import read_run
from nmixx.mining.runs import Run
from nmixx.mining.selection import Compare
from nmixx.mining.teachers.protocol import Query
from nmixx.mining.teachers.table import TableScorer
from nmixx.mining.writing import CONSENSUS, SIMILARITIES
from nmixx.records import Document, Pair
from nmixx.storage import read_json, read_records

FILES = ("queries.parquet", "documents.parquet", "run.parquet", "report.json")
"""What is read of an earlier run; :mod:`nmixx.mining.writing` says what they hold."""


@dataclass(frozen=True)
class MinedRun:
    """What ``nmixx mine`` left in a folder, as a teacher that knows those scores only."""

    folder: Path

    @property
    def name(self) -> str:
        """The name of the teacher whose scores they are."""
        return str(self._report["teacher"])

    @property
    def bounded(self) -> bool:
        """Whether the teacher's scores were bounded."""
        return bool(self._report["bounded"])

    @cached_property
    def _report(self) -> dict[str, Any]:
        report: dict[str, Any] = read_json(self.folder / "report.json")
        return report

    @cached_property
    def _pairs(self) -> list[Pair]:
        return read_records(self.folder / "queries.parquet", Pair)

    def pool(self) -> Pool:
        """Give the queries of the run, and the documents that it names.

        Raises:
            DataError: the folder does not hold a mining run, or one that found nothing.
        """
        self._require_candidates()
        documents = read_records(self.folder / "documents.parquet", Document)
        rows = {document.id: row for row, document in enumerate(documents)}
        gathered: dict[str, list[Pair]] = {}
        for pair in self._pairs:
            gathered.setdefault(str(pair.extra["query_id"]), []).append(pair)
        queries = [
            Query(
                identity,
                some[0].anchor,
                some[0].anchor_lang,
                tuple(rows[str(pair.extra["positive_id"])] for pair in some),
            )
            for identity, some in gathered.items()
        ]
        return Pool(tuple(queries), tuple(map(tuple, gathered.values())), tuple(documents))

    def _require_candidates(self) -> None:
        """Refuse a folder that there is nothing to choose from in."""
        import pyarrow.parquet as pq

        missing = [name for name in FILES if not (self.folder / name).is_file()]
        if missing:
            raise DataError(
                f"{self.folder}: holds no {missing[0]}.\n"
                "Expected a folder that `nmixx mine` wrote to the end."
            )
        run = self.folder / "run.parquet"
        with readable_parquet(run):
            candidates = pq.read_metadata(run).num_rows
        if not candidates:
            raise DataError(
                f"{run}: the run found no candidate, so there is nothing to choose again from.\n"
                "Mine anew, with more documents or fewer constraints."
            )

    def consensus(self) -> MinedConsensus | None:
        """Give the second teacher that had to agree, if there was one."""
        report = self._report.get("consensus")
        if report is None:
            return None
        return MinedConsensus(
            self.folder / CONSENSUS, str(report["teacher"]), bool(report["bounded"])
        )

    def open(
        self, queries: Sequence[Query], documents: Sequence[Document], rules: Rules = FREE
    ) -> TableScorer:
        """Read the candidates, and what the positives scored."""
        ids = [document.id for document in documents]
        found = read_run(self.folder / "run.parquet").resolve([q.id for q in queries], ids)
        rows = np.repeat(np.arange(len(queries)), [len(query.positives) for query in queries])
        positives = np.array([row for query in queries for row in query.positives], dtype=np.int64)
        scores = np.array([pair.extra["positive_score"] for pair in self._pairs], dtype=np.float32)
        known = np.isfinite(scores)
        run = Run.build(
            np.append(found.queries, rows[known]),
            np.append(found.documents, positives[known]),
            np.append(found.scores, scores[known]),
            count=len(queries),
        )
        known_pairs = self.folder / SIMILARITIES
        compare = _stored(known_pairs, ids) if known_pairs.exists() else None
        return TableScorer(self.name, run, queries, compare)


@dataclass(frozen=True)
class MinedConsensus:
    """What a second teacher scored in an earlier run, and its name and kind then."""

    path: Path
    name: str
    bounded: bool

    def open(
        self, queries: Sequence[Query], documents: Sequence[Document], rules: Rules = FREE
    ) -> TableScorer:
        """Read the scores.

        Raises:
            DataError: the file is missing.
        """
        if not self.path.is_file():
            raise DataError(
                f"{self.path}: no such file, and the run's second teacher must agree again.\n"
                "Mine anew, or bring the file back."
            )
        run = read_run(self.path).resolve(
            [query.id for query in queries], [document.id for document in documents]
        )
        return TableScorer(self.name, run, queries)


def _stored(path: Path, ids: Sequence[str]) -> Compare:
    """Make the similarity of documents that an earlier run wrote down."""
    import pyarrow.parquet as pq

    rows = {identity: row for row, identity in enumerate(ids)}
    table = pq.read_table(path)
    one, other = (
        np.array([rows[name] for name in table.column(column).to_pylist()], dtype=np.int64)
        for column in ("document_id", "positive_id")
    )
    scores = table.column("score").to_numpy().astype(np.float32)
    known = Run.build(one, other, scores, count=len(ids))

    def compare(documents: IntArray, positives: IntArray) -> FloatArray:
        return known.lookup(documents, positives)

    return compare
