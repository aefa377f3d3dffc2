"""Lines of a text file, gzipped or not, with every way to break told apart."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from nmixx.errors import DataError

_HANGUL = re.compile("[가-힣]")
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def open_bytes(path: Path) -> IO[bytes] | gzip.GzipFile:
    """Open a file for reading its bytes, unpacked when its name ends in ``.gz``."""
    if path.name.lower().endswith(".gz"):
        return gzip.open(path)
    return path.open("rb")


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Turn what can go wrong while a file's bytes are read into a :class:`DataError`."""
    try:
        yield
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise DataError(f"{path}: a broken gzip file ({error}).\nFetch or pack it again.") from None
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror or error}).") from None


def read_lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield (line number from 1, line with its line end); a byte order mark is left out.

    Raises:
        DataError: the file cannot be read, is a broken gzip file, or is not UTF-8.
    """
    with readable(path), open_bytes(path) as stream:
        for number, raw in enumerate(stream, start=1):
            try:
                line = raw.decode("utf-8")
            except UnicodeDecodeError as error:
                raise _wrong_encoding(path, number, raw, error) from None
            yield number, line.removeprefix("\ufeff") if number == 1 else line


def read_text(path: Path) -> str:
    """Read a whole file as text; see :func:`read_lines`."""
    return "".join(line for _, line in read_lines(path))


def _wrong_encoding(path: Path, number: int, raw: bytes, error: UnicodeDecodeError) -> DataError:
    """Say which byte is not UTF-8, and how to convert the file when its encoding shows."""
    found = f"{path}:{number}: not UTF-8 (byte 0x{raw[error.start]:02x} at {error.start + 1})."
    encoding = _guess_encoding(raw)
    if encoding is None:
        return DataError(f"{found}\nSave the file as UTF-8 and try again.")
    convert = f"iconv -f {encoding} -t utf-8"
    command = f"{convert} {path.name} > utf8-{path.name}"
    if path.name.lower().endswith(".gz"):
        command = f"gzip -dc {path.name} | {convert} | gzip > utf8-{path.name}"
    return DataError(f"{found}\nIt reads as {encoding}; convert it: {command}")


def _guess_encoding(raw: bytes) -> str | None:
    """Name the encoding of a line that is not UTF-8, or give None."""
    if raw.startswith(_UTF16_MARKS):
        return "utf-16"
    try:
        return "cp949" if _HANGUL.search(raw.decode("cp949")) else None
    except UnicodeDecodeError:
        return None
