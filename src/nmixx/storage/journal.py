"""An append-only journal: what was finished stays finished, whenever the process dies."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from nmixx.errors import DataError, StageError


class Journal(Mapping[str, Any]):
    """A file of lines ``{"key": ..., "value": ...}``; the last value of a key counts.

    Only one process may have it open (see :func:`nmixx.storage.only_worker`). A value may well say
    that something was tried and gave nothing.
    """

    def __init__(self, path: Path) -> None:
        """Open a journal, made when it does not exist; a last line that was cut short is cut off.

        Raises:
            DataError: a line before the last is no line of a journal; it is named.
            StageError: the file cannot be opened for writing.
        """
        self._path = path
        self._values, whole = _read(path)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._stream = path.open("ab")
            self._stream.truncate(whole)
            _sync_folder(path.parent)
        except OSError as error:
            raise StageError(f"{path}: cannot be written ({error.strerror}).") from None

    def append(self, key: str, value: Any, *, durable: bool = True) -> None:  # noqa: ANN401 - any JSON value
        """Write a key's value down.

        Args:
            key: of the unit of work.
            value: any JSON value.
            durable: come back only when the line is on the disk. Otherwise it outlives the process
                at once, and the machine from the next :meth:`sync` on.

        Raises:
            StageError: the disk is full or gone; the journal holds what it held before.
        """
        line = json.dumps({"key": key, "value": value}, ensure_ascii=False, separators=(",", ":"))
        before = self._stream.tell()
        try:
            self._stream.write(line.encode("utf-8", "surrogatepass") + b"\n")
            self._stream.flush()
            if durable:
                os.fsync(self._stream.fileno())
        except OSError as error:
            self._undo(before)
            raise self._full(error) from None
        self._values[key] = value

    def sync(self) -> None:
        """Come back when every line is on the disk; may be called from another thread.

        Raises:
            StageError: the disk is full or gone.
        """
        try:
            os.fsync(self._stream.fileno())
        except OSError as error:
            raise self._full(error) from None

    def close(self) -> None:
        """Close the file."""
        self._stream.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __getitem__(self, key: str) -> Any:  # noqa: ANN401 - any JSON value
        return self._values[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def _full(self, error: OSError) -> StageError:
        """Say that the disk takes no more."""
        return StageError(
            f"{self._path}: cannot be written ({error.strerror}).\n"
            "What it holds is kept; the same command goes on from there."
        )

    def _undo(self, length: int) -> None:
        """Cut off what was half written, so that the next line does not grow onto it."""
        # What the stream still holds must not reach the file when it is closed.
        os.ftruncate(self._stream.fileno(), length)
        raw = self._stream.detach()
        raw.close()
        self._stream = self._path.open("ab")


def read_journal(path: Path) -> dict[str, Any]:
    """Read the last value of each key without opening the journal for writing.

    Raises:
        DataError: a line before the last is no line of a journal; it is named.
    """
    return _read(path)[0]


def _read(path: Path) -> tuple[dict[str, Any], int]:
    """Read a journal's values, and the number of bytes that hold whole lines."""
    if not path.exists():
        return {}, 0
    values: dict[str, Any] = {}
    whole = 0
    with path.open("rb") as stream:
        for number, line in enumerate(stream, start=1):
            if not line.endswith(b"\n"):
                break
            try:
                entry = json.loads(line.decode("utf-8", "surrogatepass"))
                values[entry["key"]] = entry["value"]
            except (ValueError, KeyError, TypeError):
                raise DataError(
                    f"{path}, line {number}: not a line of a journal; something else wrote there.\n"
                    "Remove that line, or give another folder."
                ) from None
            whole += len(line)
    return values, whole


def _sync_folder(folder: Path) -> None:
    """Make a new file's name outlive the machine."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
