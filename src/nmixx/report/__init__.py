"""Report stage: one page, its figures and a model card, from the files of a run."""

from __future__ import annotations

from pathlib import Path

__all__ = ["build_report"]


def build_report(run: Path) -> Path:
    """Write ``report.html``, ``figures/`` and ``README.md`` into a run's folder.

    The page is one file: styles and pictures are inside, nothing is fetched. The card and the
    page show the same numbers.

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
    page = run / "report.html"
    write_text(page, render_page(folder, pictures))
    return page
