"""Folders of the benchmark: written whole or not at all, and never over anything."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from typing import Any

from nmixx.benchmark.items import Item, Judgement
from nmixx.benchmark.scale import Scale
from nmixx.errors import DataError, OutputError
from nmixx.storage import read_json, read_records, write_json, write_records

ITEMS_NAME = "items.parquet"
JUDGEMENTS_NAME = "judgements.parquet"
FACTS_NAME = "benchmark.json"


def refuse_existing(out: Path) -> None:
    """Refuse a folder that holds anything already.

    Raises:
        OutputError: it is a file, or not empty.
    """
    if out.exists() and not out.is_dir():
        raise OutputError(f"{out}: is a file; a new folder was expected. Nothing was written.")
    if out.is_dir() and any(out.iterdir()):
        raise OutputError(
            f"{out}: is not empty. Nothing was written: what people judged is never written over.\n"
            "Give a new folder with --out."
        )


@contextmanager
def new_folder(out: Path) -> Iterator[Path]:
    """Yield a folder beside ``out`` that becomes ``out`` when the block succeeds.

    Raises:
        OutputError: ``out`` holds something already.
    """
    refuse_existing(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    temporary = out.with_name(f".{out.name}.{os.getpid()}.partial")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir()
    try:
        yield temporary
        if out.exists():
            out.rmdir()  # empty, or refused above
        temporary.rename(out)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def write_items(folder: Path, kind: str, items: list[Item], facts: dict[str, Any]) -> None:
    """Write pairs, and what is known of them, to a folder."""
    write_records(folder / ITEMS_NAME, Item, items)
    known = {"kind": kind, "nmixx": metadata.version("nmixx"), "pairs": len(items)}
    write_json(folder / FACTS_NAME, known | facts)


def read_facts(folder: Path, *kinds: str) -> dict[str, Any]:
    """Read what is known of a folder's pairs.

    Args:
        folder: made by a command of the benchmark.
        kinds: of which one is needed: ``draft``, ``scores``, ``adjudicated``.

    Raises:
        DataError: it is no such folder.
    """
    path = folder / FACTS_NAME
    commands = {"draft": "draft", "scores": "import", "adjudicated": "import --adjudicated"}
    if not path.exists():
        raise DataError(
            f"{folder}: no {FACTS_NAME} there; a folder made by nmixx benchmark "
            f"{' or '.join(commands[kind] for kind in kinds)} was expected."
        )
    facts = read_json(path)
    found = facts.get("kind") if isinstance(facts, dict) else None
    if found not in kinds:
        raise DataError(
            f"{folder}: holds {found or 'something else'}; a folder made by nmixx benchmark "
            f"{' or '.join(commands[kind] for kind in kinds)} was expected."
        )
    return dict(facts)


def read_items(folder: Path) -> list[Item]:
    """Read the pairs of a folder.

    Raises:
        DataError: they are missing or broken.
    """
    return read_records(folder / ITEMS_NAME, Item)


def read_judgements(folder: Path) -> list[Judgement]:
    """Read the scores of a folder.

    Raises:
        DataError: they are missing or broken.
    """
    return read_records(folder / JUDGEMENTS_NAME, Judgement)


def scale_of(facts: dict[str, Any]) -> Scale:
    """Give the scale that a folder's pairs are judged on."""
    return Scale.parse(facts.get("scale", {}), FACTS_NAME)
