"""Constraints that a person may set, such as ``same:category``, turned into rules of a search."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from nmixx.errors import DataError, RecipeError
from nmixx.mining.pool import Pool
from nmixx.mining.rules import MISSING, RELATIONS, IntArray, Rule, Rules
from nmixx.records import Document, Pair, Record

EXPECTED = "same:COLUMN, other:COLUMN or within:COLUMN:N (numbers, or days of ISO dates)"


def build_rules(pool: Pool, constraints: Iterable[str], *, positive_language: bool) -> Rules:
    """Turn groups and constraints into rules.

    Always forbidden is what shares a query's group: itself, its positives, their translations and
    paraphrases, and anything equal to one of them after normalisation.

    Args:
        pool: queries and documents.
        constraints: of the forms in :data:`EXPECTED`.
        positive_language: keep to documents in the language of the query's positive.

    Raises:
        RecipeError: a constraint has another form.
        DataError: no pair or no document has the column, or its values are no numbers or dates.
    """
    firsts = [pairs[0] for pairs in pool.pairs]
    rules = [_rule("other", _column(firsts, "group"), _column(pool.documents, "group"))]
    if positive_language:
        wanted = [pair.positive_lang for pair in firsts]
        rules.append(_rule("same", wanted, _column(pool.documents, "lang")))
    rules += [_constraint(text, firsts, pool.documents) for text in constraints]
    return Rules(tuple(rules))


def language_rule(pool: Pool, *, own: bool) -> Rule:
    """Keep to documents in the query's own language, or to those in any other."""
    langs = [query.lang for query in pool.queries]
    return _rule("same" if own else "other", langs, _column(pool.documents, "lang"))


def _constraint(text: str, pairs: Sequence[Pair], documents: Sequence[Document]) -> Rule:
    """Turn one constraint into a rule."""
    relation, _, rest = text.partition(":")
    column, _, width = rest.partition(":")
    well_formed = bool(column) and (width.isdecimal() if relation == "within" else not width)
    if relation not in RELATIONS or not well_formed:
        raise RecipeError(f"constraint {text!r}: not understood.\nExpected {EXPECTED}.")
    ours, theirs = _column(pairs, column), _column(documents, column)
    for kind, records, values in (("pair", pairs, ours), ("document", documents, theirs)):
        # A constraint that one side knows nothing of would forbid nothing, without a word.
        if all(value is None for value in values):
            names = ", ".join(sorted(_names(records)))
            raise DataError(
                f"constraint {text!r}: no {kind} has a value in a column {column!r}.\n"
                f"Columns of the {kind}s: {names}."
            )
    if relation == "within":
        return Rule("within", _measure(ours, text), _measure(theirs, text), int(width))
    return _rule(relation, ours, theirs)


def _rule(relation: Any, queries: Sequence[Any], documents: Sequence[Any]) -> Rule:  # noqa: ANN401
    """Number the values and state what must hold between them."""
    numbers: dict[str, int] = {}

    def code(values: Sequence[Any]) -> IntArray:
        return np.array(
            [
                MISSING if value is None else numbers.setdefault(str(value), len(numbers))
                for value in values
            ],
            dtype=np.int64,
        )

    return Rule(relation, code(queries), code(documents))


def _column(records: Sequence[Record], name: str) -> list[Any]:
    """Read a column of records, their own or one that came with them; None where there is none."""
    own = records and name in type(records[0]).columns()
    if own:
        return [getattr(record, name) or None for record in records]
    extras: list[Mapping[str, Any]] = [getattr(record, "extra", {}) for record in records]
    values = [extra.get(name) for extra in extras]
    # A cell left blank, and what data frames write for one.
    return [None if value == "" or value != value else value for value in values]


def _names(records: Sequence[Record]) -> set[str]:
    """List the columns that records have."""
    return {name for record in records for name in record.to_row()}


def _measure(values: Sequence[Any], constraint: str) -> IntArray:
    """Turn numbers and ISO dates into whole numbers, dates into days."""
    return np.array([_whole(value, constraint) for value in values], dtype=np.int64)


def _whole(value: Any, constraint: str) -> int:  # noqa: ANN401 - a cell of any type
    """Turn one value into a whole number."""
    if value is None:
        return int(MISSING)
    try:
        if isinstance(value, int | float):
            return round(value)
        return datetime.date.fromisoformat(str(value)[:10]).toordinal()
    except (ValueError, OverflowError):
        raise DataError(
            f"constraint {constraint!r}: {value!r} is neither a number nor a date.\n"
            "Expected numbers, or dates such as 2026-11-20."
        ) from None
