"""``nmixx mine-bitext``: translation pairs from two sets of merely comparable documents."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nmixx.cli.output import JsonFlag, counts_table, show


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(
        "mine-bitext",
        epilog="Example: nmixx mine-bitext ko.jsonl en.jsonl --teacher OUT/model --out mined",
    )(mine_bitext)


def mine_bitext(
    first: Annotated[str, typer.Argument(help="Documents in one language; they give anchors.")],
    second: Annotated[str, typer.Argument(help="Documents in another; they give positives.")],
    teacher: Annotated[
        str, typer.Option(help="A model that knows both: a folder, Hub id or package:NAME.")
    ],
    out: Annotated[Path, typer.Option(help="A new folder, or one of the same work.")],
    margin: Annotated[str, typer.Option(help="ratio, distance or absolute.")] = "ratio",
    threshold: Annotated[
        float | None, typer.Option(help="The least margin; a usual one when not given.")
    ] = None,
    neighbours: Annotated[int, typer.Option(help="Neighbours that a margin is over.")] = 4,
    retrieval: Annotated[str, typer.Option(help="forward, backward, intersection or max.")] = "max",
    one_to_one: Annotated[
        bool, typer.Option("--one-to-one/--many", help="Each sentence in one pair at most.")
    ] = True,
    split: Annotated[
        bool, typer.Option("--split/--whole", help="Split documents into sentences.")
    ] = True,
    same_figures: Annotated[
        bool, typer.Option("--same-figures", help="Leave out pairs whose figures differ.")
    ] = False,
    min_characters: Annotated[int, typer.Option(help="Shorter sentences are left out.")] = 15,
    max_characters: Annotated[int, typer.Option(help="Longer sentences are left out.")] = 600,
    as_json: JsonFlag = False,
) -> None:
    """Find sentences that translate each other, with a score; `nmixx corpus` reads the pairs."""
    from nmixx.corpus.shapes import read_documents
    from nmixx.encoding import SentenceEncoder
    from nmixx.mining.bitext import BitextSettings
    from nmixx.mining.bitext import mine_bitext as mine
    from nmixx.mining.bitext.settings import USUAL_THRESHOLDS
    from nmixx.storage import claim_folder, only_worker

    given = {
        "margin": margin,
        "neighbours": neighbours,
        "retrieval": retrieval,
        "one_to_one": one_to_one,
        "split": split,
        "same_figures": same_figures,
        "min_characters": min_characters,
        "max_characters": max_characters,
    }
    usual = USUAL_THRESHOLDS.get(margin, 0.0)
    given["threshold"] = usual if threshold is None else threshold
    settings = BitextSettings.parse(given, "mine-bitext")
    sides = read_documents(first), read_documents(second)
    encoder = SentenceEncoder.load(teacher)
    claim_folder(out, "bitext mining")
    with only_worker(out):
        result = mine(*sides, encoder, settings, out)
    counts = {**result.counts(), **result.written}
    report = result.report() | {"out": str(out), "counts": counts}
    show(report, as_json, counts_table("bitext", counts), str(out / "pairs.parquet"))
