"""Agreement of annotators: over all pairs, by category, contrast and language, and who differs."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table

from nmixx.benchmark.alpha import alpha, alpha_interval
from nmixx.benchmark.annotators import LEAST_ANNOTATORS, Standing, compare_annotators
from nmixx.benchmark.exporting import export_items
from nmixx.benchmark.folders import new_folder
from nmixx.benchmark.items import Item, Judgement
from nmixx.benchmark.scale import Scale
from nmixx.benchmark.settings import AgreementSettings
from nmixx.errors import DataError, InputError
from nmixx.evaluation.bootstrap import Array
from nmixx.storage import write_json

ADJUDICATOR = "adjudicator"
"""Whose files the disputed pairs are."""

DIMENSIONS = ("category", "contrast", "lang")
"""Columns by which agreement is broken down."""


@dataclass(frozen=True)
class Agreement:
    """Alpha of some pairs, with its 95 % interval; NaN where it is undefined."""

    pairs: int
    alpha: float
    ci95: tuple[float, float]


@dataclass(frozen=True)
class Dispute:
    """A pair whose scores lie far apart."""

    item: Item
    scores: tuple[float, ...]

    @property
    def note(self) -> str:
        """The scores without their annotators, for who adjudicates."""
        return " | ".join(f"{score:g}" for score in sorted(self.scores))

    @property
    def range(self) -> float:
        """Distance of the lowest and the highest score."""
        return max(self.scores) - min(self.scores)


@dataclass(frozen=True)
class AgreementReport:
    """How far annotators agree, on what they do not, and who stands apart."""

    level: str
    overall: Agreement
    by: Mapping[str, Mapping[str, Agreement]]
    annotators: Sequence[Standing]
    disputes: Sequence[Dispute]

    def to_dict(self) -> dict[str, Any]:
        """Give the report as plain data, None for what is undefined."""
        return {
            "level": self.level,
            "alpha": _plain(self.overall),
            "by": {
                dimension: {name: _plain(found) for name, found in groups.items()}
                for dimension, groups in self.by.items()
            },
            "annotators": [standing.to_dict() for standing in self.annotators],
            "disputed": [
                {"id": d.item.id, "scores": list(d.scores), "range": d.range} for d in self.disputes
            ],
        }

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Print agreement, then annotators, then what is to be done."""
        yield from _agreement_tables(self)
        yield _annotators_table(self.annotators)
        yield from _advice(self)


def measure_agreement(
    items: Sequence[Item],
    judgements: Sequence[Judgement],
    scale: Scale,
    settings: AgreementSettings,
    *,
    seed: int = 0,
) -> AgreementReport:
    """Measure agreement by Krippendorff's alpha, with bootstrap intervals over pairs.

    Args:
        items: the pairs.
        judgements: the scores of at least two annotators.
        scale: on which they scored.
        settings: level of measurement, what counts as disputed and as standing apart.
        seed: of the resamples.

    Raises:
        DataError: fewer than two annotators, or no pair that two of them scored.
    """
    scores, names = lay_out(items, judgements)
    if len(names) < 2:
        raise DataError(
            f"scores of {len(names)} annotator{'s' * (len(names) != 1)}; agreement needs at least "
            "two who scored the same pairs."
        )
    if not (np.isfinite(scores).sum(axis=1) > 1).any():
        raise DataError("no pair was scored by two annotators, so there is nothing to compare.")
    by: dict[str, dict[str, Agreement]] = {}
    for dimension in DIMENSIONS:
        column = np.array([getattr(item, dimension) for item in items])
        groups = {str(name): scores[column == name] for name in np.unique(column)}
        by[dimension] = {
            name: _measure(part, settings, seed) for name, part in groups.items() if len(part)
        }
    return AgreementReport(
        settings.level,
        _measure(scores, settings, seed),
        by,
        compare_annotators(scores, names, scale, settings),
        find_disputes(items, judgements, scale, settings.disputed_from),
    )


def leave_out(judgements: Sequence[Judgement], names: Sequence[str]) -> list[Judgement]:
    """Leave the scores of some annotators out.

    Raises:
        InputError: one of them gave none.
    """
    known = {judgement.annotator for judgement in judgements}
    for name in names:
        if name not in known:
            raise InputError(
                f"--without {name}: no such annotator. There are: {', '.join(sorted(known))}."
            )
    return [judgement for judgement in judgements if judgement.annotator not in names]


def write_agreement(
    report: AgreementReport, scale: Scale, out: Path, *, tool: str = "spreadsheet", seed: int = 0
) -> None:
    """Write ``agreement.json``, and the disputed pairs for who adjudicates them.

    The files in ``adjudicate`` are those of an export, with the scores, but not the names, of the
    annotators beside each pair.

    Raises:
        InputError: the tool is not known.
        OutputError: the folder holds something already.
    """
    with new_folder(out) as folder:
        write_json(folder / "agreement.json", report.to_dict())
        if report.disputes:
            items = [dispute.item for dispute in report.disputes]
            notes = {dispute.item.id: dispute.note for dispute in report.disputes}
            place = folder / "adjudicate"
            export_items(items, scale, [ADJUDICATOR], place, tool=tool, notes=notes, seed=seed)


def lay_out(items: Sequence[Item], judgements: Sequence[Judgement]) -> tuple[Array, list[str]]:
    """Lay scores out as shape (pairs, annotators), NaN where one gave none.

    Returns:
        The scores, and the annotators' names in alphabetical order.
    """
    names = sorted({judgement.annotator for judgement in judgements})
    rows = {item.id: row for row, item in enumerate(items)}
    columns = {name: column for column, name in enumerate(names)}
    scores: Array = np.full((len(items), len(names)), np.nan)
    for judgement in judgements:
        scores[rows[judgement.id], columns[judgement.annotator]] = judgement.score
    return scores, names


def find_disputes(
    items: Sequence[Item], judgements: Sequence[Judgement], scale: Scale, disputed_from: float
) -> list[Dispute]:
    """List the pairs whose scores lie at least so far apart, the furthest first.

    Args:
        items: the pairs.
        judgements: the scores.
        scale: on which they were given.
        disputed_from: as a share of the scale.
    """
    scores, _ = lay_out(items, judgements)
    found = [
        Dispute(item, tuple(float(score) for score in row[np.isfinite(row)]))
        for item, row in zip(items, scores, strict=True)
    ]
    least = disputed_from * scale.span - 1e-9
    disputed = [one for one in found if len(one.scores) > 1 and one.range >= least]
    return sorted(disputed, key=lambda one: (-one.range, one.item.id))


def _measure(scores: Array, settings: AgreementSettings, seed: int) -> Agreement:
    """Measure alpha and its interval."""
    value = alpha(scores, settings.level)
    ci95 = alpha_interval(scores, settings.level, resamples=settings.resamples, seed=seed)
    return Agreement(int((np.isfinite(scores).sum(axis=1) > 1).sum()), value, ci95)


def _plain(found: Agreement) -> dict[str, Any]:
    """Give an agreement as plain data."""
    row = asdict(found) | {"ci95": list(found.ci95)}
    return row if not math.isnan(found.alpha) else row | {"alpha": None, "ci95": None}


def _agreement_tables(report: AgreementReport) -> Iterator[Table]:
    """Lay alpha out, overall and by each dimension."""
    table = Table(
        title=f"Krippendorff's alpha ({report.level})",
        title_justify="left",
        box=None,
        pad_edge=False,
    )
    for name, justify in (("by", "left"), ("", "left"), ("pairs", "right"), ("alpha", "right")):
        table.add_column(name, justify="right" if justify == "right" else "left")
    table.add_column("95 % interval", justify="right")
    table.add_row("all", "", *_cells(report.overall), style="bold")
    for dimension, groups in report.by.items():
        for at, (name, found) in enumerate(groups.items()):
            table.add_row("" if at else dimension, name, *_cells(found))
    yield table


def _cells(found: Agreement) -> tuple[str, str, str]:
    """Write an agreement's figures."""
    if math.isnan(found.alpha):
        return f"{found.pairs:,}", "undefined", ""
    low, high = found.ci95
    return f"{found.pairs:,}", f"{found.alpha:.3f}", f"{low:.3f} to {high:.3f}"


def _annotators_table(standings: Sequence[Standing]) -> Table:
    """Lay annotators out, one a line."""
    table = Table(
        title="\nannotators, beside the median of the careful others",
        title_justify="left",
        box=None,
        pad_edge=False,
    )
    table.add_column("annotator")
    for name in ("scores", "correlation", "bias", "deviation", "alpha without"):
        table.add_column(name, justify="right")
    table.add_column("")
    for one in standings:
        table.add_row(
            one.annotator,
            f"{one.scores:,}",
            _figure(one.correlation),
            _figure(one.bias, "+.2f"),
            _figure(one.deviation),
            _figure(one.alpha_without, ".3f"),
            f"[bold red]{one.verdict}[/]" if one.verdict else "",
        )
    return table


def _figure(value: float, layout: str = ".2f") -> str:
    """Write a figure, a dash where it is undefined."""
    return "–" if math.isnan(value) else format(value, layout)


def _advice(report: AgreementReport) -> Iterator[str]:
    """Say what stands out."""
    if len(report.annotators) < LEAST_ANNOTATORS:
        yield "\nWith two annotators nothing tells which one differs; nobody was judged."
    if report.disputes:
        yield f"\n{len(report.disputes)} pairs are disputed."
