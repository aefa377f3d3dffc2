"""The picture of a coverage report: tokens a word by language and model, and the words split worst.

Beside the page of a run, which shows one model before and after.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nmixx.report.charts import Chart, Row, draw, dumbbell_chart
from nmixx.report.words import figure, fit
from nmixx.storage import atomic_file, write_text

_WORDS = 12
_NOTE = 34


def chart_models(found: Mapping[str, Mapping[str, Any]]) -> Chart:
    """Show tokens a word: a line for each language and model."""
    langs = dict.fromkeys(lang for rows in found.values() for lang in rows)
    rows = [
        Row(
            f"{lang} · {shorten_name(name)}",
            f"{found[name][lang]['words_whole']:.0%} of words whole",
            float(found[name][lang]["tokens_per_word"]),
            change=figure(float(found[name][lang]["tokens_per_word"]), 2),
        )
        for lang in langs
        for name in found
        if lang in found[name]
    ]
    told = "; ".join(f"{row.label} {row.change}" for row in rows)
    return dumbbell_chart("tokens", rows, "tokens a word", alt=f"Tokens a word: {told}.", zero=True)


def chart_words(found: Mapping[str, Mapping[str, Any]]) -> Chart | None:
    """Show the words that cost the first model most, in the language that it splits most.

    A second dot shows the pieces of the last model, where there are several models.
    """
    reports = list(found.values())
    first, last = reports[0], reports[-1]
    lang = max(first, key=lambda lang: first[lang]["tokens_per_word"], default=None)
    if lang is None or not first[lang]["worst"]:
        return None
    after = last.get(lang, {}).get("pieces", {})
    rows = []
    for split in first[lang]["worst"][:_WORDS]:
        pieces = len(split["pieces"])
        now = after.get(split["word"])
        rows.append(
            Row(
                split["word"],
                fit(f"{split['count']:,} × {' '.join(split['pieces'])}", _NOTE),
                float(pieces if now is None else now),
                None if now is None else float(pieces),
                change=str(pieces) if now is None else f"{pieces} → {now}",
            )
        )
    told = "; ".join(f"{row.label} {row.change}" for row in rows)
    axis = f"tokens of the words that cost most, {lang}"
    return dumbbell_chart("words", rows, axis, alt=f"{axis}: {told}.", zero=True)


def draw_coverage(found: Mapping[str, Mapping[str, Any]], folder: Path) -> list[Path]:
    """Write the pictures as SVG and PNG into a folder.

    Args:
        found: what :func:`nmixx.vocabulary.reporting.reports.report_model` gave, by model.
        folder: an existing one.
    """
    written = []
    for chart in (chart_models(found), chart_words(found)):
        if chart is None:
            continue
        picture = draw(chart)
        svg, png = (folder / f"{picture.name}.{kind}" for kind in ("svg", "png"))
        write_text(svg, picture.file)
        with atomic_file(png) as temporary:
            temporary.write_bytes(picture.png)
        written += [svg, png]
    return written


def shorten_name(name: str) -> str:
    """Give the end of a model's name that tells it from others."""
    parts = name.removeprefix("package:").rstrip("/").split("/")
    return parts[-2] if parts[-1] == "model" and len(parts) > 1 else parts[-1]
