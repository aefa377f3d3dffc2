"""The application: its commands, logging, and what becomes of an error."""

from __future__ import annotations

import logging
import os
import sys
from typing import Annotated

import typer
from rich.logging import RichHandler

from nmixx.cli import (
    benchmark,
    corpus,
    doctor,
    evaluate,
    mine,
    mine_bitext,
    report,
    run,
    train,
    triplets,
    vocabulary,
)
from nmixx.errors import NmixxError
from nmixx.progress import stderr_console

INTERRUPTED = 130

app = typer.Typer(
    name="nmixx",
    help="Adapt an embedding model to your bilingual domain text, and prove that it got better.",
    epilog="Begin with: nmixx doctor, then nmixx run recipes/quickstart.yaml",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
run.register(app)
corpus.register(app)
vocabulary.register(app)
triplets.register(app)
mine.register(app)
mine_bitext.register(app)
train.register(app)
evaluate.register(app)
benchmark.register(app)
report.register(app)
doctor.register(app)


@app.callback()
def _common(
    debug: Annotated[bool, typer.Option("--debug", help="Show a traceback for errors.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Say more.")] = False,
) -> None:
    """Set up logging; people read it on stderr."""
    level = logging.DEBUG if debug else logging.INFO if verbose else logging.WARNING
    handler = RichHandler(console=stderr_console(), show_path=False, markup=False)
    logging.basicConfig(level=level, format="%(message)s", handlers=[handler], force=True)
    for noisy in (
        "httpx",
        "httpx2",
        "httpcore2",
        "matplotlib",
        "urllib3",
        "filelock",
        "fsspec",
        "datasets",
    ):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    _hush_libraries(debug)


def _hush_libraries(debug: bool) -> None:
    """Keep the libraries' own bars and notes out of ours, unless debugging."""
    if debug:
        return
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    os.environ.setdefault("TQDM_DISABLE", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")


def main() -> None:
    """Run the command line and exit with 0, 1 (the work failed) or 2 (the call was wrong)."""
    debug = "--debug" in sys.argv
    try:
        app()
    except NmixxError as error:
        if debug:
            raise
        _say(f"[bold red]error:[/] {_escape(str(error))}")
        sys.exit(error.exit_code)
    except SystemExit as stop:
        # Typer turns Ctrl-C into this exit code without a word.
        if stop.code == INTERRUPTED:
            _say("\ninterrupted; what is finished is kept. The same command goes on from there.")
        raise
    except Exception as error:
        if debug:
            raise
        reason = str(error).strip().splitlines()
        _say(
            f"[bold red]error:[/] {type(error).__name__}: {_escape(reason[0] if reason else '')}\n"
            "This was not foreseen. Run again with [bold]nmixx --debug ...[/] for the traceback."
        )
        sys.exit(1)


def _say(text: str) -> None:
    """Write a line for people."""
    stderr_console().print(text, soft_wrap=True, highlight=False)


def _escape(text: str) -> str:
    """Keep square brackets of data from being read as markup."""
    from rich.markup import escape

    return escape(text)
