"""The encoder protocol, and the encoder that wraps a Sentence Transformers model."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

from nmixx.encoding.models import load_model, model_fingerprint
from nmixx.encoding.precision import Precision, choose_device, choose_precision, torch_dtype
from nmixx.errors import ModelError
from nmixx.storage import fingerprint

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

FloatArray = npt.NDArray[np.float32]


class Encoder(Protocol):
    """Anything that turns texts into unit vectors."""

    @property
    def fingerprint(self) -> str:
        """Hash of everything that changes the vectors."""
        ...

    def encode(self, texts: Sequence[str]) -> FloatArray:
        """Encode texts to an array of shape (texts, dimensions) with rows of length one.

        No texts give an array of shape (0, dimensions).
        """
        ...


def check_vectors(vectors: FloatArray, texts: Sequence[str]) -> None:
    """Refuse vectors that have no direction, or are not one a text.

    Args:
        vectors: what an encoder gave, shape (texts, dimensions).
        texts: what it was given.

    Raises:
        ModelError: there is another number of vectors, or one is not finite or only zeros; the
            first such text is shown.
    """
    if vectors.ndim != 2 or len(vectors) != len(texts):
        raise ModelError(
            f"the model gave an array of shape {vectors.shape} for {len(texts)} texts.\n"
            "One row a text was expected."
        )
    for fault, broken, advice in (
        ("NaN or infinity", ~np.isfinite(vectors).all(axis=1), "Try --set precision=float32, or"),
        ("nothing but zeros", ~vectors.any(axis=1), "Leave such texts out, or try"),
    ):
        if broken.any():
            raise ModelError(
                f"the model gave a vector with {fault} for {broken.sum()} of {len(texts)} texts, "
                f"first for {texts[int(broken.argmax())][:80]!r}.\n{advice} another model."
            )


class SentenceEncoder:
    """Encodes with a Sentence Transformers model, one prompt, one precision."""

    def __init__(
        self,
        model: SentenceTransformer,
        *,
        prompt: str | None = None,
        precision: Precision = "float32",
        batch_size: int = 64,
    ) -> None:
        """Wrap a loaded model.

        Args:
            model: the model; it is used as it is and not copied.
            prompt: text put before every input, as the model's card asks.
            precision: ``auto`` takes bfloat16 where the processor has it.
            batch_size: texts encoded at once.
        """
        self.model = model
        self._prompt = prompt
        self._device = str(model.device).split(":")[0]
        self._precision = choose_precision(precision, self._device)
        self._batch_size = batch_size
        self._fingerprint = fingerprint(model_fingerprint(model), prompt, self._precision)

    @classmethod
    def load(
        cls, name: str, *, prompt: str | None = None, precision: Precision = "float32"
    ) -> SentenceEncoder:
        """Load a model by name and wrap it; see :func:`nmixx.encoding.load_model`."""
        return cls(load_model(name, device=choose_device()), prompt=prompt, precision=precision)

    @property
    def fingerprint(self) -> str:
        """Hash of weights, tokenizer, pooling, prompt, maximum length and precision."""
        return self._fingerprint

    def encode(self, texts: Sequence[str]) -> FloatArray:
        """Encode texts to unit vectors of shape (texts, dimensions).

        Raises:
            ModelError: the model gave a vector that is not finite or only zeros; the text is shown.
        """
        import torch

        if not texts:
            return np.empty((0, self.model.get_embedding_dimension() or 0), dtype=np.float32)
        narrow = self._precision != "float32"
        context = (
            torch.autocast(self._device, dtype=torch_dtype(self._precision))
            if narrow
            else contextlib.nullcontext()
        )
        with torch.inference_mode(), context:
            vectors = self.model.encode(
                list(texts),
                prompt=self._prompt,
                batch_size=self._batch_size,
                show_progress_bar=False,
                convert_to_tensor=True,
                normalize_embeddings=True,
            )
        array: FloatArray = vectors.float().cpu().numpy()
        check_vectors(array, texts)
        return array
