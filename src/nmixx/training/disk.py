"""A disk that fills up while a step writes: said in words, with what is left to go on from."""

from __future__ import annotations

import contextlib
import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nmixx.errors import NmixxError, StageError
from nmixx.training.checkpoints import whole_checkpoints

_FULL_BYTES = 1_000_000
_FULL_WORDS = ("no space left on device", "disk quota exceeded")


@contextmanager
def explaining_full_disk(folder: Path, name: str) -> Iterator[None]:
    """Say in words that the disk is full, and what is left to go on from.

    Args:
        folder: of the step's checkpoints.
        name: the step's.

    Raises:
        StageError: writing failed because the disk is full.
    """
    try:
        yield
    except NmixxError:
        raise
    except Exception as error:
        if not _is_full(error, folder):
            raise
        remove_leftovers(folder)
        whole = whole_checkpoints(folder)
        left = (
            f"{whole[-1].name} stands and the same command goes on from it"
            if whole
            else "no checkpoint had been written; the same command begins the step again"
        )
        raise StageError(
            f"training step {name!r}: the disk that holds {folder} is full.\n"
            f"Make room there; {left}."
        ) from error


def remove_leftovers(folder: Path) -> None:
    """Remove checkpoints that were cut short."""
    whole = whole_checkpoints(folder)
    for place in folder.glob("checkpoint-*"):
        if place not in whole:
            with contextlib.suppress(OSError):
                shutil.rmtree(place)


def _is_full(error: Exception, folder: Path) -> bool:
    """Tell whether an error comes from a full disk; libraries wrap it in types of their own."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return True
    if any(words in str(error).lower() for words in _FULL_WORDS):
        return True
    # torch's own archive writer does not say why it could not write; what it wrote is still there.
    near = next(place for place in (folder, *folder.parents) if place.exists())
    return isinstance(error, RuntimeError) and shutil.disk_usage(near).free < _FULL_BYTES
