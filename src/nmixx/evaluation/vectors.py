"""Every distinct text of a suite encoded once, and looked up by text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nmixx.encoding import EmbeddingStore, Encoder, FloatArray
from nmixx.encoding.encoder import check_vectors
from nmixx.evaluation.tasks import Role
from nmixx.progress import track
from nmixx.storage import fingerprint

CHUNK = 1024


class Vectors:
    """The unit vectors of texts under one model; a :class:`~nmixx.evaluation.tasks.Lookup`."""

    def __init__(
        self, encoder: Encoder, texts: Iterable[str], *, store: Path | None, label: str | None
    ) -> None:
        """Encode texts, shortest first, so that batches carry little padding.

        Args:
            encoder: the model.
            texts: equal ones are encoded once; others may be asked for later.
            store: a folder that keeps the vectors for a killed run; memory when None.
            label: what the progress bar says; no bar when None.

        Raises:
            ModelError: the encoder gave a vector that cannot be used; its text is shown.
        """
        self._encoder, self._store, self._label = encoder, store, label
        self._places: dict[str, tuple[int, int]] = {}
        self._blocks: list[FloatArray] = []
        self._add(texts)

    def __call__(self, texts: Sequence[str], role: Role = "", /) -> FloatArray:
        """Give the vectors of texts, shape (texts, dimensions); new ones are encoded first."""
        self._add(text for text in texts if text not in self._places)
        places = [self._places[text] for text in texts]
        blocks, rows = (np.array(column, dtype=np.int64) for column in zip(*places, strict=True))
        first = self._blocks[blocks[0]]
        if (blocks == blocks[0]).all():
            whole: FloatArray = first[rows]
            return whole
        found: FloatArray = np.empty((len(texts), first.shape[1]), dtype=np.float32)
        for number in np.unique(blocks):
            found[blocks == number] = self._blocks[number][rows[blocks == number]]
        return found

    def _add(self, texts: Iterable[str]) -> None:
        """Encode texts that are not there yet."""
        distinct = sorted(set(texts) - self._places.keys(), key=lambda text: (len(text), text))
        if not distinct:
            return
        vectors = (
            _encode(self._encoder, distinct, self._label)
            if self._store is None
            else EmbeddingStore(self._store, self._encoder).encode(
                distinct, label=self._label or "encoding"
            )
        )
        block = len(self._blocks)
        self._places |= {text: (block, row) for row, text in enumerate(distinct)}
        self._blocks.append(vectors)


@dataclass(frozen=True)
class PromptedEncoder:
    """One model under several prompts: the usual one, one before queries, one before documents."""

    usual: Encoder
    query: Encoder
    document: Encoder

    @property
    def fingerprint(self) -> str:
        """Hash of the model and all its prompts."""
        return fingerprint(*(each.fingerprint for each in (self.usual, self.query, self.document)))

    def encode(self, texts: Sequence[str]) -> FloatArray:
        """Encode texts under the usual prompt, shape (texts, dimensions)."""
        return self.usual.encode(texts)


class PromptedVectors:
    """The vectors of texts under the prompts of their roles; encoded when they are asked for."""

    def __init__(self, encoder: PromptedEncoder, *, store: Path | None, label: str) -> None:
        """Prepare a look-up for each role."""
        encoders = {"": encoder.usual, "query": encoder.query, "document": encoder.document}
        self._vectors = {
            role: Vectors(each, (), store=store, label=label) for role, each in encoders.items()
        }

    def __call__(self, texts: Sequence[str], role: Role = "", /) -> FloatArray:
        """Give the vectors of texts in a role, shape (texts, dimensions)."""
        return self._vectors[role](texts)


def open_vectors(
    encoder: Encoder, texts: Iterable[str], *, store: Path | None, label: str
) -> Vectors | PromptedVectors:
    """Encode texts once each; those of a model with several prompts when they are asked for."""
    if isinstance(encoder, PromptedEncoder):
        return PromptedVectors(encoder, store=store, label=label)
    return Vectors(encoder, texts, store=store, label=label)


def _encode(encoder: Encoder, texts: Sequence[str], label: str | None) -> FloatArray:
    """Encode in chunks, so that the bar moves."""
    chunks = [texts[at : at + CHUNK] for at in range(0, len(texts), CHUNK)]
    vectors = []
    for chunk in chunks if label is None else track(chunks, label, size=len(texts)):
        some = np.asarray(encoder.encode(chunk), dtype=np.float32)
        check_vectors(some, chunk)
        vectors.append(some)
    return np.concatenate(vectors)
