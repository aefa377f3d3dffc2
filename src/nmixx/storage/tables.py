"""Records to and from parquet, with the record class as the schema."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from nmixx.errors import DataError
from nmixx.records import Record
from nmixx.storage.files import atomic_file

RecordType = TypeVar("RecordType", bound=Record)


def write_records(path: Path, kind: type[RecordType], records: Iterable[RecordType]) -> int:
    """Write records to a parquet file atomically and return how many there were.

    The same records give the same bytes. An empty file still has the record's columns.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = [record.to_row() for record in records]
    schema = _schema(kind, rows)
    table = pa.table({name: [row.get(name) for row in rows] for name in schema.names}, schema)
    with atomic_file(path) as temporary:
        pq.write_table(table, temporary, compression="zstd")
    return len(rows)


def read_records(path: Path, kind: type[RecordType]) -> list[RecordType]:
    """Read a parquet file of records.

    Raises:
        DataError: the file is missing, is not parquet, lacks a column of the record, or has an
            empty or wrong cell in one.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(path)
    except FileNotFoundError:
        raise DataError(f"{path}: no such file.") from None
    except pa.ArrowInvalid as error:
        raise DataError(f"{path}: not a parquet file ({error}).") from None
    required = kind.columns().keys() - kind.optional
    missing = sorted(required - set(table.column_names))
    if missing:
        raise DataError(
            f"{path}: no column {missing[0]!r} for a {kind.__name__.lower()}.\n"
            f"Its columns: {', '.join(table.column_names)}."
        )
    return [_read_row(path, kind, number, row) for number, row in enumerate(table.to_pylist(), 1)]


def _read_row(path: Path, kind: type[RecordType], number: int, row: dict[str, Any]) -> RecordType:
    """Build one record, or name the row and column that cannot be used."""
    for name, python in kind.columns().items():
        value = row.get(name)
        if value is None and name not in kind.optional:
            raise DataError(f"{path}, row {number}: column {name!r} is empty.")
        if value is not None and python is not str and not _converts(value, python):
            raise DataError(
                f"{path}, row {number}: column {name!r} holds {value!r}; "
                f"a number ({python.__name__}) was expected."
            )
    return kind.from_row(row)


def _converts(value: Any, python: type) -> bool:  # noqa: ANN401 - any cell
    """Tell whether a cell can be made a value of a type."""
    try:
        python(value)
    except (TypeError, ValueError):
        return False
    return True


def _schema(kind: type[Record], rows: Sequence[dict[str, Any]]) -> Any:  # noqa: ANN401 - pyarrow is untyped
    """Build the Arrow schema: the record's own columns, then the extra ones as inferred."""
    import pyarrow as pa

    types = {str: pa.string(), float: pa.float64(), int: pa.int64()}
    columns = kind.columns()
    own = [(name, types[python]) for name, python in columns.items()]
    names = dict.fromkeys(name for row in rows for name in row if name not in columns)
    extra = [(name, pa.array([row.get(name) for row in rows]).type) for name in names]
    return pa.schema([*own, *extra])
