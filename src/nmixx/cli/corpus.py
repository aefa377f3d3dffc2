"""``nmixx corpus``: read, clean and filter text."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nmixx.cli.output import JsonFlag, counts_table, show


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("corpus", epilog="Example: nmixx corpus pairs.jsonl news.csv --out corpus")(corpus)


def corpus(
    inputs: Annotated[
        list[str], typer.Argument(help="Files of pairs or documents, told apart by their columns.")
    ],
    out: Annotated[Path, typer.Option(help="A new folder.")],
    evaluation: Annotated[
        list[str] | None, typer.Option(help="Files whose texts must not be trained on.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Of every choice by chance.")] = 0,
    as_json: JsonFlag = False,
) -> None:
    """Read pairs and documents, clean them, and drop rows with a reason."""
    from nmixx.corpus import build_corpus
    from nmixx.corpus.inputs import guess_shape
    from nmixx.corpus.settings import CorpusSettings, DocumentSource, PairSource
    from nmixx.storage import claim_folder

    shapes = {path: guess_shape(path) for path in inputs}
    settings = CorpusSettings(
        pairs=tuple(PairSource(path=path) for path in inputs if shapes[path] == "pairs"),
        documents=tuple(DocumentSource(path=path) for path in inputs if shapes[path] != "pairs"),
        evaluation=tuple(evaluation or ()),
    )
    claim_folder(out, "corpus")
    counts = build_corpus(settings, out, seed=seed).counts
    show({"out": str(out), "counts": counts}, as_json, counts_table("corpus", counts), f"{out}")
