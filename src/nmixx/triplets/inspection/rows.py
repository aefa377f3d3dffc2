"""The rows that are looked at: one triplet each, what became of it, and who is wanted."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nmixx.errors import InputError
from nmixx.triplets.checks import Assessment
from nmixx.triplets.checks.check import origin_of
from nmixx.triplets.inspection.differences import Stretch, mark_changes
from nmixx.triplets.stored import StoredTriplets


@dataclass(frozen=True)
class Row:
    """A triplet with what is said of it; ``reason`` is empty where it was kept."""

    assessment: Assessment
    reason: str = ""

    @property
    def shift(self) -> str:
        """The kind of the negative."""
        return self.assessment.triplet.negative_kind

    @property
    def category(self) -> str:
        """The kind of document."""
        return self.assessment.triplet.category

    @property
    def direction(self) -> str:
        """Languages of anchor and positive, as in ``ko-en``."""
        return f"{self.assessment.triplet.anchor_lang}-{self.assessment.triplet.positive_lang}"

    def negative_changes(self) -> list[Stretch]:
        """Mark the negative against the text it was made of, or the positive."""
        triplet = self.assessment.triplet
        origin = origin_of(triplet)
        return (
            mark_changes(origin, triplet.negative)
            if origin
            else [Stretch("same", triplet.negative)]
        )

    def positive_changes(self) -> list[Stretch]:
        """Mark the positive against the anchor where both are in one language."""
        triplet = self.assessment.triplet
        if triplet.anchor_lang != triplet.positive_lang:
            return [Stretch("same", triplet.positive)]
        return mark_changes(triplet.anchor, triplet.positive)

    def to_dict(self) -> dict[str, Any]:
        """Give the triplet's columns, its scores and its reason as plain values."""
        return self.assessment.kept().to_row() | {"dropped": self.reason}


@dataclass(frozen=True)
class Wanted:
    """Which rows are wanted; an empty choice wants all."""

    shifts: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    directions: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    confidence: tuple[float, float] = field(default=(0.0, 1.0))
    status: str = "all"

    def wants(self, row: Row) -> bool:
        """Tell whether a row is wanted."""
        low, high = self.confidence
        choices = (
            (self.shifts, row.shift),
            (self.categories, row.category),
            (self.directions, row.direction),
            (self.reasons, row.reason),
        )
        return (
            all(not chosen or value in chosen for chosen, value in choices)
            and low <= row.assessment.confidence <= high
            and self.status in ("all", "dropped" if row.reason else "kept")
        )

    def require_known(self, rows: Sequence[Row]) -> None:
        """Refuse a choice that no row has.

        Raises:
            InputError: it has none; what there is is named.
        """
        for option, chosen, there in (
            ("--shift", self.shifts, {row.shift for row in rows}),
            ("--category", self.categories, {row.category for row in rows}),
            ("--direction", self.directions, {row.direction for row in rows}),
            ("--reason", self.reasons, {row.reason for row in rows if row.reason}),
        ):
            unknown = [one for one in chosen if one not in there]
            if unknown:
                raise InputError(
                    f"{option} {unknown[0]!r}: no triplet there has it.\n"
                    f"There are: {', '.join(sorted(there)) or 'none'}."
                )


def list_rows(stored: StoredTriplets) -> list[Row]:
    """List kept and dropped triplets as rows."""
    kept = [Row(assessment) for assessment in stored.kept]
    return kept + [Row(assessment, row.reason) for assessment, row in stored.dropped]


def choose_rows(rows: Sequence[Row], limit: int, *, seed: int = 0) -> list[Row]:
    """Draw rows evenly over shifts and over kept and dropped, in the files' order.

    Args:
        rows: the wanted ones.
        limit: how many at most.
        seed: of the drawing.
    """
    if len(rows) <= limit:
        return list(rows)
    piles: Mapping[tuple[str, bool], list[int]] = defaultdict(list)
    for at, row in enumerate(rows):
        piles[row.shift, bool(row.reason)].append(at)
    chooser = random.Random(seed)
    for pile in piles.values():
        chooser.shuffle(pile)
    drawn: list[int] = []
    while len(drawn) < limit:
        for key in sorted(piles):
            if piles[key] and len(drawn) < limit:
                drawn.append(piles[key].pop())
    return [rows[at] for at in sorted(drawn)]
