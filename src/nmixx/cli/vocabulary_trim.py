"""``nmixx vocabulary trim``: a model without the rows that your texts never use."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from nmixx.cli.output import JsonFlag, show
from nmixx.cli.vocabulary_tables import new_table

EXAMPLE = (
    "Example: nmixx vocabulary trim BAAI/bge-m3 --texts news.jsonl --texts pairs.jsonl --out small"
)


def trim(
    model: Annotated[str, typer.Argument(help="A folder, Hub id or package:NAME.")],
    texts: Annotated[
        list[str],
        typer.Option("--texts", help="Files of documents or pairs to keep; may be repeated."),
    ],
    out: Annotated[Path, typer.Option(help="A new folder.")],
    min_count: Annotated[
        int, typer.Option(min=1, help="A piece must occur this often to be kept for it.")
    ] = 1,
    script: Annotated[
        list[str] | None,
        typer.Option(help="Keep this script's characters, too: cyrillic, cjk; may be repeated."),
    ] = None,
    whole_script_share: Annotated[
        float,
        typer.Option(min=0, max=1, help="Scripts with at most this share of rows stay whole."),
    ] = 0.05,
    seed: Annotated[int, typer.Option(help="Of the texts held out to measure with.")] = 0,
    as_json: JsonFlag = False,
) -> None:
    """Keep the rows that texts use, and a floor; prove that nothing else changes."""
    from nmixx.corpus.inputs import read_texts
    from nmixx.encoding import load_model
    from nmixx.vocabulary import TrimSettings, trim_vocabulary

    settings = TrimSettings(
        min_count=min_count,
        scripts=tuple(script or ()),
        whole_script_share=whole_script_share,
    )
    by_language = read_texts(texts)
    every = [text for some in by_language.values() for text in some]
    result = trim_vocabulary(load_model(model, device="cpu"), every, settings, out, seed=seed)
    show(result, as_json, _table(result), *_lines(result), f"model   {out / 'model'}")


def _table(result: Mapping[str, Any]) -> Table:
    """Lay out what is gone and what is kept for which reason."""
    from nmixx.vocabulary.trimming.kept import REASONS

    table = new_table("", "", "before", "after", "gone")
    for name in ("rows", "parameters"):
        before, after = result[f"{name}_before"], result[f"{name}_after"]
        table.add_row(name, f"{before:,}", f"{after:,}", f"{1 - after / before:.1%}")
    for reason, count in result["kept"].items():
        table.add_row(f"  {REASONS[reason]}", "", f"{count:,}", "")
    return table


def _lines(result: Mapping[str, Any]) -> list[str]:
    """Say in words what was saved, measured and proved."""
    return [
        f"\n{result['megabytes_saved']:,.1f} MB less in float32",
        f"{result['changed']:,} of {result['held_out']:,} texts held out "
        f"({result['changed_share']:.2%}) are tokenized otherwise than before",
        f"{result['verified']:,} texts whose tokens were all kept: embeddings equal to the bit "
        "after a plain reload",
    ]
