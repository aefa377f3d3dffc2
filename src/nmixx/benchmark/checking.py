"""Checking scored pairs, from files or from memory, and a report that prints well."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text

from nmixx.benchmark.defects import DEFECTS, Defect
from nmixx.benchmark.scored import ScoredSet
from nmixx.corpus.shapes import read_scored_pairs
from nmixx.errors import DataError
from nmixx.records import ScoredPair


@dataclass(frozen=True)
class CheckReport:
    """Defects of a set of scored pairs, and what its surface tells of the labels."""

    pairs: int
    splits: Mapping[str, int]
    defects: Sequence[Defect]
    surface: Mapping[str, float]
    predictor: float | None
    cues: Mapping[str, float]

    def to_dict(self) -> dict[str, Any]:
        """Give the report as plain data."""
        return {
            "pairs": self.pairs,
            "splits": dict(self.splits),
            "defects": [asdict(defect) for defect in self.defects],
            "surface": {name: round(value, 4) for name, value in self.surface.items()},
            "predictor": None if self.predictor is None else round(self.predictor, 4),
            "cues": dict(self.cues),
        }

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Print what the surface tells, then the defects."""
        table = Table(title="Spearman with the score", title_justify="left", box=None)
        table.add_column("surface")
        table.add_column("", justify="right")
        for name, value in self.surface.items():
            table.add_row(name, f"{value:+.2f}")
        if self.predictor is not None:
            table.add_row("all, and cue words, cross-validated", f"{self.predictor:+.2f}")
        yield table
        if not self.defects:
            yield Text(f"\n{self.pairs:,} pairs: no defect of the known kinds.")
            return
        many = f"{len(self.defects)} warning{'s' * (len(self.defects) > 1)}"
        yield Text(f"\n{self.pairs:,} pairs, {many}:")
        lines = Table.grid(padding=(0, 1))
        for defect in self.defects:
            lines.add_row("-", Text(f"{defect.kind}: {defect.message}."))
        yield lines


def check_pairs(pairs: Sequence[ScoredPair], splits: Sequence[str] | None = None) -> CheckReport:
    """Check scored pairs for the known defects.

    Args:
        pairs: in the order of their file.
        splits: the split of each; their column ``split`` by default.

    Raises:
        DataError: there are none.
    """
    if not pairs:
        raise DataError("no scored pairs to check.")
    named = [str(pair.extra.get("split") or "") for pair in pairs] if splits is None else splits
    data = ScoredSet(pairs, named)
    prediction = data.prediction
    return CheckReport(
        pairs=len(pairs),
        splits={name: list(named).count(name) for name in dict.fromkeys(named)},
        defects=[defect for find in DEFECTS.values() for defect in find(data)],
        surface=data.surface,
        predictor=None if prediction is None else prediction.spearman,
        cues={} if prediction is None else prediction.cues,
    )


def check_files(paths: Sequence[str]) -> CheckReport:
    """Check files of scored pairs; several are taken as the splits of one set.

    Args:
        paths: anything :func:`nmixx.corpus.shapes.read_scored_pairs` reads.

    Raises:
        DataError: a file cannot be read, or is no file of scored pairs.
    """
    read = {path: read_scored_pairs(path) for path in paths}
    pairs = [pair for some in read.values() for pair in some]
    if len(read) < 2:
        return check_pairs(pairs)
    names = [Path(path).name.partition(".")[0] for path in read]
    if len(set(names)) < len(names):
        names = list(read)
    splits = [name for name, some in zip(names, read.values(), strict=True) for _ in some]
    return check_pairs(pairs, splits)
