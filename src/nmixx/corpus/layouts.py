"""Layouts: which of a file's columns hold what, recognised by name and never by position."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from nmixx.corpus.language import LANGUAGE_COLUMNS
from nmixx.errors import DataError


@dataclass(frozen=True)
class Shape:
    """Two columns that make a pair, and what kind of pair they make by default."""

    anchor: str
    positive: str
    kind: str | None = None


PAIR_SHAPES = (
    Shape("anchor", "positive"),
    Shape("query", "positive", "qa"),
    Shape("query", "pos", "qa"),  # FlagEmbedding: a list of positives
    Shape("question", "answer", "qa"),
)
"""Known pairs of column names, tried in this order, and before two languages such as ko, en."""

PAIR_OPTIONS = ("id", "anchor_lang", "positive_lang", "lang", "kind", "category", "group")
DOCUMENT_OPTIONS = ("id", "lang", "category", "group")
SCORED_OPTIONS = ("lang", "category", "shift")


@dataclass(frozen=True)
class PairLayout:
    """Where a pair's parts stand in the rows of a file."""

    anchor: str
    positive: str
    kind: str | None
    langs: tuple[str, str]
    options: Mapping[str, str]


def find_pair_layout(where: str, names: tuple[str, ...], columns: Mapping[str, str]) -> PairLayout:
    """Find the two columns of a pair and the options beside them.

    Args:
        where: the file and row, for an error.
        names: the row's columns.
        columns: our name to the file's, where they differ.

    Raises:
        DataError: there are no two such columns, or a named one does not exist.
    """
    known = {name for shape in PAIR_SHAPES for name in (shape.anchor, shape.positive)}
    at = _map_columns(where, names, columns, (*sorted(known), *PAIR_OPTIONS))
    shapes = [shape for shape in PAIR_SHAPES if shape.anchor in at and shape.positive in at]
    # What the caller mapped outweighs what the file happens to hold besides.
    shapes.sort(key=lambda shape: -((shape.anchor in columns) + (shape.positive in columns)))
    languages = [
        name for name in names if name in LANGUAGE_COLUMNS and name not in columns.values()
    ]
    if shapes:
        shape = shapes[0]
        anchor, positive = at[shape.anchor], at[shape.positive]
    elif known.isdisjoint(columns) and len(languages) == 2:
        shape = Shape(languages[0], languages[1], "translation")
        anchor, positive = languages
    else:
        many = f" {len(languages)} columns are language codes." if len(languages) > 2 else ""
        wanted = ", ".join(f"{shape.anchor} and {shape.positive}" for shape in PAIR_SHAPES)
        raise DataError(
            f"{where}: no two columns that make a pair.{many} Its columns: {', '.join(names)}.\n"
            f"Recognised: two languages such as ko and en, {wanted}.\n"
            "Or name them: columns: {anchor: …, positive: …}."
        )
    options = {name: at[name] for name in PAIR_OPTIONS if name in at}
    langs = tuple(n if n in LANGUAGE_COLUMNS else "" for n in (anchor, positive))
    return PairLayout(anchor, positive, shape.kind, (langs[0], langs[1]), options)


def single_layout(
    needed: Sequence[str], options: Sequence[str]
) -> Callable[[str, tuple[str, ...], Mapping[str, str]], dict[str, str]]:
    """Make a function that finds columns which have one name each: ours to the file's."""

    def find(where: str, names: tuple[str, ...], columns: Mapping[str, str]) -> dict[str, str]:
        at = _map_columns(where, names, columns, (*needed, *options))
        missing = [name for name in needed if name not in at]
        if missing:
            raise DataError(
                f"{where}: no column {missing[0]!r}. Its columns: {', '.join(names)}.\n"
                f"Name it: columns: {{{missing[0]}: …}}."
            )
        return {name: at[name] for name in (*needed, *options) if name in at}

    return find


def _map_columns(
    where: str, names: tuple[str, ...], columns: Mapping[str, str], ours: Sequence[str]
) -> dict[str, str]:
    """Give our name to the file's for every column of a row, the explicit mapping first."""
    for mine, theirs in columns.items():
        if mine not in ours:
            raise DataError(
                f"columns: {mine!r} is not a column of ours.\nAccepted: {', '.join(ours)}."
            )
        if theirs not in names:
            raise DataError(
                f"{where}: no column {theirs!r} (named for {mine!r}).\n"
                f"Its columns: {', '.join(names)}."
            )
    taken = set(columns.values())
    return {name: name for name in names if name not in taken} | dict(columns)
