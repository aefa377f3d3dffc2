"""Shards: files of vectors with the keys of their texts, each whole or absent.

A shard is two arrays in one ``.npy`` file: first the vectors, so that ``numpy.load`` maps them,
then the keys. Its name is the hash of its keys. A file that was cut short lacks keys, and is not
believed.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

from nmixx.encoding.encoder import FloatArray
from nmixx.storage import atomic_file

KEY_BYTES = 16

KeyArray = npt.NDArray[np.bytes_]


def hash_texts(texts: Iterable[str]) -> KeyArray:
    """Give the key of each text, the first 16 bytes of its SHA-256, shape (texts,)."""
    digests = bytearray()
    for text in texts:
        digests += hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:KEY_BYTES]
    return np.frombuffer(digests, dtype=f"S{KEY_BYTES}")


def name_keys(keys: KeyArray) -> str:
    """Hash keys, in their order, into 32 hexadecimal digits."""
    return hashlib.sha256(keys.tobytes()).hexdigest()[:32]


@dataclass(frozen=True)
class Shard:
    """A shard on disk: where it lies, whose vectors it holds and how long they are."""

    path: Path
    keys: KeyArray
    dimensions: int

    @classmethod
    def read(cls, path: Path) -> Self | None:
        """Read a shard's keys, or give None when the file is not a whole shard."""
        try:
            vectors = np.load(path, mmap_mode="r")
            with path.open("rb") as stream:
                stream.seek(vectors.offset + vectors.nbytes)
                keys = np.load(stream)
        except (ValueError, EOFError):
            return None
        if path.stem != name_keys(keys) or vectors.shape[:-1] != keys.shape:
            return None
        return cls(path, keys, vectors.shape[1])

    @classmethod
    def write(cls, folder: Path, keys: KeyArray, vectors: FloatArray) -> Self:
        """Write a shard to a folder.

        Args:
            folder: made when it does not exist.
            keys: of the texts, shape (texts,).
            vectors: of the texts, shape (texts, dimensions).
        """
        path = folder / f"{name_keys(keys)}.npy"
        with atomic_file(path) as temporary, temporary.open("wb") as stream:
            np.save(stream, np.ascontiguousarray(vectors))
            np.save(stream, keys)
            # Without it, a power cut may leave the name and not the bytes.
            stream.flush()
            os.fsync(stream.fileno())
        return cls(path, keys, vectors.shape[1])

    def take(self, rows: npt.NDArray[np.int64]) -> FloatArray:
        """Copy the vectors of some rows, shape (rows, dimensions)."""
        vectors = np.load(self.path, mmap_mode="r")
        taken: FloatArray = np.asarray(vectors[rows])
        return taken
