"""Output folders: each belongs to one kind of work, and is never shared by accident."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nmixx.errors import OutputError
from nmixx.storage.files import read_json, write_json

logger = logging.getLogger(__name__)

OWNER_NAME = "nmixx.json"


def claim_folder(folder: Path, owner: str) -> None:
    """Make ``folder`` the place of ``owner``, or go on in it when it already is.

    Args:
        folder: made when it does not exist.
        owner: what may write here, for example ``run of quickstart`` or ``mine``.

    Raises:
        OutputError: it is a file, holds somebody else's files, or another owner's work.
    """
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"{folder}: is a file; a folder was expected. Give another --out.")
    mark = folder / OWNER_NAME
    if mark.exists():
        held = read_json(mark)
        holder = held.get("owner") if isinstance(held, dict) else None
        if holder != owner:
            raise OutputError(
                f"{folder}: holds the {holder or 'work of another tool'}; this is the {owner}.\n"
                "Nothing was written. Give another --out, or remove that folder first."
            )
        return
    if folder.exists() and any(folder.iterdir()):
        raise OutputError(
            f"{folder}: is not empty and was not made by nmixx. Nothing was written.\n"
            "Give a new folder with --out."
        )
    folder.mkdir(parents=True, exist_ok=True)
    write_json(mark, {"owner": owner})


def require_absent(path: Path, what: str) -> None:
    """Refuse to write what stands there already.

    Args:
        path: the first file or folder that would be written.
        what: it is, for the error: ``a grown model``.

    Raises:
        OutputError: it exists.
    """
    if path.exists():
        raise OutputError(
            f"{path.parent}: holds {what} already. Nothing was written. Give another --out."
        )


@contextmanager
def only_worker(folder: Path, *, wait: bool = False) -> Iterator[None]:
    """Keep other processes from working in a folder while the block runs.

    The lock dies with its process, so a killed run never locks anybody out.

    Args:
        folder: an existing one.
        wait: wait until nobody else works there, instead of giving up.

    Raises:
        OutputError: another process is working there, and we do not wait.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(folder / ".lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        if not wait:
            raise OutputError(
                f"{folder}: another nmixx process is working there. Nothing was written.\n"
                "Wait for it to end, or give another --out."
            ) from None
        logger.warning("%s: another process is working there; waiting for it", folder)
        lock.acquire()
    try:
        yield
    finally:
        lock.release()
