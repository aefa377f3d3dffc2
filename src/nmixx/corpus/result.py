"""The result of the corpus stage: what stayed, what went, and the counts of both."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from nmixx.records import Document, Dropped, Pair

REASONS = (
    "empty",
    "too short",
    "too long",
    "wrong language",
    "exact duplicate",
    "overlaps evaluation",
    "near duplicate",
)
"""Why a row may be dropped, in the order in which it is looked for."""


@dataclass(frozen=True)
class CorpusResult:
    """Both sides of the corpus stage."""

    pairs: list[Pair]
    documents: list[Document]
    dropped: list[Dropped]
    sources: tuple[str, ...]

    @property
    def counts(self) -> dict[str, int]:
        """Number of rows in each of the three files."""
        return {
            "documents": len(self.documents),
            "pairs": len(self.pairs),
            "dropped": len(self.dropped),
        }

    @property
    def by_reason(self) -> dict[str, int]:
        """Number of dropped rows for each reason that occurred."""
        found = Counter(row.reason for row in self.dropped)
        return {reason: found[reason] for reason in REASONS if found[reason]}

    @property
    def by_source(self) -> dict[str, dict[str, int]]:
        """For each source the number of rows kept, and dropped by reason."""
        found = Counter(self._outcomes())
        return {
            source: {
                outcome: found[source, outcome]
                for outcome in ("kept", *REASONS)
                if found[source, outcome] or outcome == "kept"
            }
            for source in self.sources
        }

    def _outcomes(self) -> Iterator[tuple[str, str]]:
        """Yield (source, what became of the row) for every row."""
        for pair in self.pairs:
            yield pair.extra["source"], "kept"
        for document in self.documents:
            yield document.source, "kept"
        for row in self.dropped:
            yield row.source, row.reason
