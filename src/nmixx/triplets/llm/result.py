"""What a run gave: triplets, dropped rows, and what it cost."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nmixx.errors import NmixxError, StageError
from nmixx.records import Dropped, Triplet
from nmixx.storage import read_records, write_json, write_records


@dataclass(frozen=True)
class LlmResult:
    """Both sides of the generation, and what it took."""

    triplets: list[Triplet]
    dropped: list[Dropped]
    documents: int
    finished: int
    stopped: str
    unanswered: dict[str, str]
    error: NmixxError | None
    usage: dict[str, Any]

    def counts(self) -> dict[str, int]:
        """Count triplets by shift, the dropped rows by reason, and the documents."""
        shifts = Counter(triplet.negative_kind for triplet in self.triplets)
        reasons = Counter(f"dropped: {row.reason}" for row in self.dropped)
        return {
            "documents": self.documents,
            "documents finished": self.finished,
            "triplets": len(self.triplets),
            **dict(sorted(shifts.items())),
            **dict(sorted(reasons.items())),
        }

    def report(self) -> dict[str, Any]:
        """Give all there is to say as plain data."""
        return {
            "counts": self.counts(),
            "left": self.documents - self.finished,
            "stopped": self.stopped,
            "unanswered": self.unanswered,
            "usage": self.usage,
        }

    def require_finished(self) -> None:
        """Refuse to call the work done when the server kept it from being done.

        A budget that is reached, or a maximum, is what the caller asked for.

        Raises:
            NmixxError: documents are left because the server did not answer.
        """
        if self.error is None and not self.unanswered:
            return
        left = f"{self.documents - self.finished:,} of {self.documents:,} documents are left"
        why = str(self.error or f"no answer: {next(iter(self.unanswered.values()))}")
        kind = type(self.error) if self.error is not None else StageError
        raise kind(f"{why}\n{left}; what is finished is kept. The same command goes on from there.")

    def add_to(self, folder: Path) -> dict[str, int]:
        """Add the rows to a folder's ``triplets.parquet`` and ``dropped.parquet``; count them."""
        triplets = [*read_records(folder / "triplets.parquet", Triplet), *self.triplets]
        dropped = [*read_records(folder / "dropped.parquet", Dropped), *self.dropped]
        write_records(folder / "triplets.parquet", Triplet, triplets)
        write_records(folder / "dropped.parquet", Dropped, dropped)
        return {"triplets": len(triplets), "triplets by llm": len(self.triplets)}

    def write(self, out: Path) -> None:
        """Write ``triplets.parquet``, ``dropped.parquet`` and ``report.json``."""
        write_records(out / "triplets.parquet", Triplet, self.triplets)
        write_records(out / "dropped.parquet", Dropped, self.dropped)
        write_json(out / "report.json", self.report())
