"""A folder of triplets as it lies on disk: kept and dropped ones, each with its scores."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from nmixx.records import Dropped, Triplet
from nmixx.storage import read_records, write_records
from nmixx.triplets.checks.assessment import Assessment, stored_assessment
from nmixx.triplets.checks.check import FAULT


@dataclass(frozen=True)
class StoredTriplets:
    """Both sides of a folder.

    Attributes:
        kept: the triplets, in the file's order.
        dropped: triplets that were dropped, with the row that says why.
        others: dropped rows that never were a triplet, such as a text that suits no shift.
    """

    kept: tuple[Assessment, ...]
    dropped: tuple[tuple[Assessment, Dropped], ...]
    others: tuple[Dropped, ...]

    @property
    def all(self) -> list[Assessment]:
        """Every triplet, the kept ones first."""
        return [*self.kept, *(assessment for assessment, _ in self.dropped)]


@dataclass(frozen=True)
class Borderline:
    """How the triplets of one shift lie about the threshold, and the nearest to it."""

    shift: str
    kept: int
    dropped: int
    near: int
    nearest: tuple[Assessment, ...]


def read_stored(folder: Path) -> StoredTriplets:
    """Read ``triplets.parquet`` and, where it is there, ``dropped.parquet``.

    Raises:
        DataError: there is no ``triplets.parquet``, or a file is broken.
    """
    kept = [stored_assessment(row) for row in read_records(folder / "triplets.parquet", Triplet)]
    path = folder / "dropped.parquet"
    rows = read_records(path, Dropped) if path.exists() else []
    dropped, others = [], []
    for row in rows:
        triplet = _triplet_of(row)
        if triplet is None:
            others.append(row)
        else:
            dropped.append((stored_assessment(triplet), row))
    return StoredTriplets(tuple(kept), tuple(dropped), tuple(others))


def find_threshold(stored: StoredTriplets) -> float:
    """Give the threshold that a folder was decided by, as far as its triplets show it.

    :data:`FAULT` where that explains it, else the confidence of the weakest triplet that was kept.
    """
    lowest = min((one.confidence for one in stored.kept), default=FAULT)
    highest = max((one.confidence for one, _ in stored.dropped), default=0.0)
    return FAULT if highest < FAULT <= lowest else lowest


def decide_again(stored: StoredTriplets, threshold: float) -> StoredTriplets:
    """Move the threshold: what is kept and what is dropped follows from the stored scores."""
    everything = stored.all
    kept = [one for one in everything if one.confidence >= threshold]
    dropped = [(one, one.dropped(threshold)) for one in everything if one.confidence < threshold]
    return StoredTriplets(tuple(kept), tuple(dropped), stored.others)


def write_stored(stored: StoredTriplets, out: Path) -> None:
    """Write both files, with all scores, so that the threshold can be moved once more."""
    write_records(out / "triplets.parquet", Triplet, [one.kept() for one in stored.kept])
    rows = [*(row for _, row in stored.dropped), *stored.others]
    write_records(out / "dropped.parquet", Dropped, rows)


def list_borderline(
    stored: StoredTriplets, threshold: float, *, width: float = 0.25, most: int = 3
) -> list[Borderline]:
    """Tell, shift by shift, how many triplets lie near the threshold, and show the nearest.

    Args:
        stored: kept and dropped triplets.
        threshold: what they are decided by.
        width: how far from it still counts as near.
        most: examples a shift.
    """
    shifts = sorted({one.triplet.negative_kind for one in stored.all})
    return [_border(_of(stored.all, shift), shift, threshold, width, most) for shift in shifts]


def _border(
    some: Sequence[Assessment], shift: str, threshold: float, width: float, most: int
) -> Borderline:
    """Count the triplets of one shift about the threshold."""
    near = [one for one in some if abs(one.confidence - threshold) <= width]
    kept = sum(one.confidence >= threshold for one in some)
    nearest = sorted(near, key=lambda one: abs(one.confidence - threshold))[:most]
    return Borderline(shift, kept, len(some) - kept, len(near), tuple(nearest))


def _of(assessments: Iterable[Assessment], shift: str) -> list[Assessment]:
    """Choose the triplets of a shift."""
    return [one for one in assessments if one.triplet.negative_kind == shift]


def _triplet_of(row: Dropped) -> Triplet | None:
    """Build the triplet that stands in the extra columns of a dropped row, if one does."""
    if any(row.extra.get(name) is None for name in Triplet.columns()):
        return None
    return Triplet.from_row(row.extra)
