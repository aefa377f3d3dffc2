"""The mining benchmark's result as tables for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table

from contenders import CONTENDERS, OURS, PEERS

Summary = Mapping[str, Any]


def print_summary(console: Console, summary: Summary) -> None:
    """Print a table or a line for each part."""
    console.print(
        f"{summary['queries']:,} queries, {summary['documents']:,} documents, "
        f"{summary['dimensions']} dimensions, TopK-PercPos 0.95, 4 negatives, "
        f"{summary['cores']} cores; median of {summary['repeats']}",
        soft_wrap=True,
    )
    console.print(_race_table(summary))
    for name, product in summary["products"].items():
        console.print(
            f"{name} alone, {product['product']}: {summary['seconds'][name]} s, "
            f"{_percent(product['share_of_ours'])} of the time of {OURS}",
            soft_wrap=True,
        )
    console.print(_yield_table(summary["yield"]))
    console.print(_growth_table(summary))
    growth = summary["growth"]
    console.print(
        f"a line: {growth['seconds_per_million_documents']} s for a million documents, largest "
        f"deviation {_percent(growth['largest_deviation_from_line'])}; highest peak memory "
        f"{growth['highest_peak_to_lowest']} times the lowest",
        soft_wrap=True,
    )
    console.print(_describe_parity(summary["parity"]), soft_wrap=True)


def _race_table(summary: Summary) -> Table:
    """Show seconds and memory of all contenders."""
    table = Table("contender", "seconds", "all turns", "of ours", "peak MiB", "before the work MiB")
    for name in CONTENDERS:
        seconds, ours = summary["seconds"][name], summary["seconds"][OURS]
        table.add_row(
            name,
            "killed" if seconds is None else f"{seconds:.2f}",
            ", ".join(f"{value:.2f}" for value in summary["all_seconds"][name]),
            "" if seconds is None else f"{seconds / ours:.2f} x",
            f"{summary['peak_mb'][name] or 0:,}",
            f"{summary['baseline_mb'][name] or 0:,}",
        )
    return table


def _yield_table(shares: Mapping[str, Mapping[str, float | None]]) -> Table:
    """Show the share of queries that got all their negatives, by margin."""
    table = Table("queries with all negatives at", *shares)
    for name in (OURS, *PEERS):
        table.add_row(name, *(_percent(row[name]) for row in shares.values()))
    return table


def _growth_table(summary: Summary) -> Table:
    """Show seconds and memory by size."""
    growth, large = summary["growth"], summary["large"]
    table = Table("queries", "documents", "seconds", "peak MiB")
    rows = zip(growth["documents"], growth["seconds"], growth["peak_mb"], strict=True)
    for documents, seconds, peak in rows:
        table.add_row(f"{growth['queries']:,}", f"{documents:,}", f"{seconds:.2f}", f"{peak:,}")
    if large:
        table.add_row(
            f"{large['queries']:,}",
            f"{large['documents']:,}",
            str(large["seconds"] or "killed"),
            str(large["peak_mb"] or ""),
        )
    return table


def _describe_parity(counts: Mapping[str, int]) -> str:
    """Say how many answers were the same."""
    return (
        f"parity, {counts['cases']} random cases: as brute force {counts['as_brute_force']} of "
        f"{counts['queries']} queries, with ties {counts['tied_as_brute_force']}; as the peer "
        f"{counts['as_peer']} of the {counts['of_peer']} that it gives all their negatives"
    )


def _percent(share: float | None) -> str:
    """Write a share in per cent."""
    return "" if share is None else f"{100 * share:.1f} %"
