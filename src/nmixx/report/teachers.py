"""The picture of a comparison of teachers: what each gives positives and the best others."""

from __future__ import annotations

from pathlib import Path

from nmixx.errors import InputError
from nmixx.mining.comparison import Comparison, TeacherView
from nmixx.mining.distribution import Extremes
from nmixx.report.charts import Chart, End, Panel, draw, histograms_chart
from nmixx.report.words import figure, percent

KINDS = ("scores of positives", "best other score of each query")


def chart_teachers(comparison: Comparison) -> Chart:
    """Show, for each teacher, its positives upwards and each query's best other downwards.

    The share of positives exactly at an end of the scale is written at that end.

    Raises:
        InputError: no teacher has a score.
    """
    panels = [panel for panel in map(_panel, comparison.teachers) if panel is not None]
    if not panels:
        raise InputError("comparison of teachers: none of them scores a positive.")
    told = " ".join(_tell(view) for view in comparison.teachers)
    alt = f"Histograms of scores of positives and of each query's best other document. {told}"
    return histograms_chart("teachers", panels, KINDS, alt=alt)


def draw_teachers(comparison: Comparison, folder: Path) -> list[Path]:
    """Write the picture as ``teachers.svg`` and ``teachers.png`` into a folder.

    Raises:
        InputError: no teacher has a score.
    """
    from nmixx.storage import atomic_file, write_text

    picture = draw(chart_teachers(comparison))
    svg, png = (folder / f"{picture.name}.{kind}" for kind in ("svg", "png"))
    write_text(svg, picture.file)
    with atomic_file(png) as temporary:
        temporary.write_bytes(picture.png)
    return [svg, png]


def _panel(view: TeacherView) -> Panel | None:
    """Lay a teacher out as a plot; none where it has no scores."""
    if view.histogram is None:
        return None
    return Panel(
        view.name,
        _notes(view),
        view.histogram.edges,
        _shares(view.histogram.positives),
        _shares(view.histogram.others),
        None if view.extremes is None else _ends(view.extremes),
    )


def _notes(view: TeacherView) -> list[str]:
    """Say below the name what the plot does not."""
    medians = [
        f"{label} {figure(some.median, 2)}"
        for label, some in (("positives", view.positives), ("others", view.others))
        if some is not None
    ]
    notes = [f"median {', '.join(medians)}"] if medians else []
    if view.outranked is not None:
        notes.append(f"positive beaten: {percent(view.outranked)} of queries")
    if view.unknown:
        notes.append(f"no score for {view.unknown:,} positives")
    if not view.bounded:
        notes.append("unbounded, a margin means nothing")
    return notes


def _ends(extremes: Extremes) -> tuple[End, End]:
    """Put the share at each end in words."""
    low, high = (
        End(share, f"{percent(share)} exactly at {figure(value, 2)}")
        for share, value in (
            (extremes.at_lowest, extremes.lowest),
            (extremes.at_highest, extremes.highest),
        )
    )
    return low, high


def _shares(counts: tuple[int, ...]) -> list[float]:
    """Turn counts into shares of their sum."""
    return [count / (sum(counts) or 1) for count in counts]


def _tell(view: TeacherView) -> str:
    """Say a teacher's plot in words."""
    ends = [] if view.extremes is None else [end.words for end in _ends(view.extremes)]
    return f"{view.name}: {'; '.join([*_notes(view), *ends])}."
