"""``nmixx triplets``: make triplets with shifted negatives, and look at them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from nmixx.cli.output import JsonFlag, counts_table, show
from nmixx.cli.triplets_filter import filter_triplets
from nmixx.cli.triplets_inspect import inspect


def register(app: typer.Typer) -> None:
    """Add the group of commands to the application."""
    group = typer.Typer(help="Triplets: same meaning, and meaning shifted.", no_args_is_help=True)
    group.command(
        "make",
        epilog="Example: nmixx triplets make pairs.jsonl --category news --out triplets",
    )(make)
    group.command(
        "inspect",
        epilog="Example: nmixx triplets inspect OUT/triplets --shift detail_added --html page.html",
    )(inspect)
    group.command(
        "filter",
        epilog="Example: nmixx triplets filter OUT/triplets --min-confidence 0.8 --out strict",
    )(filter_triplets)
    app.add_typer(group, name="triplets")


def make(
    inputs: Annotated[list[str], typer.Argument(help="Files of pairs.")],
    out: Annotated[Path, typer.Option(help="A new folder.")],
    category: Annotated[
        str | None, typer.Option(help="Of all pairs: news, disclosure, report, regulation.")
    ] = None,
    maximum: Annotated[int, typer.Option(help="Triplets at most.")] = 20_000,
    same_language: Annotated[bool, typer.Option(help="Also triplets within one language.")] = False,
    seed: Annotated[int, typer.Option(help="Of every choice by chance.")] = 0,
    as_json: JsonFlag = False,
) -> None:
    """Make triplets from pairs; negatives change the meaning as financial text changes it."""
    from nmixx.corpus.shapes import read_pairs
    from nmixx.storage import claim_folder
    from nmixx.triplets import TripletSettings, make_triplets

    pairs = [pair for path in inputs for pair in read_pairs(path)]
    if category:
        pairs = [replace(pair, category=category) for pair in pairs]
    claim_folder(out, "triplets")
    settings = TripletSettings(
        maximum=maximum, same_language=float(same_language), units=("sentence", "term")
    )
    counts = make_triplets(pairs, settings, out, seed=seed).counts()
    show({"out": str(out), "counts": counts}, as_json, counts_table("triplets", counts), f"{out}")
