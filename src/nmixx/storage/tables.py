"""Records to and from parquet, with the record class as the schema."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar

from nmixx.errors import DataError
from nmixx.records import Record
from nmixx.storage.files import atomic_file

RecordType = TypeVar("RecordType", bound=Record)

_TYPES: Mapping[type, Callable[[Any], bool]] = {
    str: lambda arrow: str(arrow) in {"string", "large_string"},
    float: lambda arrow: str(arrow) in {"double", "float"},
    int: lambda arrow: str(arrow) in {"int64", "int32", "int16", "int8"},
}
"""Arrow types whose cells are values of a record's type as they are."""


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
            empty or wrong cell in one; the row is named.
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
    _require_texts(path, table)
    columns = [_read_column(path, kind, name, table) for name in kind.columns()]
    extra = [name for name in table.column_names if name not in kind.columns()]
    build: Callable[..., RecordType] = kind
    if not extra:
        return [build(*values, extra={}) for values in zip(*columns, strict=True)]
    others = zip(*(table[name].to_pylist() for name in extra), strict=True)
    return [
        build(*values, extra=dict(zip(extra, other, strict=True)))
        for values, other in zip(zip(*columns, strict=True), others, strict=True)
    ]


def _require_texts(path: Path, table: Any) -> None:  # noqa: ANN401 - pyarrow is untyped
    """Refuse bytes in a column of texts that are no UTF-8; the row is named."""
    import pyarrow as pa

    for name in table.column_names:
        try:
            table[name].validate(full=True)
        except pa.ArrowInvalid:
            number = _first_undecodable(table[name])
            raise DataError(f"{path}, row {number}: column {name!r} is not UTF-8 text.") from None


def _first_undecodable(column: Any) -> int:  # noqa: ANN401
    """Number, from 1, the first cell that cannot be read."""
    for number, cell in enumerate(column, 1):
        try:
            cell.as_py()
        except UnicodeDecodeError:
            return number
    return 0


def _read_column(path: Path, kind: type[Record], name: str, table: Any) -> list[Any]:  # noqa: ANN401
    """Read one column of a record, or name the first row that cannot be used.

    Cells are checked a column at a time, in Arrow's own code: one bad row in a million is found
    before a record is built.
    """
    import pyarrow as pa

    python = kind.columns()[name]
    default = next(f.default for f in fields(kind) if f.name == name)
    if name not in table.column_names:
        return [default] * table.num_rows
    column = table[name]
    if name not in kind.optional:
        _refuse(path, name, "is empty", column.is_null())
    if name in kind.filled and pa.types.is_string(column.type):
        _refuse(path, name, "is blank", _is_blank(column))
    values = column.to_pylist()
    if _TYPES[python](column.type):
        return values if not column.null_count else [default if v is None else v for v in values]
    return [
        default if value is None else _convert(path, name, number, value, python)
        for number, value in enumerate(values, 1)
    ]


def _refuse(path: Path, name: str, fault: str, bad: Any) -> None:  # noqa: ANN401
    """Name the first row of those that are bad."""
    import pyarrow.compute as pc

    first = pc.index(bad, True).as_py()
    if first >= 0:
        count = pc.sum(bad).as_py()
        more = f" ({count:,} such rows)" if count > 1 else ""
        raise DataError(f"{path}, row {first + 1}: column {name!r} {fault}{more}.")


def _is_blank(column: Any) -> Any:  # noqa: ANN401
    """Tell for each cell whether it holds nothing but white space."""
    import pyarrow.compute as pc

    return pc.equal(pc.utf8_trim_whitespace(column), "")


def _convert(path: Path, name: str, number: int, value: Any, python: type) -> Any:  # noqa: ANN401
    """Make a cell a value of the record's type, or name the row."""
    try:
        return python(value)
    except (TypeError, ValueError):
        raise DataError(
            f"{path}, row {number}: column {name!r} holds {value!r}; "
            f"a number ({python.__name__}) was expected."
        ) from None


def _schema(kind: type[Record], rows: Sequence[dict[str, Any]]) -> Any:  # noqa: ANN401 - pyarrow is untyped
    """Build the Arrow schema: the record's own columns, then the extra ones as inferred."""
    import pyarrow as pa

    types = {str: pa.string(), float: pa.float64(), int: pa.int64()}
    columns = kind.columns()
    own = [(name, types[python]) for name, python in columns.items()]
    names = dict.fromkeys(name for row in rows for name in row if name not in columns)
    extra = [(name, pa.array([row.get(name) for row in rows]).type) for name in names]
    return pa.schema([*own, *extra])
