"""Export: each annotator's own files, in their own order, without what the drafter meant."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from nmixx.benchmark.folders import new_folder
from nmixx.benchmark.formats import Sheet, Task, find_format
from nmixx.benchmark.guidelines import write_guidelines
from nmixx.benchmark.items import Item
from nmixx.benchmark.scale import Scale
from nmixx.errors import InputError
from nmixx.storage import fingerprint, write_text

_NAME = re.compile(r"\w[\w.@+-]*")


def export_items(
    items: Sequence[Item],
    scale: Scale,
    annotators: Sequence[str],
    out: Path,
    *,
    tool: str = "spreadsheet",
    notes: Mapping[str, str] | None = None,
    seed: int = 0,
) -> list[Path]:
    """Write a folder for each annotator: pairs in an order of their own, and the guidelines.

    Args:
        items: the pairs; only ids and sentences are written.
        scale: on which to score.
        annotators: their names; they become names of folders and files.
        out: a new folder.
        tool: one of :data:`nmixx.benchmark.formats.FORMATS`.
        notes: what is shown beside a pair, by id: in adjudication what others scored.
        seed: of the orders; an annotator's order also depends on their name.

    Returns:
        The folders, in the order of the annotators.

    Raises:
        InputError: a name cannot be used or stands twice, or the tool is not known.
        OutputError: the folder holds something already.
    """
    form = find_format(tool)
    check_names(annotators)
    guidelines = write_guidelines(scale)
    with new_folder(out) as folder:
        for annotator in annotators:
            order = list(items)
            random.Random(fingerprint(seed, annotator)).shuffle(order)
            tasks = [
                Task(item.id, item.sentence1, item.sentence2, (notes or {}).get(item.id, ""))
                for item in order
            ]
            place = folder / annotator
            place.mkdir()
            form.write(Sheet(annotator, tasks, scale, guidelines), place)
            write_text(place / "guidelines.md", guidelines)
    return [out / annotator for annotator in annotators]


def check_names(annotators: Sequence[str]) -> None:
    """Refuse names of annotators that cannot be names of files, and names that stand twice.

    Raises:
        InputError: there is such a name, or none at all.
    """
    if not annotators:
        raise InputError("no annotator given. Expected at least one, such as --annotator ana.")
    for name in annotators:
        if not _NAME.fullmatch(name):
            raise InputError(
                f"annotator {name!r}: expected a name of letters, digits, and . _ @ + -, which "
                "also serves as a file name."
            )
        if sum(name.casefold() == other.casefold() for other in annotators) > 1:
            raise InputError(f"annotator {name!r}: given twice (capitals make no difference).")
