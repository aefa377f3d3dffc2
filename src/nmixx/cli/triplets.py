"""``nmixx triplets``: make triplets with shifted negatives, and look at them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from nmixx.cli.output import JsonFlag, counts_table, show
from nmixx.cli.triplets_filter import filter_triplets
from nmixx.cli.triplets_inspect import inspect
from nmixx.cli.triplets_llm import make_with_llm, parse_llm
from nmixx.errors import InputError

_LLM = "By an LLM behind an OpenAI-compatible server; its key is in NMIXX_LLM_API_KEY"


def register(app: typer.Typer) -> None:
    """Add the group of commands to the application."""
    group = typer.Typer(help="Triplets: same meaning, and meaning shifted.", no_args_is_help=True)
    group.command(
        "make",
        epilog="Example: nmixx triplets make pairs.jsonl --category news --out triplets; "
        "by an LLM: nmixx triplets make news.jsonl --llm-url http://localhost:8000/v1 "
        "--llm-model NAME --llm-token-budget 2000000 --out written",
    )(make)
    group.command(
        "inspect",
        epilog="Example: nmixx triplets inspect OUT/triplets --shift detail_added --html page.html",
    )(inspect)
    group.command(
        "filter",
        epilog="Example: nmixx triplets filter OUT/triplets --min-confidence 0.8 --out strict",
    )(filter_triplets)
    group.command("prompts", epilog="Example: nmixx triplets prompts --out prompts")(prompts)
    app.add_typer(group, name="triplets")


def prompts(out: Annotated[Path, typer.Option(help="A new folder.")]) -> None:
    """Copy the prompts for an LLM, to change them and give them back with --llm-prompts."""
    from nmixx.triplets.llm.wording import copy_prompts

    show({}, False, *(str(path) for path in copy_prompts(out)))


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
        float, typer.Option(min=0, max=1, help="Share of triplets within one language, by rules.")
    ] = 0.5,
    explained: Annotated[
        float,
        typer.Option(min=0.01, max=1, help="Share of translations, the best explained ones."),
    ] = 1.0,
    seed: Annotated[int, typer.Option(help="Of every choice by chance.")] = 0,
    llm_url: Annotated[
        str | None, typer.Option(help="Up to /v1, as http://host:8000/v1.", rich_help_panel=_LLM)
    ] = None,
    llm_model: Annotated[
        str | None, typer.Option(help="The model's name.", rich_help_panel=_LLM)
    ] = None,
    llm_languages: Annotated[
        str | None, typer.Option(help="Two, as ko,en (the default).", rich_help_panel=_LLM)
    ] = None,
    llm_budget: Annotated[
        float | None, typer.Option(help="Money at most; needs prices.", rich_help_panel=_LLM)
    ] = None,
    llm_token_budget: Annotated[
        int | None, typer.Option(help="Tokens at most, both ways.", rich_help_panel=_LLM)
    ] = None,
    llm_price_input: Annotated[
        float | None, typer.Option(help="Of a million tokens sent.", rich_help_panel=_LLM)
    ] = None,
    llm_price_output: Annotated[
        float | None, typer.Option(help="Of a million tokens answered.", rich_help_panel=_LLM)
    ] = None,
    llm_documents: Annotated[
        int | None, typer.Option(help="Only the first so many.", rich_help_panel=_LLM)
    ] = None,
    llm_shifts: Annotated[
        int | None, typer.Option(help="Shifts a document at most [3].", rich_help_panel=_LLM)
    ] = None,
    llm_concurrency: Annotated[
        int | None, typer.Option(help="Requests at a time [8].", rich_help_panel=_LLM)
    ] = None,
    llm_timeout: Annotated[
        float | None, typer.Option(help="Seconds for an answer [120].", rich_help_panel=_LLM)
    ] = None,
    llm_tries: Annotated[
        int | None, typer.Option(help="Tries of a request [6].", rich_help_panel=_LLM)
    ] = None,
    llm_backoff: Annotated[
        float | None, typer.Option(help="Seconds, doubled each try [1].", rich_help_panel=_LLM)
    ] = None,
    llm_prompts: Annotated[
        str | None, typer.Option(help="A folder of your own prompts.", rich_help_panel=_LLM)
    ] = None,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run", help="Say what it would cost; send nothing.", rich_help_panel=_LLM
        ),
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """Make triplets from pairs, or have an LLM write them about documents.

    Negatives change the meaning as financial text changes it.
    """
    options = {
        "url": llm_url,
        "model": llm_model,
        "languages": llm_languages.split(",") if llm_languages else None,
        "budget": llm_budget,
        "token_budget": llm_token_budget,
        "price_input": llm_price_input,
        "price_output": llm_price_output,
        "documents": llm_documents,
        "shifts": llm_shifts,
        "concurrency": llm_concurrency,
        "timeout": llm_timeout,
        "tries": llm_tries,
        "backoff": llm_backoff,
        "prompts": llm_prompts,
    }
    if any(value is not None for value in options.values()):
        settings = parse_llm(options, maximum)
        make_with_llm(
            [*(inputs or ()), *(documents or ())],
            settings,
            out,
            category,
            dry_run=dry_run,
            as_json=as_json,
        )
        return
    if dry_run:
        raise InputError("--dry-run: only what an LLM would cost can be said; give --llm-url.")
    from nmixx.corpus.shapes import read_documents, read_pairs
    from nmixx.errors import DataError
    from nmixx.processors import usable_processors
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
        maximum=maximum,
        same_language=same_language,
        explained=explained,
        units=("sentence", "term"),
    )
    workers = usable_processors()
    made = make_triplets(pairs, settings, out, documents=texts, seed=seed, workers=workers)
    counts = made.counts()
    show({"out": str(out), "counts": counts}, as_json, counts_table("triplets", counts), f"{out}")
