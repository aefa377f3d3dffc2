"""Tables of the vocabulary commands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

_HEADINGS = ("texts", "tokens/word", "tokens/char", "whole words", "unknown", "bytes", "cut")


def coverage_table(title: str, rows: Mapping[str, Mapping[str, Any]]) -> Table:
    """Lay coverage out, one line a language."""
    table = new_table(title, "language", *_HEADINGS)
    for lang, row in rows.items():
        table.add_row(lang, *_figures(row))
    return table


def models_table(found: Mapping[str, Mapping[str, Any]]) -> Table:
    """Lay several models' coverage out side by side: language by language, then category."""
    timed = any("seconds_per_1000" in row for rows in found.values() for row in rows.values())
    costs = ("tokens/text", "s/1,000 texts") if timed else ("tokens/text",)
    table = new_table("", "language", "category", "model", *_HEADINGS, *costs)
    table.columns[1].justify = table.columns[2].justify = "left"
    langs = dict.fromkeys(lang for rows in found.values() for lang in rows)
    for lang in langs:
        for category, name, row in _lines(found, lang):
            seconds = row.get("seconds_per_1000")
            table.add_row(
                lang,
                category or "all",
                Text(name, overflow="ellipsis"),
                *_figures(row),
                f"{row['tokens_per_text']:.1f}",
                *([f"{seconds:.2f}" if seconds is not None else ""] if timed else []),
                style=None if category else "bold",
            )
    return table


def words_table(worst: Sequence[Mapping[str, Any]]) -> Table:
    """Lay out the words on which most tokens are spent."""
    table = new_table("", "word", "times", "pieces", "tokens", "split into")
    table.columns[4].justify = "left"
    for split in worst:
        table.add_row(
            Text(split["word"]),
            f"{split['count']:,}",
            str(len(split["pieces"])),
            f"{split['cost']:,}",
            Text(" ".join(split["pieces"])),
        )
    return table


def new_table(title: str, *headings: str) -> Table:
    """Begin a table whose first column is text and whose others are figures."""
    table = Table(title=title or None, title_justify="left", box=None, pad_edge=False)
    for place, heading in enumerate(headings):
        table.add_column(heading, justify="right" if place else "left")
    return table


def _lines(
    found: Mapping[str, Mapping[str, Any]], lang: str
) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Give a language's lines: every model on all texts, then on each category if several."""
    categories = dict.fromkeys(
        category for rows in found.values() for category in rows.get(lang, {}).get("by", {})
    )
    for name, rows in found.items():
        if lang in rows:
            yield "", name, rows[lang]
    for category in categories if len(categories) > 1 else ():
        for name, rows in found.items():
            if category in rows.get(lang, {}).get("by", {}):
                yield category, name, rows[lang]["by"][category]


def _figures(row: Mapping[str, Any]) -> list[str]:
    """Write the figures that every coverage has."""
    return [
        f"{row['texts']:,}",
        f"{row['tokens_per_word']:.2f}",
        f"{row['tokens_per_character']:.2f}",
        f"{row['words_whole']:.1%}",
        f"{row['unknown_share']:.2%}",
        f"{row['byte_share']:.2%}",
        f"{row['truncated_share']:.1%}",
    ]
