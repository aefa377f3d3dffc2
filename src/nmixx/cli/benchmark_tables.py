"""Tables of ``nmixx benchmark``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import RenderableType

from nmixx.cli.vocabulary_tables import new_table


def draft_tables(report: Mapping[str, Any], wanted: int) -> Iterator[RenderableType]:
    """Lay a draft out: counts by kind, and what the surface tells before and after choosing."""
    counts = report["counts"]
    short = wanted - report["pairs"]
    less = f"; {wanted} were asked for, the texts give no more" if short else ""
    yield f"{report['pairs']:,} pairs of {report['candidates']:,} candidates{less}"
    table = new_table("", "", "pairs")
    for dimension in ("category", "lang"):
        for name, count in counts[dimension].items():
            table.add_row(name, f"{count:,}")
    yield table
    table = new_table("", "contrast", "pairs", "of them faithful")
    for name, count in counts["contrast"].items():
        table.add_row(name, f"{count:,}", f"{counts['faithful'].get(name, 0):,}")
    yield table
    yield from _surface_table(report["surface"])


def _surface_table(surface: Mapping[str, Any]) -> Iterator[RenderableType]:
    """Lay out how well the surface tells faithful pairs from shifted ones."""
    yield "\nhow well the surface tells faithful pairs from shifted ones (AUC; 0.5 is chance)"
    table = new_table("", "", *surface)
    first = next(iter(surface.values()))
    for name in first["features"]:
        table.add_row(name, *(f"{found['features'][name]:.2f}" for found in surface.values()))
    if all(found["predictor"] is not None for found in surface.values()):
        cells = [f"{found['predictor']:.2f}" for found in surface.values()]
        table.add_row("all, and cue words, cross-validated", *cells, style="bold")
    yield table
