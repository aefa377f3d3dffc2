"""Report stage: one page, its figures and a model card, from the files of a run."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nmixx.report.comparison import Comparison

__all__ = ["build_comparison", "build_report"]


def build_report(run: Path) -> Path:
    """Write ``report.html``, ``figures/`` and ``README.md`` into a run's folder.

    The page is one file: styles and pictures are inside, nothing is fetched. The model card and
    the page show the same numbers; triplets get a card of their own, ``triplets/README.md``.

    Args:
        run: the folder of a run; only ``evaluation/results.json`` must be there, and whatever
            else there is gets its section.

    Returns:
        The page's path.

    Raises:
        DataError: there are no results, or a file of the run is broken.
    """
    from nmixx.report.card import write_card
    from nmixx.report.charts import draw
    from nmixx.report.datacard import write_triplet_card
    from nmixx.report.figures import plan_charts
    from nmixx.report.folder import read_run
    from nmixx.report.page import render_page
    from nmixx.storage import atomic_file, write_text

    folder = read_run(run)
    pictures = {name: draw(chart) for name, chart in plan_charts(folder).items()}
    for picture in pictures.values():
        write_text(run / "figures" / f"{picture.name}.svg", picture.file)
        with atomic_file(run / "figures" / f"{picture.name}.png") as temporary:
            temporary.write_bytes(picture.png)
    write_text(run / "README.md", write_card(folder))
    if folder.triplets:
        write_text(run / "triplets" / "README.md", write_triplet_card(folder))
    page = run / "report.html"
    write_text(page, render_page(folder, pictures))
    return page


def build_comparison(
    runs: Sequence[Path], page: Path, *, general: Collection[str] = ()
) -> Comparison:
    """Write one page that compares several runs: figures by task, trade-off, settings.

    Args:
        runs: folders of runs, at least two; each must hold ``evaluation/results.json``.
        page: the file to write.
        general: names of the tasks that measure general ability, for the trade-off; where
            empty, those that the recipes name under ``evaluation.general``.

    Returns:
        What the page shows.

    Raises:
        DataError: a run has no results or a broken file.
    """
    from nmixx.report.charts import draw
    from nmixx.report.comparison import chart_runs, compare_runs, place_runs
    from nmixx.report.folder import read_run
    from nmixx.report.page import render_comparison
    from nmixx.report.tradeoff import chart_trade
    from nmixx.storage import write_text

    comparison = compare_runs([read_run(run) for run in runs], general)
    trade = chart_trade(place_runs(comparison), joined=False)
    charts = {"runs": chart_runs(comparison), "trade-off": trade}
    pictures = {name: draw(chart) for name, chart in charts.items() if chart is not None}
    write_text(page, render_comparison(comparison, pictures))
    return comparison
