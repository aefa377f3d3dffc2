"""Which charts a run's report has, and what each says in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from nmixx.evaluation.results import Part, Results, TaskResult
from nmixx.report.charts import (
    Chart,
    Curve,
    Row,
    Strip,
    curves_chart,
    dumbbell_chart,
    strips_chart,
)
from nmixx.report.folder import RunFolder
from nmixx.report.funnels import (
    chart_corpus_funnel,
    chart_mining_funnel,
    chart_triplet_funnel,
)
from nmixx.report.spaces import chart_map, chart_similarities
from nmixx.report.tradeoff import chart_trade, steps_to_stops
from nmixx.report.words import figure, signed

METRICS = {
    "spearman": "Spearman",
    "pearson": "Pearson",
    "ndcg@10": "nDCG@10",
    "mrr@10": "MRR@10",
    "ap": "average precision",
    "f1": "F1",
    "margin_f1": "margin F1",
}
"""Figures whose names are written another way."""


def plan_charts(run: RunFolder) -> dict[str, Chart]:
    """Prepare the charts that the run has data for, by name."""
    planners: dict[str, Callable[[RunFolder], Chart | None]] = {
        "before-after": lambda r: chart_results(r.results),
        "surface": lambda r: chart_surface(r.results),
        "shifts": lambda r: chart_parts(r.results, "shift"),
        "categories": lambda r: chart_parts(r.results, "category"),
        "map": lambda r: chart_map(r.space),
        "similarities": lambda r: chart_similarities(r.space),
        "trade-off": lambda r: chart_trade(steps_to_stops(r.steps, r.general)),
        "tokens": lambda r: chart_tokens(r.coverage),
        "corpus-funnel": chart_corpus_funnel,
        "triplet-funnel": chart_triplet_funnel,
        "mining-funnel": chart_mining_funnel,
        "loss": lambda r: chart_loss(r.training),
    }
    planned = {name: planner(run) for name, planner in planners.items()}
    return {name: chart for name, chart in planned.items() if chart is not None}


def chart_results(results: Results) -> Chart:
    """Every task's figure before and after, with 95 % intervals."""
    rows = [_task_row(name, task) for name, task in results.tasks.items()]
    metrics = list(dict.fromkeys(METRICS.get(t.metric, t.metric) for t in results.tasks.values()))
    told = "; ".join(f"{row.label} {_tell(row)}" for row in rows)
    alt = f"Dot chart of {' and '.join(metrics)} with 95 % intervals. {told}."
    return dumbbell_chart("before-after", rows, " · ".join(metrics), alt=alt, zero=True)


def chart_surface(results: Results) -> Chart | None:
    """Each task's model among the baselines that read nothing."""
    strips = [
        Strip(
            name,
            task.value,
            list(task.surface.items()),
            None if task.against is None else task.against.value,
        )
        for name, task in results.tasks.items()
        if task.surface
    ]
    if not strips:
        return None
    told = "; ".join(_tell_strip(strip) for strip in strips)
    metrics = dict.fromkeys(t.metric for t in results.tasks.values() if t.surface)
    axis = " · ".join(METRICS.get(metric, metric) for metric in metrics)
    return strips_chart("surface", strips, axis, alt=f"Models among surface baselines. {told}.")


_DIMENSIONS = {"shift": "shifts", "category": "categories"}


def chart_parts(results: Results, dimension: str) -> Chart | None:
    """The figure in each group of a dimension, for the first task that knows its groups."""
    for name, task in results.tasks.items():
        rows = [_part_row(group, part) for group, part in _measured(task.by.get(dimension, {}))]
        if rows:
            rows.sort(key=lambda row: -row.after)
            told = "; ".join(f"{row.label} {_tell(row)}" for row in rows)
            axis = f"{METRICS.get(task.metric, task.metric)} on {name}, by {dimension}"
            alt = f"{axis}: {told}."
            return dumbbell_chart(_DIMENSIONS[dimension], rows, axis, alt=alt, zero=True)
    return None


def chart_tokens(coverage: Mapping[str, Any] | None) -> Chart | None:
    """Tokens a word in each language, before and after the vocabulary stage."""
    before = (coverage or {}).get("before") or {}
    after = (coverage or {}).get("after") or {}
    rows = [
        _token_row(lang, figures, after.get(lang))
        for lang, figures in before.items()
        if "tokens_per_word" in figures
    ]
    if not rows:
        return None
    told = "; ".join(f"{row.label} {_tell(row, 2)}" for row in rows)
    return dumbbell_chart(
        "tokens", rows, "tokens a word", alt=f"Tokens a word by language: {told}.", zero=True
    )


def chart_loss(training: Sequence[Mapping[str, Any]]) -> Chart | None:
    """The loss of every training step."""
    curves = [
        Curve(str(step["name"]), [(float(at), float(loss)) for at, loss in step["loss"]])
        for step in training
        if step.get("loss")
    ]
    if not curves:
        return None
    told = "; ".join(
        f"{c.name} from {figure(c.points[0][1])} to {figure(c.points[-1][1])}" for c in curves
    )
    return curves_chart("loss", curves, alt=f"Training loss by optimiser step: {told}.")


def _task_row(name: str, task: TaskResult) -> Row:
    """Lay a task out as a line of the chart."""
    note = f"{METRICS.get(task.metric, task.metric)} · {task.n:,}"
    if task.against is None:
        return Row(name, note, task.value, after_span=task.ci95, change=figure(task.value))
    return Row(
        label=name,
        note=note,
        after=task.value,
        before=task.against.value,
        after_span=task.ci95,
        before_span=task.against.value_ci95,
        change=signed(task.against.delta),
        certain=task.against.certain,
    )


def _tell_strip(strip: Strip) -> str:
    """Say a strip in words: the model, and the baseline of largest size."""
    best, value = max(strip.baselines, key=lambda item: abs(item[1]))
    return f"{strip.label}: model {figure(strip.value, 2)}, {best} {figure(value, 2)}"


def _part_row(name: str, part: Part) -> Row:
    """Lay a group out as a line; without an interval its change is never called certain."""
    after = float(part.value or 0.0)
    change = figure(after) if part.against is None else signed(after - part.against)
    return Row(
        name.replace("_", " "),
        f"{part.n:,} rows",
        after,
        part.against,
        change=change,
        certain=False,
    )


def _measured(parts: Mapping[str, Part]) -> list[tuple[str, Part]]:
    """Keep the groups that have a figure."""
    return [(name, part) for name, part in parts.items() if part.value is not None]


def _token_row(lang: str, before: Mapping[str, Any], after: Mapping[str, Any] | None) -> Row:
    """Lay a language out as a line; one dot when nothing was grown."""
    old = float(before["tokens_per_word"])
    note = f"{before['texts']:,} texts" if "texts" in before else ""
    if not after or "tokens_per_word" not in after:
        return Row(lang, note, old, change=figure(old, 2))
    new = float(after["tokens_per_word"])
    return Row(lang, note, new, old, change=signed(new - old, 2))


def _tell(row: Row, digits: int = 3) -> str:
    """Say a line in words."""
    if row.before is None:
        return figure(row.after, digits)
    return f"from {figure(row.before, digits)} to {figure(row.after, digits)}"
