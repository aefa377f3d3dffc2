"""Reading: a path, a folder, a pattern, a hub dataset or the sample as one stream of rows."""

from __future__ import annotations

import difflib
import glob
from collections.abc import Callable, Iterator
from pathlib import Path

from nmixx.corpus.formats import FORMATS, NumberedRow, Row, readable_parquet, suffix_of
from nmixx.corpus.hub import count_hub, read_hub
from nmixx.corpus.lines import open_bytes, readable
from nmixx.errors import DataError
from nmixx.samples import read_sample

__all__ = ["NumberedRow", "Row", "count_rows", "locate", "read_rows"]

SCHEMES: dict[str, Callable[[str], Iterator[NumberedRow]]] = {
    "hf": read_hub,
    "sample": read_sample,
}
"""What may stand before a colon, and the function that reads what follows it."""


def read_rows(path: str) -> Iterator[NumberedRow]:
    """Stream (row number from 1, row) from whatever ``path`` names.

    Args:
        path: a file of a known kind (see :data:`nmixx.corpus.formats.FORMATS`); a folder, whose
            files of known kinds are read in order of their names and numbered on; a pattern such
            as ``news/*.jsonl``; ``hf:OWNER/NAME[:SPLIT][@REVISION]``; or
            ``sample:pairs|documents|benchmark``.

    Raises:
        DataError: at once when there is nothing to read, later when a row is broken; the file and
            the line are named.
    """
    return _chain(locate(path))


def locate(path: str) -> list[str]:
    """List what a path stands for: addresses as they are, folders and patterns as their files.

    Raises:
        DataError: nothing is there, or nothing that can be read.
    """
    if _split_scheme(path) is not None:
        return [path]
    place = Path(path).expanduser()
    if place.is_dir():
        return _known_files(place)
    if place.exists():
        _require_known(place)
        return [str(place)]
    if glob.has_magic(path):
        return _match(path)
    raise _missing(place)


def count_rows(path: str) -> int:
    """Count rows without parsing them where the format allows; blank lines may count.

    Raises:
        DataError: nothing is there, or it cannot be read.
    """
    return sum(_count_one(one) for one in locate(path))


def _chain(paths: list[str]) -> Iterator[NumberedRow]:
    """Stream several files as one, the numbers going on from file to file."""
    offset = 0
    for path in paths:
        number = 0
        for number, row in _read_one(path):
            yield offset + number, row
        if number == 0:
            raise _empty(path)
        offset += number


def _read_one(path: str) -> Iterator[NumberedRow]:
    """Stream one file or address."""
    address = _split_scheme(path)
    if address is not None:
        scheme, rest = address
        return SCHEMES[scheme](rest)
    place = Path(path)
    return FORMATS[_require_known(place)](place)


def _count_one(path: str) -> int:
    """Count the rows of one file or address."""
    address = _split_scheme(path)
    if address is not None:
        scheme, rest = address
        return count_hub(rest) if scheme == "hf" else sum(1 for _ in SCHEMES[scheme](rest))
    place = Path(path)
    suffix = _require_known(place)
    if suffix == ".parquet":
        return _count_parquet(place)
    if suffix.startswith((".jsonl", ".txt", ".tsv")):
        header = 1 if suffix.startswith(".tsv") else 0
        with readable(place), open_bytes(place) as stream:
            return max(0, sum(1 for line in stream if line.strip()) - header)
    return sum(1 for _ in FORMATS[suffix](place))


def _count_parquet(place: Path) -> int:
    """Read the number of rows from a parquet file's footer."""
    import pyarrow.parquet as pq

    with readable_parquet(place):
        return int(pq.read_metadata(place).num_rows)


def _split_scheme(path: str) -> tuple[str, str] | None:
    """Split ``scheme:rest`` when the scheme is a known one."""
    scheme, colon, rest = path.partition(":")
    return (scheme, rest) if colon and scheme in SCHEMES else None


def _known_files(folder: Path) -> list[str]:
    """List a folder's files of known kinds, sorted; hidden ones are left out."""
    files = [
        str(file)
        for file in sorted(folder.iterdir())
        if file.is_file() and suffix_of(file) and not file.name.startswith(".")
    ]
    if not files:
        raise DataError(f"{folder}: a folder without a file of a known kind.\n{_accepted()}")
    return files


def _match(pattern: str) -> list[str]:
    """List the files that a pattern matches, sorted."""
    found = sorted(glob.glob(str(Path(pattern).expanduser()), recursive=True))  # noqa: PTH207 - reads a whole pattern
    files = [path for path in found if Path(path).is_file()]
    if not files:
        raise DataError(
            f"{pattern}: the pattern matches no file.\n"
            "Check the folder and the ending; ** reaches into folders below."
        )
    for path in files:
        _require_known(Path(path))
    return files


def _require_known(place: Path) -> str:
    """Give the file's suffix when it is one that can be read."""
    suffix = suffix_of(place)
    if suffix is None:
        raise DataError(f"{place}: files of this kind are not read.\n{_accepted()}")
    return suffix


def _accepted() -> str:
    """Say what kinds of file are read."""
    return f"Accepted: {', '.join(FORMATS)}."


def _missing(place: Path) -> DataError:
    """Say that a file is missing and which names in its folder come near."""
    if not place.parent.is_dir():
        return DataError(f"{place}: no such file; its folder {place.parent} does not exist either.")
    names = [file.name for file in place.parent.iterdir()]
    near = difflib.get_close_matches(place.name, names, n=3, cutoff=0.5)
    hint = f"\nIn that folder: {', '.join(near)}." if near else ""
    return DataError(f"{place}: no such file.{hint}")


def _empty(path: str) -> DataError:
    """Tell a file without bytes from one without rows."""
    place = Path(path)
    if place.is_file() and place.stat().st_size == 0:
        return DataError(f"{path}: the file is empty.")
    return DataError(f"{path}: holds no rows.")
