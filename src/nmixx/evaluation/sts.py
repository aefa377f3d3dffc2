"""Semantic textual similarity: pairs that people scored, in the model's order and in theirs."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from nmixx.errors import DataError
from nmixx.evaluation.bootstrap import Array
from nmixx.evaluation.examples import Examples, split
from nmixx.evaluation.settings import StsTask
from nmixx.evaluation.sides import both_sides, group_pairs, measure_pairs
from nmixx.evaluation.spearman import is_flat, pearson
from nmixx.evaluation.surface import find_doubts, score_surface
from nmixx.evaluation.tasks import Lookup, hash_data, require_rows
from nmixx.records import ScoredPair


@dataclass(frozen=True)
class StsData:
    """The scored pairs of one task."""

    kind: ClassVar[str] = "sts"
    metric: ClassVar[str] = "spearman"

    name: str
    pairs: Sequence[ScoredPair]
    rows: Sequence[int]
    data: str
    official: Any = field(default=None, compare=False)
    """The task of mteb's that the rows came from."""

    @classmethod
    def load(cls, name: str, settings: StsTask) -> StsData:
        """Read the pairs and keep those of the wanted languages.

        Raises:
            DataError: the file cannot be used, fewer than two rows are left, a score is no
                finite number, or all scores are equal.
        """
        from nmixx.corpus.shapes import read_scored_pairs

        every = read_scored_pairs(settings.path, settings.columns)
        wanted = _wanted_languages(settings.lang)
        kept = [
            (row, pair)
            for row, pair in enumerate(every, start=1)
            if wanted is None or pair.lang in wanted
        ]
        if every and not kept:
            found = ", ".join(sorted({pair.lang for pair in every}))
            raise DataError(
                f"task {name!r}: {settings.path} has no row with lang {settings.lang!r}.\n"
                f"Its languages: {found}."
            )
        require_rows(name, settings.path, len(kept), "scored pairs")
        check_scores(name, settings.path, kept)
        content = [pair.to_row() for pair in every]
        pairs = [pair for _, pair in kept]
        return cls(name, pairs, [row for row, _ in kept], hash_data(settings.path, content))

    @cached_property
    def labels(self) -> Array:
        """People's scores, shape (pairs,)."""
        return np.array([pair.score for pair in self.pairs], dtype=np.float64)

    def texts(self) -> Iterable[str]:
        """Both sentences of every pair."""
        return both_sides(self.pairs)

    def measure(self, lookup: Lookup) -> Examples:
        """Score each pair by cosine similarity."""
        values, groups = measure_pairs(self.pairs, lookup), group_pairs(self.pairs)
        return Examples(
            values,
            self.labels,
            split(values, self.labels, groups),
            {} if is_flat(values) else {"pearson": pearson(values, self.labels)},
        )

    def surface(self) -> Mapping[str, float]:
        """Correlate what can be seen without reading with people's scores."""
        return score_surface(self.pairs, self.labels)

    def doubts(self) -> list[str]:
        """Look for sorted labels, repeated rows and too few of them."""
        return find_doubts(self.pairs, self.labels)


def check_scores(name: str, where: str, rows: Sequence[tuple[int, ScoredPair]]) -> None:
    """Refuse people's scores that are no numbers, or all equal.

    Raises:
        DataError: they are; the row or the task is named.
    """
    for row, pair in rows:
        if not math.isfinite(pair.score):
            raise DataError(f"{where}, row {row}: the score {pair.score} is no number.")
    if len({pair.score for _, pair in rows}) < 2:
        raise DataError(
            f"task {name!r}: all {len(rows)} scores in {where} are equal, so there is no order to "
            "agree with.\nAt least two distinct scores are needed."
        )


def _wanted_languages(lang: str | None) -> frozenset[str] | None:
    """Split ``ko, en-ko`` into its languages; None when every language is wanted."""
    return None if lang is None else frozenset(part.strip() for part in lang.split(","))
