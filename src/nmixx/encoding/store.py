"""An embedding store on disk: each text encoded once, resumable in the middle, never stale.

::

    FOLDER/ENCODER/shards/   vectors of at most 4,096 texts each, with the texts' keys
    FOLDER/ENCODER/lists/    the vectors of a list of texts, in its order; may be deleted
"""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from nmixx.encoding.encoder import Encoder, FloatArray, check_vectors
from nmixx.encoding.shards import KeyArray, Shard, hash_texts, name_keys
from nmixx.errors import DataError
from nmixx.progress import track
from nmixx.storage import atomic_file, fingerprint, only_worker

logger = logging.getLogger(__name__)

SHARD_SIZE = 4096

_IntArray = npt.NDArray[np.int64]


class EmbeddingStore:
    """Keeps embeddings under a folder, keyed by encoder and by the content of each text.

    Another model, prompt or precision can never be answered with old vectors, two lists share the
    texts they have in common, and a run that was killed goes on after its last finished shard.
    Processes that use one store at once take turns. Memory does not grow with the number of texts
    but for some hundred bytes each.
    """

    def __init__(self, folder: Path, encoder: Encoder) -> None:
        """Open a store.

        Args:
            folder: made when it does not exist; several encoders may share it.
            encoder: what encodes texts that are not in the store yet.
        """
        self._encoder = encoder
        self._folder = folder / fingerprint(encoder.fingerprint)[:16]
        self._dimensions = 0  # until something tells

    def encode(self, texts: Sequence[str], *, label: str = "encoding") -> FloatArray:
        """Give the unit vectors of texts, shape (texts, dimensions), memory-mapped from one file.

        Texts are encoded once each and in order of length, so that batches carry little padding.

        Args:
            texts: any texts; the same one may come more than once.
            label: what the progress bar says.

        Raises:
            DataError: the store holds vectors of another length than the encoder gives.
            ModelError: the encoder gave vectors that cannot be used.
        """
        none = self._encoder.encode([])
        if not texts:
            return none
        self._expect(none.shape[1])
        keys = hash_texts(texts)
        path = self._folder / "lists" / f"{name_keys(keys)}.npy"
        vectors = _read_list(path)
        if vectors is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            with only_worker(self._folder, wait=True):
                _remove_leftovers(self._folder)
                _write_list(path, self._find(texts, keys, label))
            vectors = np.load(path, mmap_mode="r")
        self._expect(vectors.shape[1])
        return vectors

    def _find(self, texts: Sequence[str], keys: KeyArray, label: str) -> _Places:
        """Find the shard and row of every text, after encoding those that are in none."""
        distinct, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
        places = _locate(distinct, self._read_shards())
        missing = np.flatnonzero(places.shard_of < 0)
        if len(missing):
            self._encode_missing(texts, distinct[missing], first[missing], label)
            places = _locate(distinct, self._read_shards())
        return _Places(places.shards, places.shard_of[inverse], places.row_of[inverse])

    def _encode_missing(
        self, texts: Sequence[str], keys: KeyArray, rows: _IntArray, label: str
    ) -> None:
        """Encode texts shard by shard, the shortest first; ``keys`` and ``rows`` are theirs."""
        lengths = np.fromiter((len(texts[row]) for row in rows), dtype=np.int64, count=len(rows))
        # Keys come sorted: texts of one length always stand in the same order, whatever the list's.
        order = np.argsort(lengths, kind="stable")
        chunks = [order[at : at + SHARD_SIZE] for at in range(0, len(order), SHARD_SIZE)]
        for chunk in track(chunks, label, size=len(order)):
            batch = [texts[row] for row in rows[chunk]]
            vectors = np.asarray(self._encoder.encode(batch), dtype=np.float32)
            check_vectors(vectors, batch)
            self._expect(vectors.shape[1])
            Shard.write(self._folder / "shards", keys[chunk], vectors)

    def _read_shards(self) -> list[Shard]:
        """Read the keys of all shards; a broken one is removed, so that its texts are missing."""
        shards = []
        for path in sorted((self._folder / "shards").glob("*.npy")):
            shard = Shard.read(path)
            if shard is None:
                logger.warning("%s: a broken shard, removed; its texts are encoded again", path)
                path.unlink()
                continue
            self._expect(shard.dimensions)
            shards.append(shard)
        return shards

    def _expect(self, dimensions: int) -> None:
        """Refuse vectors of another length than those met before; 0 is a length not known."""
        known = self._dimensions or dimensions
        if dimensions not in (0, known):
            raise DataError(
                f"{self._folder}: vectors of {known} and of {dimensions} dimensions under one "
                "encoder's fingerprint.\n"
                "The encoder is not the one that filled the store, or changed since; "
                "give another folder, or remove that one."
            )
        self._dimensions = known


@dataclass(frozen=True)
class _Places:
    """Where vectors lie: for each its shard's number, -1 where it is in none, and its row there."""

    shards: Sequence[Shard]
    shard_of: _IntArray
    row_of: _IntArray


def _locate(distinct: KeyArray, shards: Sequence[Shard]) -> _Places:
    """Look sorted keys up in shards."""
    places = _Places(
        shards,
        np.full(len(distinct), -1, dtype=np.int64),
        np.full(len(distinct), -1, dtype=np.int64),
    )
    for number, shard in enumerate(shards):
        at = np.searchsorted(distinct, shard.keys)
        at[at == len(distinct)] = 0
        found = np.flatnonzero(distinct[at] == shard.keys)
        places.shard_of[at[found]] = number
        places.row_of[at[found]] = found
    return places


def _write_list(path: Path, places: _Places) -> None:
    """Lay vectors out in one file, reading each shard once.

    Written and not memory-mapped: a full disk is then an error and not the death of the process,
    and the file's pages do not count as memory.
    """
    dimensions = places.shards[int(places.shard_of[0])].dimensions
    shape = (len(places.shard_of), dimensions)
    order = np.argsort(places.shard_of, kind="stable")
    bounds = np.searchsorted(places.shard_of[order], np.arange(len(places.shards) + 1))
    with atomic_file(path) as temporary, temporary.open("wb") as stream:
        header = {"descr": "<f4", "fortran_order": False, "shape": shape}
        np.lib.format.write_array_header_1_0(stream, header)
        begin, width = stream.tell(), dimensions * np.dtype(np.float32).itemsize
        for shard, (start, end) in zip(places.shards, pairwise(bounds.tolist()), strict=True):
            for at in range(start, end, SHARD_SIZE):
                block = order[at : min(at + SHARD_SIZE, end)]
                vectors = shard.take(places.row_of[block])
                jumps = (np.flatnonzero(np.diff(block) != 1) + 1).tolist()
                for one, other in pairwise((0, *jumps, len(block))):
                    stream.seek(begin + int(block[one]) * width)
                    stream.write(vectors[one:other].data)
        stream.flush()
        os.fsync(stream.fileno())


def _read_list(path: Path) -> FloatArray | None:
    """Map a list's file, or give None when it is not there or was cut short."""
    try:
        vectors: FloatArray = np.load(path, mmap_mode="r")
    except (FileNotFoundError, ValueError, EOFError):
        return None
    return vectors


def _remove_leftovers(folder: Path) -> None:
    """Remove what killed runs left half written; nobody else writes while we work here."""
    for path in folder.rglob(".*.partial.*"):
        path.unlink()
