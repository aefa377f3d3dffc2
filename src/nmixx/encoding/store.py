"""An embedding store on disk: memory-mapped, resumable in the middle, never stale."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from nmixx.encoding.encoder import Encoder, FloatArray
from nmixx.progress import track
from nmixx.storage import atomic_file, fingerprint

logger = logging.getLogger(__name__)

SHARD_SIZE = 4096


class EmbeddingStore:
    """Keeps embeddings in shards under a folder, keyed by encoder and by content.

    A shard's name is the hash of the encoder's fingerprint and of the shard's texts, so another
    model, prompt, precision or text can never be answered with old vectors, and a run that was
    killed goes on after its last finished shard.
    """

    def __init__(self, folder: Path, encoder: Encoder) -> None:
        """Open a store.

        Args:
            folder: made when it does not exist; several encoders may share it.
            encoder: what encodes texts that are not in the store yet.
        """
        self._folder = folder
        self._encoder = encoder

    def encode(self, texts: Sequence[str], *, label: str = "encoding") -> FloatArray:
        """Give the unit vectors of texts, shape (texts, dimensions), memory-mapped from one file.

        Texts are encoded once each and in order of length, so that batches carry little padding.

        Args:
            texts: any texts; the same one may come more than once.
            label: what the progress bar says.
        """
        if not texts:
            return self._encoder.encode([])
        key = fingerprint(self._encoder.fingerprint, list(texts))
        whole = self._folder / f"{key}.npy"
        if not whole.exists():
            self._write(whole, texts, label)
        vectors: FloatArray = np.load(whole, mmap_mode="r")
        return vectors

    def _write(self, whole: Path, texts: Sequence[str], label: str) -> None:
        """Encode shard by shard, then lay the vectors out in the order asked for."""
        distinct = sorted(set(texts), key=lambda text: (len(text), text))
        place = {text: number for number, text in enumerate(distinct)}
        chunks = [distinct[at : at + SHARD_SIZE] for at in range(0, len(distinct), SHARD_SIZE)]
        paths = [self._shard(chunk) for chunk in track(chunks, label, size=len(distinct))]
        shards = [np.load(path, mmap_mode="r") for path in paths]
        with atomic_file(whole) as temporary:
            out = np.lib.format.open_memmap(
                temporary, mode="w+", dtype=np.float32, shape=(len(texts), shards[0].shape[1])
            )
            for row, text in enumerate(texts):
                shard, at = divmod(place[text], SHARD_SIZE)
                out[row] = shards[shard][at]
            out.flush()
        for path in paths:
            path.unlink(missing_ok=True)

    def _shard(self, texts: Sequence[str]) -> Path:
        """Encode one shard unless it is there already."""
        path = self._folder / f"{fingerprint(self._encoder.fingerprint, list(texts))}.shard.npy"
        if not path.exists():
            vectors = self._encoder.encode(texts)
            with atomic_file(path) as temporary, temporary.open("wb") as stream:
                np.save(stream, vectors)
        return path
