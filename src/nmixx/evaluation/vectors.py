"""Every distinct text of a suite encoded once, and looked up by text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from nmixx.encoding import EmbeddingStore, Encoder, FloatArray
from nmixx.progress import track

CHUNK = 1024


class Vectors:
    """The unit vectors of texts under one model."""

    def __init__(
        self, encoder: Encoder, texts: Iterable[str], *, store: Path | None, label: str | None
    ) -> None:
        """Encode texts, shortest first, so that batches carry little padding.

        Args:
            encoder: the model.
            texts: equal ones are encoded once.
            store: a folder that keeps the vectors for a killed run; memory when None.
            label: what the progress bar says; no bar when None.
        """
        distinct = sorted(set(texts), key=lambda text: (len(text), text))
        self._places = {text: place for place, text in enumerate(distinct)}
        self._vectors = (
            _encode(encoder, distinct, label)
            if store is None
            else EmbeddingStore(store, encoder).encode(distinct, label=label or "encoding")
        )

    def __call__(self, texts: Sequence[str]) -> FloatArray:
        """Give the vectors of texts, shape (texts, dimensions)."""
        found: FloatArray = self._vectors[[self._places[text] for text in texts]]
        return found


def _encode(encoder: Encoder, texts: Sequence[str], label: str | None) -> FloatArray:
    """Encode in chunks, so that the bar moves."""
    if label is None:
        return encoder.encode(texts)
    chunks = [texts[at : at + CHUNK] for at in range(0, len(texts), CHUNK)]
    return np.concatenate([encoder.encode(c) for c in track(chunks, label, size=len(texts))])
