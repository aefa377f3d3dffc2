"""The results as a table for the terminal, fitted to its width."""

from __future__ import annotations

from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from nmixx.evaluation.results import Against, Interval, Results, TaskResult

METRICS = {
    "spearman": "Spearman",
    "accuracy@1": "accuracy@1",
    "ndcg@10": "nDCG@10",
    "ap": "average precision",
    "accuracy": "accuracy",
    "v_measure": "V-measure",
}
_NARROW = 76
_WIDE = 100
_DOTS = "…"


def results_table(results: Results) -> RenderableType:
    """Lay out a task a line: before, after, change with its interval, and p after Holm.

    The renderable fits itself to the width it is printed at: below 76 columns the interval
    stands under the change; from 100 on the smallest gain that the set can show stands last.
    """
    return _Fitted(results)


@dataclass(frozen=True)
class _Fitted:
    """Chooses the layout when the width is known."""

    results: Results

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield lay_out(self.results, options.max_width)


def lay_out(results: Results, width: int) -> RenderableType:
    """Lay out results for a terminal of so many columns."""
    compared = any(task.against is not None for task in results.tasks.values())
    narrow, wide = width < _NARROW, width >= _WIDE
    p = "p (Holm)" if len(results.tasks) > 1 else "p"
    table = _compared_table(narrow, p) if compared else _single_table(narrow)
    fill = _compared_cells if compared else _single_cells
    if wide:
        table.add_column("smallest gain", justify="right", no_wrap=True)
    metric = ""
    for name, task in results.tasks.items():
        if task.metric != metric:
            if metric:
                table.add_section()
            metric = task.metric
            table.add_row(Text(METRICS.get(metric, metric), style="dim italic"))
        gain = Text("–" if task.smallest_gain is None else f"{task.smallest_gain:.3f}", "dim")
        table.add_row(*fill(name, task, narrow), *([gain] if wide else []))
    return Group(_title(results), "", table, *_warnings(results))


def details_table(results: Results) -> RenderableType:
    """Lay out what the first table leaves out: further figures, parts and surface baselines."""
    parts: list[RenderableType] = []
    for name, task in results.tasks.items():
        table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
        table.title, table.title_justify = Text(f"\n{name}", style="bold"), "left"
        table.add_column("", overflow="fold")
        for heading in ("n", "before", "after") if task.against else ("n", "value"):
            table.add_column(heading, justify="right", no_wrap=True)
        before = {} if task.against is None else task.against.metrics
        for metric, value in task.metrics.items():
            table.add_row(*_detail(metric, task.n, before.get(metric), value, task))
        for dimension, groups in task.by.items():
            table.add_section()
            table.add_row(Text(f"by {dimension}", style="dim italic"))
            for group, part in groups.items():
                table.add_row(*_detail(f"  {group}", part.n, part.against, part.value, task))
        if task.surface:
            table.add_section()
            table.add_row(Text("surface, no model", style="dim italic"))
            for baseline, value in sorted(task.surface.items(), key=lambda each: -abs(each[1])):
                table.add_row(f"  {baseline}", "", *[""] * bool(task.against), f"{value:.3f}")
        parts.append(table)
    return Group(*parts)


def _detail(
    name: str, n: int, before: float | None, value: float | None, task: TaskResult
) -> list[str]:
    """Fill a line of the details; a dash where a figure is undefined."""
    shown = ["–" if each is None else f"{each:.3f}" for each in (before, value)]
    return [name, f"{n:,}", *(shown if task.against else shown[1:])]


def _title(results: Results) -> Text:
    """Name the models."""
    title = Text(overflow="fold")
    if results.against is not None:
        title.append("before  ", style="dim").append(f"{results.against}\n")
    title.append("after   " if results.against is not None else "model  ", style="dim")
    return title.append(results.model, style="bold")


def _table(narrow: bool) -> Table:
    """Make a table without lines that breathes."""
    gap = (0, 1, 0, 0) if narrow else (0, 2, 0, 0)
    table = Table(box=None, padding=gap, pad_edge=False, show_edge=False, header_style="dim")
    table.add_column("task", overflow="fold")
    table.add_column("n", justify="right", no_wrap=True)
    return table


def _compared_table(narrow: bool, p: str) -> Table:
    """Columns of a comparison."""
    table = _table(narrow)
    for name in ("before", "after", "change"):
        table.add_column(name, justify="right", no_wrap=True)
    if not narrow:
        table.add_column("95 % interval", justify="left", no_wrap=True)
    table.add_column(p, justify="right", no_wrap=True)
    return table


def _single_table(narrow: bool) -> Table:
    """Columns of one model alone."""
    table = _table(narrow)
    table.add_column("value", justify="right", no_wrap=True)
    table.add_column("95 % interval", justify="left", no_wrap=True)
    return table


def _compared_cells(name: str, task: TaskResult, narrow: bool) -> list[RenderableType]:
    """Fill a line of a comparison."""
    against = task.against
    if against is None:
        return [f"  {name}", f"{task.n:,}", _DOTS, f"{task.value:.3f}"]
    style = _style(against)
    change = Text(f"{against.delta:+.3f}", style=style)
    span = Text(format_interval(against.ci95, signed=True), style="dim")
    moved: list[RenderableType] = [Text("\n").join([change, span])] if narrow else [change, span]
    return [
        f"  {name}",
        f"{task.n:,}",
        f"{against.value:.3f}",
        Text(f"{task.value:.3f}", style="bold"),
        *moved,
        Text(format_p(corrected(against)), style="" if against.certain else "dim"),
    ]


def _single_cells(name: str, task: TaskResult, narrow: bool) -> list[RenderableType]:
    """Fill a line of one model alone."""
    span = Text(format_interval(task.ci95), style="dim")
    return [f"  {name}", f"{task.n:,}", Text(f"{task.value:.3f}", style="bold"), span]


def _style(against: Against) -> str:
    """Green for a sure rise, red for a sure fall, dim for what may be noise."""
    if not against.certain:
        return "dim"
    return "green" if against.delta > 0 else "red"


def format_interval(interval: Interval, *, signed: bool = False) -> str:
    """Write an interval: ``0.71 to 0.76``, or with signs."""
    low, high = interval
    return f"{low:+.3f} to {high:+.3f}" if signed else f"{low:.3f} to {high:.3f}"


def corrected(against: Against) -> float:
    """Give p after Holm's correction over the suite, where there is one."""
    return against.p if against.p_holm is None else against.p_holm


def format_p(p: float) -> str:
    """Write a p value: ``0.034``, or ``<0.001`` below that."""
    return "<0.001" if p < 0.001 else f"{p:.3f}"


def _warnings(results: Results) -> list[RenderableType]:
    """Write the warnings under the table, each after its task's name."""
    lines = [
        Padding(Text.assemble((f"{name}: ", "yellow"), warning), (0, 0, 0, 2))
        for name, task in results.tasks.items()
        for warning in task.warnings
    ]
    return ["", Text("to keep in mind", style="dim"), *lines] if lines else []
