"""The teacher behind ``run:FILE``: what another system scored."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from nmixx.mining.pool import MERGED_IDS
from nmixx.mining.rules import FREE, Rules
from nmixx.mining.run_files import RunFile, read_run
from nmixx.mining.teachers.protocol import Query, Teacher
from nmixx.mining.teachers.table import TableScorer
from nmixx.records import Document

logger = logging.getLogger(__name__)

COSINE_LIMIT = 1.001
"""Cosines of half precision may be a little more than 1."""


@dataclass(frozen=True)
class RunTeacher:
    """Knows the scores of a run file; see :mod:`nmixx.mining.run_files`.

    Attributes:
        path: the file.
        comparer: a teacher that compares documents, for policies that ask.
    """

    path: Path
    comparer: Teacher | None = None

    @property
    def name(self) -> str:
        """``run:`` and the file's name."""
        return f"run:{self.path.name}"

    @property
    def bounded(self) -> bool:
        """Whether all scores of the file lie between -1 and 1, as cosines do.

        Raises:
            DataError: the file cannot be read.
        """
        return bool(np.abs(self._file.scores).max() <= COSINE_LIMIT)

    def open(
        self, queries: Sequence[Query], documents: Sequence[Document], rules: Rules = FREE
    ) -> TableScorer:
        """Read the file and find its ids, those of texts that were merged with others included.

        Raises:
            DataError: the file cannot be read, or names an unknown query or document.
        """
        run = self._file.resolve(
            [query.id for query in queries],
            [document.id for document in documents],
            merged_queries=_merged([query.merged_ids for query in queries]),
            merged_documents=_merged([some.extra.get(MERGED_IDS) or () for some in documents]),
        )
        silent = int((np.diff(run.offsets) == 0).sum())
        if silent:
            logger.warning("%s: has nothing on %d of %d queries", self.path, silent, len(queries))
        comparer = self.comparer.open(queries, documents) if self.comparer else None
        return TableScorer(self.name, run, queries, comparer.similarity if comparer else None)

    @cached_property
    def _file(self) -> RunFile:
        """The file's lines, read once."""
        return read_run(self.path)


def _merged(ids: Sequence[Sequence[str]]) -> Mapping[str, int]:
    """Give the row that each merged id stands for."""
    return {identity: row for row, some in enumerate(ids) for identity in some}
