"""``nmixx triplets filter``: move the threshold, join folders, ask teachers about what is there."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nmixx.cli.output import JsonFlag, show


def filter_triplets(
    folders: Annotated[list[Path], typer.Argument(help="Folders of triplets; several are joined.")],
    out: Annotated[Path, typer.Option(help="A new folder.")],
    min_confidence: Annotated[
        float, typer.Option(min=0, max=1, help="The least that the weakest check may score.")
    ] = 0.5,
    teacher: Annotated[
        list[str] | None,
        typer.Option(help="Ask this model too: a folder, Hub id or package:NAME; may be repeated."),
    ] = None,
    teacher_margin: Annotated[
        float, typer.Option(help="What one teacher must see between positive and negative.")
    ] = 0.0,
    teacher_trivial: Annotated[
        float, typer.Option(help="What no negative may exceed with every teacher.")
    ] = 0.6,
    as_json: JsonFlag = False,
) -> None:
    """Decide again from stored scores: what was dropped can come back, nothing is made again."""
    from nmixx.encoding import SentenceEncoder
    from nmixx.storage import claim_folder
    from nmixx.triplets.confidence import judge_together
    from nmixx.triplets.inspection.terminal import render_counts
    from nmixx.triplets.stored import list_borderline, read_stored, write_stored
    from nmixx.triplets.teachers import TeacherRule

    stored = [read_stored(folder) for folder in folders]
    decided = judge_together(
        [one.kept() for some in stored for one in some.all],
        [row for some in stored for row in some.others],
        threshold=min_confidence,
        teachers={name: SentenceEncoder.load(name) for name in teacher or ()},
        rule=TeacherRule(teacher_margin, teacher_trivial),
    )
    claim_folder(out, "triplets")
    write_stored(decided, out)
    borders = list_borderline(decided, min_confidence)
    result = {
        "out": str(out),
        "kept": len(decided.kept),
        "dropped": len(decided.dropped) + len(decided.others),
        "shifts": {
            border.shift: {
                "kept": border.kept,
                "dropped": border.dropped,
                "near": border.near,
                "nearest": [one.kept().to_row() for one in border.nearest],
            }
            for border in borders
        },
    }
    told = f"\n{len(decided.kept):,} kept: {out}"
    show(result, as_json, render_counts(borders, min_confidence), told)
