"""The comparison of teachers as tables for the terminal, fitted to its width."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.table import Table
from rich.text import Text

from nmixx.mining.comparison import Comparison, TeacherView, Yield
from nmixx.mining.distribution import Distribution

_NARROW = 96
_NOTHING = "–"
_MINUS = "−"
_FIGURES = ("minimum", "p5", "p25", "median", "p75", "p95", "maximum", "mean", "std")
_FEW = ("minimum", "p25", "median", "p75", "maximum")
_HEADS = {"minimum": "min", "p5": "5 %", "p25": "25 %", "p75": "75 %", "p95": "95 %"} | {
    "maximum": "max"
}


def comparison_table(comparison: Comparison) -> RenderableType:
    """Lay out scores, extremes, what policies leave, and agreement, one table each.

    Below 96 columns the scores show five figures instead of nine.
    """
    return _Fitted(comparison)


@dataclass(frozen=True)
class _Fitted:
    """Chooses the figures when the width is known."""

    comparison: Comparison

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        figures = _FIGURES if options.max_width >= _NARROW else _FEW
        parts: list[RenderableType] = [
            _title(self.comparison),
            _scores(self.comparison, figures),
            _extremes(self.comparison),
            _yields(self.comparison),
        ]
        if self.comparison.agreements:
            parts.append(_agreements(self.comparison))
        for part in parts:
            yield part
            yield ""


def _title(comparison: Comparison) -> Text:
    """Say how much was compared."""
    return Text(
        f"{comparison.queries:,} queries, {comparison.documents:,} documents, "
        f"{comparison.negatives} negatives wanted",
        style="dim",
    )


def _scores(comparison: Comparison, figures: Iterable[str]) -> Table:
    """Distribution of positives and of each query's best other document."""
    table = _table("scores", "", *(_HEADS.get(name, name) for name in figures))
    for view in comparison.teachers:
        for label, some in (("positives", view.positives), ("best others", view.others)):
            name = Text(view.name if label == "positives" else "")
            table.add_row(name, Text(label, style="dim"), *_describe(some, figures))
    return table


def _extremes(comparison: Comparison) -> Table:
    """Positives exactly at an end of the scale, and those that another document beats."""
    table = _table("positives", "exactly at lowest", "exactly at highest", "beaten", "unknown")
    for view in comparison.teachers:
        ends = view.extremes
        at = (
            (_NOTHING, _NOTHING)
            if ends is None
            else (
                f"{percent(ends.at_lowest)} at {score(ends.lowest)}",
                f"{percent(ends.at_highest)} at {score(ends.highest)}",
            )
        )
        table.add_row(Text(view.name), *at, percent(view.outranked), f"{view.unknown:,}")
    return table


def _yields(comparison: Comparison) -> Table:
    """Queries that each policy starves, in a fixed window and in the whole corpus."""
    window = f"starved,\nbest {comparison.depth:,}"
    table = _table("policies", window, "starved,\ncorpus", "mean score\nmined")
    for view in comparison.teachers:
        table.add_row(_heading(view))
        for one in view.yields:
            table.add_row(*_yield_cells(one, comparison.queries))
        table.add_section()
    return table


def _heading(view: TeacherView) -> Text:
    """Name a teacher above its policies."""
    return Text(view.name, style="bold")


def _yield_cells(one: Yield, queries: int) -> list[RenderableType]:
    """Fill the line of a policy."""
    name = Text(f"  {one.choice.name}")
    if one.left_out:
        return [name, Text(one.left_out, style="yellow")]
    return [
        name,
        _starved(one.starved_window, queries),
        _starved(one.starved_corpus, queries),
        score(one.mean_score),
    ]


def _starved(count: int | None, queries: int) -> Text:
    """Write a number of queries with its share."""
    if not count:
        return Text("0", style="dim")
    return Text(f"{count:,} ({percent(count / queries)})")


def _agreements(comparison: Comparison) -> Table:
    """Agreement of each two teachers."""
    table = _table(
        "agreement",
        f"same of best {comparison.negatives:,}",
        f"same of best {comparison.depth:,}",
        "Spearman of positives",
    )
    for one in comparison.agreements:
        name = Text(f"{one.one}\n  {one.other}")
        table.add_row(name, percent(one.best), percent(one.window), score(one.spearman))
    return table


def _table(first: str, *rest: str) -> Table:
    """Make a table without lines that breathes."""
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    table.add_column(first, overflow="fold")
    for name in rest:
        table.add_column(name, justify="right" if name else "left", no_wrap=True)
    return table


def _describe(some: Distribution | None, figures: Iterable[str]) -> list[str]:
    """Write the figures of a distribution."""
    return [_NOTHING if some is None else score(getattr(some, name)) for name in figures]


def score(value: float | None) -> str:
    """Write a score with three digits and a true minus; a dash where there is none."""
    return _NOTHING if value is None else f"{value:,.3f}".replace("-", _MINUS)


def percent(share: float | None) -> str:
    """Write a share as percent with one digit; a dash where there is none."""
    return _NOTHING if share is None else f"{share * 100:.1f} %"
