"""Triplet accuracy: whether what means the same lies nearer than what was changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from nmixx.evaluation.bootstrap import Array
from nmixx.evaluation.cells import read_text_cell
from nmixx.evaluation.examples import Examples, group_by_length, split
from nmixx.evaluation.lexical import BM25, score_lexically
from nmixx.evaluation.settings import TripletTask
from nmixx.evaluation.spearman import cosines
from nmixx.evaluation.surface import BASELINES, doubt_size
from nmixx.evaluation.tasks import Lookup, hash_data, require_rows

SIDES = ("anchor", "positive", "negative")
_GROUPS = {"shift": ("negative_kind", "shift"), "category": ("category",)}


@dataclass(frozen=True)
class TripletData:
    """The triplets of one task, as three columns of texts of the same length."""

    kind: ClassVar[str] = "triplets"
    metric: ClassVar[str] = "accuracy"

    name: str
    anchors: Sequence[str]
    positives: Sequence[str]
    negatives: Sequence[str]
    groups: Mapping[str, Sequence[str]]
    data: str

    @classmethod
    def load(cls, name: str, settings: TripletTask) -> TripletData:
        """Read ``triplets.parquet`` or any file with an anchor, a positive and a negative.

        Raises:
            DataError: the file cannot be used, or holds fewer than two triplets.
        """
        from nmixx.corpus.readers import read_rows

        sides: list[tuple[str, ...]] = []
        groups: dict[str, list[str]] = {"direction": [], **{key: [] for key in _GROUPS}}
        for number, row in read_rows(settings.path):
            where = f"{settings.path}, row {number}"
            sides.append(
                tuple(read_text_cell(row, side, settings.columns, where) for side in SIDES)
            )
            groups["direction"].append(_direction(row))
            for key, names in _GROUPS.items():
                groups[key].append(next((str(row[n]) for n in names if row.get(n)), ""))
        require_rows(name, settings.path, len(sides), "triplets")
        anchors, positives, negatives = zip(*sides, strict=True)
        return cls(name, anchors, positives, negatives, groups, hash_data(settings.path, sides))

    @property
    def rows(self) -> Sequence[int]:
        """Number of each triplet in its file, from 1."""
        return range(1, len(self.anchors) + 1)

    def texts(self) -> Iterable[str]:
        """All three sides."""
        return (*self.anchors, *self.positives, *self.negatives)

    def measure(self, lookup: Lookup) -> Examples:
        """Score each triplet 1 where the positive is nearer to the anchor, else 0."""
        anchors = lookup(self.anchors)
        near, far = (
            cosines(anchors, lookup(self.positives)),
            cosines(anchors, lookup(self.negatives)),
        )
        values = (near > far).astype(np.float64)
        lengths = group_by_length([len(anchor) for anchor in self.anchors])
        parts = split(values, None, {**self.groups, "length": lengths})
        return Examples(values, None, parts, {"mean gap": float((near - far).mean())})

    def surface(self) -> Mapping[str, float]:
        """Count the triplets that each baseline gets right; a tie counts half."""
        found = {}
        for name, baseline in BASELINES.items():
            near, far = (
                np.array([baseline(a, b) for a, b in zip(self.anchors, side, strict=True)])
                for side in (self.positives, self.negatives)
            )
            found[name] = _share_right(near, far)
        twice = score_lexically([*self.anchors] * 2, [*self.positives, *self.negatives])
        if twice is not None:
            found[BM25] = _share_right(*np.split(twice, 2))
        return found

    def doubts(self) -> list[str]:
        """Say when there are too few triplets, or some come twice."""
        seen = set(zip(self.anchors, self.positives, self.negatives, strict=True))
        repeated = len(self.anchors) - len(seen)
        again = (
            [f"{repeated} of {len(self.anchors)} rows repeat an earlier one"] if repeated else []
        )
        return [*again, *doubt_size(len(self.anchors), "triplets")]


def _share_right(near: Array, far: Array) -> float:
    """Share of triplets whose positive scores higher; ties count half."""
    return float(np.mean((near > far) + (near == far) / 2))


def _direction(row: Mapping[str, object]) -> str:
    """Name the languages of anchor, positive and negative, where the row tells them."""
    langs = [row.get(f"{side}_lang") for side in SIDES]
    return " / ".join(map(str, langs)) if all(langs) else ""
