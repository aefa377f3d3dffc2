"""Extra columns: a user's own columns, kept beside ours and made fit for one parquet file."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from nmixx.records import Document, Pair

RecordType = TypeVar("RecordType", Document, Pair)

_NUMBERS = frozenset({int, float})
_PLAIN = frozenset({str, int, float, bool})
_LARGEST = 2**63 - 1


def rename_taken(taken: Collection[str], theirs: Mapping[str, Any], own_id: str) -> dict[str, Any]:
    """Give a row's own columns, those whose name is taken as ``own_<name>``; its id always."""
    renamed = {f"own_{name}" if name in taken else name: value for name, value in theirs.items()}
    return {"own_id": own_id} | renamed


def settle_records(records: Sequence[RecordType], groups: Mapping[str, str]) -> list[RecordType]:
    """Set the groups of records and give each extra column one type, as a parquet column has.

    Columns of text, numbers or truth values stay; whatever is mixed or nested becomes JSON text;
    a column without any value goes.
    """
    kinds: dict[str, set[type]] = {}
    for record in records:
        for name, value in record.extra.items():
            kinds.setdefault(name, set()).add(_kind_of(value))
    keep = {name: found - {type(None)} for name, found in kinds.items()}
    settled = []
    for record in records:
        extra = {
            name: _convert(value, keep[name]) for name, value in record.extra.items() if keep[name]
        }
        settled.append(replace(record, group=groups[record.id], extra=extra))
    return settled


def _kind_of(value: Any) -> type:  # noqa: ANN401 - any value of a row
    """Give a value's type; what parquet cannot hold plainly counts as an object."""
    kind = type(value)
    if kind is int and abs(value) > _LARGEST:
        return object
    return kind if kind in _PLAIN or value is None else object


def _convert(value: Any, kinds: set[type]) -> Any:  # noqa: ANN401 - any value of a row
    """Convert a value of a column in which these types occur."""
    if value is None:
        return None
    if kinds == {str}:
        return _encodable(value)
    if len(kinds) == 1 and kinds <= _PLAIN:
        return value
    if kinds == _NUMBERS:
        return float(value)
    if isinstance(value, str):
        return _encodable(value)
    return _encodable(json.dumps(value, ensure_ascii=False, default=str))


def _encodable(text: str) -> str:
    """Replace lone surrogates, which no file can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")
