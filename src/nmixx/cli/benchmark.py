"""``nmixx benchmark``: build a benchmark that people judged, and check any set of scored pairs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from nmixx.cli.output import JsonFlag, show

_OUT = "A new folder; nothing is ever written over."


def register(app: typer.Typer) -> None:
    """Add the group of commands to the application."""
    group = typer.Typer(
        help="Benchmark: draft pairs, have them judged, measure agreement, freeze.",
        epilog="In this order: draft, export, import, agree, freeze, verify. check takes any file.",
        no_args_is_help=True,
    )
    for command, example in (
        (draft, "draft sample:documents sample:pairs --pairs 400 --out draft"),
        (export, "export draft --annotator ana --annotator ben --annotator cho --out sheets"),
        (import_, "import draft sheets/ana/ana.csv sheets/ben/ben.csv --out scores"),
        (agree, "agree scores --out agreement"),
        (
            freeze,
            "freeze scores --adjudicated settled --split test=1 --out bench",
        ),
        (verify, "verify bench"),
        (check, "check test.jsonl"),
    ):
        name = command.__name__.rstrip("_")
        group.command(name, epilog=f"Example: nmixx benchmark {example}")(command)
    app.add_typer(group, name="benchmark")


def draft(
    inputs: Annotated[
        list[str],
        typer.Argument(help="Files of documents, of pairs that translate, and triplets.parquet."),
    ],
    out: Annotated[Path, typer.Option(help=_OUT)],
    pairs: Annotated[int, typer.Option(min=2, help="Pairs to draft.")] = 400,
    faithful: Annotated[
        float, typer.Option(min=0, max=1, help="Share of faithful pairs of each shift.")
    ] = 0.5,
    category: Annotated[
        list[str] | None, typer.Option(help="Only this category; may be repeated.")
    ] = None,
    shift: Annotated[
        list[str] | None, typer.Option(help="Only this shift; may be repeated.")
    ] = None,
    lang: Annotated[
        list[str] | None, typer.Option(help="Only this, such as ko or en-ko; may be repeated.")
    ] = None,
    scale: Annotated[str, typer.Option(help="LOW:HIGH:STEP, on which pairs are scored.")] = "0:5:1",
    seed: Annotated[int, typer.Option(help="Of every choice by chance.")] = 0,
    as_json: JsonFlag = False,
) -> None:
    """Draft pairs by category and shift, whose label length and overlap do not tell."""
    from nmixx.benchmark.drafting import draft_items, write_draft
    from nmixx.benchmark.folders import refuse_existing
    from nmixx.benchmark.naming import check_kinds
    from nmixx.benchmark.scale import parse_scale
    from nmixx.benchmark.settings import DraftSettings
    from nmixx.benchmark.triplets import split_triplets
    from nmixx.cli.benchmark_tables import draft_tables
    from nmixx.corpus.inputs import read_corpus

    refuse_existing(out)
    settings = DraftSettings(
        pairs=pairs,
        faithful=faithful,
        categories=tuple(category or ()),
        shifts=tuple(shift or ()),
        langs=tuple(lang or ()),
        scale=parse_scale(scale),
    )
    texts, triplets = split_triplets(inputs)
    documents, translations = read_corpus(texts)
    check_kinds(settings, documents, translations, triplets)
    found = draft_items(documents, translations, settings, triplets=triplets, seed=seed)
    write_draft(found, settings, out, seed=seed, inputs=inputs)
    report = found.report()
    show({"out": str(out)} | report, as_json, *draft_tables(report, settings.pairs), f"{out}")


def export(
    folder: Annotated[Path, typer.Argument(help="Made by draft.")],
    out: Annotated[Path, typer.Option(help=_OUT)],
    annotator: Annotated[list[str], typer.Option(help="A name; repeated for each annotator.")],
    format_: Annotated[
        str, typer.Option("--format", help="spreadsheet, label-studio or argilla.")
    ] = "spreadsheet",
    seed: Annotated[int, typer.Option(help="Of each annotator's order.")] = 0,
    as_json: JsonFlag = False,
) -> None:
    """Write each annotator's files, in their own order, without the intended label."""
    from nmixx.benchmark.exporting import export_items
    from nmixx.benchmark.folders import read_facts, read_items, scale_of

    facts = read_facts(folder, "draft")
    items = read_items(folder)
    made = export_items(items, scale_of(facts), annotator, out, tool=format_, seed=seed)
    places = [str(path) for path in made]
    result = {"out": str(out), "pairs": len(items), "folders": places}
    show(result, as_json, f"{len(items)} pairs, in an order of its own in each of", *places)


def import_(
    folder: Annotated[Path, typer.Argument(help="Made by draft.")],
    files: Annotated[list[str], typer.Argument(help="Returned files, as FILE or NAME=FILE.")],
    out: Annotated[Path, typer.Option(help=_OUT)],
    annotator: Annotated[
        list[str] | None, typer.Option(help="Who may have scored; repeated. Anybody by default.")
    ] = None,
    user: Annotated[
        list[str] | None, typer.Option(help="A tool's user and the annotator, THEIRS=NAME.")
    ] = None,
    partial: Annotated[bool, typer.Option("--partial", help="Accept pairs without score.")] = False,
    adjudicated: Annotated[
        bool, typer.Option("--adjudicated", help="The files settle disputed pairs.")
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """Check what annotators returned, row by row, and keep it when all of it is right."""
    from nmixx.benchmark.folders import read_facts, read_items, refuse_existing, scale_of
    from nmixx.benchmark.importing import (
        parse_files,
        parse_users,
        read_scores,
        require_settled_once,
        write_scores,
    )
    from nmixx.cli.output import counts_table

    facts = read_facts(folder, "draft")
    items, scale = read_items(folder), scale_of(facts)
    refuse_existing(out)
    returned = parse_files(files)
    imported = read_scores(
        items,
        scale,
        returned,
        annotators=annotator or (),
        users=parse_users(user or ()),
        partial=partial,
        whole=not adjudicated,
    )
    if adjudicated:
        require_settled_once(imported)
    kind = "adjudicated" if adjudicated else "scores"
    write_scores(items, imported, scale, out, files=returned, kind=kind)
    counts = imported.counts()
    if adjudicated:
        counts = {name: n for name, n in counts.items() if not name.startswith("missing")}
    show({"out": str(out), "scores": counts}, as_json, counts_table("scores", counts), f"{out}")


def agree(
    folder: Annotated[Path, typer.Argument(help="Made by import.")],
    out: Annotated[
        Path | None, typer.Option(help=f"{_OUT} For the report and the disputed pairs.")
    ] = None,
    level: Annotated[str, typer.Option(help="ordinal, interval or nominal.")] = "ordinal",
    without: Annotated[
        list[str] | None, typer.Option(help="Leave this annotator out; may be repeated.")
    ] = None,
    disputed_from: Annotated[
        float, typer.Option(min=0.01, max=1, help="Range of scores, as a share of the scale.")
    ] = 0.4,
    format_: Annotated[
        str, typer.Option("--format", help="Of the disputed pairs, as for export.")
    ] = "spreadsheet",
    bootstrap: Annotated[int, typer.Option(min=1, help="Resamples for the intervals.")] = 1000,
    seed: Annotated[int, typer.Option(help="Of the resamples.")] = 0,
    as_json: JsonFlag = False,
) -> None:
    """Measure agreement, find annotators who stand apart, and list what to adjudicate."""
    from nmixx.benchmark.agreement import leave_out, measure_agreement, write_agreement
    from nmixx.benchmark.folders import read_facts, read_items, read_judgements, scale_of
    from nmixx.benchmark.settings import AgreementSettings

    facts = read_facts(folder, "scores")
    items, judgements = read_items(folder), read_judgements(folder)
    given = {"level": level, "disputed_from": disputed_from, "resamples": bootstrap}
    settings = AgreementSettings.parse(given, "agree")
    kept = leave_out(judgements, without or ())
    report = measure_agreement(items, kept, scale_of(facts), settings, seed=seed)
    if out is not None:
        write_agreement(report, scale_of(facts), out, tool=format_, seed=seed)
    where = "" if out is None else f"{out}"
    show(report.to_dict(), as_json, report, where)


def freeze(
    folder: Annotated[Path, typer.Argument(help="Made by import.")],
    out: Annotated[Path, typer.Option(help=_OUT)],
    adjudicated: Annotated[
        Path | None, typer.Option(help="Made by import --adjudicated; its scores stand.")
    ] = None,
    name: Annotated[str, typer.Option(help="Of the benchmark.")] = "sts-benchmark",
    licence: Annotated[str, typer.Option(help="The Hub's name of it, as cc-by-4.0.")] = "other",
    aggregate: Annotated[str, typer.Option(help="mean or median of the other scores.")] = "mean",
    disputed: Annotated[
        str, typer.Option(help="keep or drop disputed pairs that nobody adjudicated.")
    ] = "keep",
    disputed_from: Annotated[float, typer.Option(min=0.01, max=1, help="As for agree.")] = 0.4,
    without: Annotated[
        list[str] | None, typer.Option(help="Leave this annotator out; may be repeated.")
    ] = None,
    split: Annotated[
        list[str] | None, typer.Option(help="NAME=SHARE; repeated. dev=0.2 and test=0.8.")
    ] = None,
    format_: Annotated[str, typer.Option("--format", help="jsonl or parquet.")] = "jsonl",
    seed: Annotated[int, typer.Option(help="Of splits and order.")] = 0,
    as_json: JsonFlag = False,
) -> None:
    """Settle scores, share pairs out over splits, and write them with card and checksums."""
    from nmixx.benchmark.folders import (
        read_facts,
        read_items,
        read_judgements,
        refuse_existing,
        scale_of,
    )
    from nmixx.benchmark.freezing import freeze_items, require_same_pairs, write_frozen
    from nmixx.benchmark.naming import parse_splits
    from nmixx.benchmark.settings import FreezeSettings
    from nmixx.cli.output import counts_table

    facts = read_facts(folder, "scores")
    refuse_existing(out)
    items, judgements, scale = read_items(folder), read_judgements(folder), scale_of(facts)
    settled = []
    if adjudicated is not None:
        read_facts(adjudicated, "adjudicated")
        settled = read_judgements(adjudicated)
        require_same_pairs(items, settled, adjudicated)
    given: dict[str, Any] = {
        "name": name,
        "licence": licence,
        "aggregate": aggregate,
        "disputed": disputed,
        "disputed_from": disputed_from,
        "without": tuple(without or ()),
        "format": format_,
    }
    if split:
        given |= {"splits": parse_splits(split)}
    settings = FreezeSettings.parse(given, "freeze")
    frozen = freeze_items(items, judgements, settled, scale, settings, seed=seed)
    write_frozen(frozen, judgements, scale, settings, out, seed=seed)
    counts = frozen.counts()
    result = {"out": str(out), "counts": counts, "check": frozen.check.to_dict()}
    show(result, as_json, counts_table("frozen", counts), "", frozen.check, "", f"{out}")


def verify(
    folder: Annotated[Path, typer.Argument(help="Made by freeze.")],
    as_json: JsonFlag = False,
) -> None:
    """Compare every file with its checksum, and check columns, scores and splits again."""
    from nmixx.benchmark.verification import verify_benchmark

    found = verify_benchmark(folder)
    splits = ", ".join(f"{name} {count:,}" for name, count in found.splits.items())
    result = {"folder": str(folder), "files": found.files, "splits": found.splits}
    show(result, as_json, f"{folder}: {found.files} files as they were frozen; pairs: {splits}")


def check(
    files: Annotated[
        list[str], typer.Argument(help="Files of scored pairs; several are taken as splits.")
    ],
    as_json: JsonFlag = False,
) -> None:
    """Look for the defects of published sets: labels that show, sorted rows, leaks, repeats."""
    from nmixx.benchmark.checking import check_files

    report = check_files(files)
    show(report.to_dict(), as_json, report)
