"""Reading rows of vectors that lie in a file, so that memory does not grow with the file.

Pages of a mapping stay with the process once they were touched; what is read plainly does not.
"""

from __future__ import annotations

import mmap
import os
from pathlib import Path

import numpy as np

from nmixx.encoding import FloatArray
from nmixx.mining.rules import IntArray


def read_block(vectors: FloatArray, start: int, stop: int) -> FloatArray:
    """Read the rows from ``start`` to ``stop``, fewer at the end, shape (rows, dimensions)."""
    where = _file_of(vectors)
    if where is None:
        return vectors[start:stop]
    path, offset = where
    count, width = min(stop, len(vectors)) - start, vectors.shape[1]
    offset += start * width * vectors.itemsize
    rows: FloatArray = np.fromfile(path, np.float32, count * width, offset=offset)
    return rows.reshape(count, width)


def read_rows(vectors: FloatArray, rows: IntArray) -> FloatArray:
    """Read single rows in the order given, shape (rows, dimensions)."""
    where = _file_of(vectors)
    if where is None:
        return np.asarray(vectors[rows], dtype=np.float32)
    path, offset = where
    taken: FloatArray = np.empty((len(rows), vectors.shape[1]), dtype=np.float32)
    size = vectors.shape[1] * vectors.itemsize
    with path.open("rb", buffering=0) as stream:
        for at in np.argsort(rows, kind="stable").tolist():
            os.preadv(stream.fileno(), [taken[at]], offset + int(rows[at]) * size)
    return taken


def _file_of(vectors: FloatArray) -> tuple[Path, int] | None:
    """Give the file and the offset behind a mapping of a whole float32 matrix."""
    # A slice of a mapping still names the file, but not where in it it begins.
    base: object = vectors.base
    if not isinstance(vectors, np.memmap) or not isinstance(base, mmap.mmap):
        return None
    if vectors.dtype != np.float32 or not vectors.flags.c_contiguous or not hasattr(os, "preadv"):
        return None
    return Path(str(vectors.filename)), vectors.offset
