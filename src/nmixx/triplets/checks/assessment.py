"""The scores of a triplet, its confidence, and what is written of both."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nmixx.records import Dropped, Triplet
from nmixx.triplets.checks.check import FAULT, score_column
from nmixx.triplets.checks.table import ALL_CHECKS, CHECKS


@dataclass(frozen=True)
class Assessment:
    """What the checks say of a triplet; its confidence is its weakest score.

    Attributes:
        triplet: as it came.
        scores: check to score, those that had something to say, in the checks' order.
    """

    triplet: Triplet
    scores: Mapping[str, float]

    @property
    def confidence(self) -> float:
        """The lowest of all scores; 1 where no check had anything to say."""
        return min(self.scores.values(), default=1.0)

    @property
    def weakest(self) -> str | None:
        """The check that the confidence comes from; None where nothing is below 1."""
        low = min(self.scores, key=lambda name: self.scores[name], default=None)
        return None if low is None or self.scores[low] >= 1 else low

    def faults(self, threshold: float = FAULT) -> list[str]:
        """Name the faults of the checks scored below a threshold, the weakest first."""
        low = [name for name, score in self.scores.items() if score < threshold]
        return [ALL_CHECKS[name].fault for name in sorted(low, key=lambda name: self.scores[name])]

    def kept(self) -> Triplet:
        """Give the triplet with its confidence and a column for each score."""
        columns = {score_column(name): value for name, value in self.scores.items()}
        extra = _without_scores(self.triplet.extra) | columns
        return dataclasses.replace(self.triplet, confidence=self.confidence, extra=extra)

    def dropped(self, threshold: float) -> Dropped:
        """Give the row for ``dropped.parquet``, with all columns of the triplet beside it.

        The triplet's columns let another threshold take it back.
        """
        made_by, _, pair_id = _split_provenance(self.triplet.provenance)
        faults = self.faults(threshold) or ["below the threshold"]
        detail = f"{self.triplet.negative_kind}: {', '.join(faults)}"
        row = self.kept().to_row()
        return Dropped(pair_id, self.triplet.negative, made_by, faults[0], detail, extra=row)


def assess(triplet: Triplet) -> Assessment:
    """Put a triplet to every check that looks at one triplet alone."""
    found = {name: check.score(triplet) for name, check in CHECKS.items()}
    return Assessment(triplet, {name: score for name, score in found.items() if score is not None})


def place(triplet: Triplet, threshold: float, kept: list[Triplet], dropped: list[Dropped]) -> bool:
    """Check a triplet and put it, with its scores, where it belongs; tell whether it is kept."""
    assessment = assess(triplet)
    if assessment.confidence >= threshold:
        kept.append(assessment.kept())
        return True
    dropped.append(assessment.dropped(threshold))
    return False


def stored_assessment(triplet: Triplet) -> Assessment:
    """Read the scores that were stored with a triplet; nothing is computed again."""
    stored: dict[str, float] = {}
    for name in ALL_CHECKS:
        value = triplet.extra.get(score_column(name))
        if value is not None:
            stored[name] = float(value)
    return Assessment(triplet, stored)


def _split_provenance(provenance: str) -> tuple[str, str, str]:
    """Split ``generator:language:pair``; parts that are not there are empty."""
    parts = [*provenance.split(":", 2), "", ""]
    return parts[0], parts[1], parts[2]


def _without_scores(extra: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out the columns of scores that were stored before."""
    columns = {score_column(name) for name in ALL_CHECKS}
    return {name: value for name, value in extra.items() if name not in columns}
