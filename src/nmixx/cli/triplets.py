"""``nmixx triplets``: make triplets with shifted negatives."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from nmixx.cli.output import JsonFlag, counts_table, show


def register(app: typer.Typer) -> None:
    """Add the group of commands to the application."""
    group = typer.Typer(help="Triplets: same meaning, and meaning shifted.", no_args_is_help=True)
    group.command(
        "make",
        epilog="Example: nmixx triplets make pairs.jsonl --category news --out triplets",
    )(make)
    group.callback()(_group)
    app.add_typer(group, name="triplets")


def _group() -> None:
    """Keep ``make`` a command of its own although it is the only one."""


def make(
    out: Annotated[Path, typer.Option(help="A new folder.")],
    inputs: Annotated[list[str] | None, typer.Argument(help="Files of pairs.")] = None,
    category: Annotated[
        str | None, typer.Option(help="Of all texts: news, disclosure, report, regulation.")
    ] = None,
    maximum: Annotated[int, typer.Option(help="Triplets at most.")] = 20_000,
    documents: Annotated[
        list[str] | None, typer.Option(help="A file of documents; may be given again.")
    ] = None,
    same_language: Annotated[
        float, typer.Option(min=0, max=1, help="Share of triplets within one language.")
    ] = 0.5,
    seed: Annotated[int, typer.Option(help="Of every choice by chance.")] = 0,
    as_json: JsonFlag = False,
) -> None:
    """Make triplets from pairs; negatives change the meaning as financial text changes it."""
    from nmixx.corpus.shapes import read_documents, read_pairs
    from nmixx.errors import DataError
    from nmixx.storage import claim_folder
    from nmixx.triplets import TripletSettings, make_triplets

    if not inputs and not documents:
        raise DataError("no text is given: name files of pairs, or give --documents FILE, or both.")
    pairs = [pair for path in inputs or () for pair in read_pairs(path)]
    texts = [text for path in documents or () for text in read_documents(path)]
    if category:
        pairs = [replace(pair, category=category) for pair in pairs]
        texts = [replace(text, category=category) for text in texts]
    claim_folder(out, "triplets")
    settings = TripletSettings(
        maximum=maximum, same_language=same_language, units=("sentence", "term")
    )
    counts = make_triplets(pairs, settings, out, documents=texts, seed=seed).counts()
    show({"out": str(out), "counts": counts}, as_json, counts_table("triplets", counts), f"{out}")
