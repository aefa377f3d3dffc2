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
    from torch import Tensor

FloatArray = npt.NDArray[np.float32]

BATCH_TOKENS = {"cpu": 2048}
"""Device to the tokens of a batch; on a processor they and what is made of them stay near it."""

_MANY_TOKENS = 32_768
_BATCH_TEXTS = 64  # of a model that reads no tokens
_WAY = "batches by tokens"  # vectors differ in their last bits from those of another way


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
        batch_tokens: int | None = None,
    ) -> None:
        """Wrap a loaded model.

        Args:
            model: the model; it is used as it is and not copied.
            prompt: text put before every input, as the model's card asks.
            precision: ``auto`` takes bfloat16 where the processor has it.
            batch_tokens: tokens encoded at once, padding included; what suits the device by
                default.
        """
        self.model = model
        self._prompt = prompt
        self._device = str(model.device).split(":")[0]
        self._precision = choose_precision(precision, self._device)
        self._batch_tokens = batch_tokens or BATCH_TOKENS.get(self._device, _MANY_TOKENS)
        self._fingerprint = fingerprint(model_fingerprint(model), prompt, self._precision, _WAY)

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
        self.model.eval()
        with torch.inference_mode(), context:
            vectors = self._encode(texts)
            # A norm is no place for a narrow format.
            unit = torch.nn.functional.normalize(vectors.float(), dim=1)
        array: FloatArray = unit.cpu().numpy()
        check_vectors(array, texts)
        return array

    def _encode(self, texts: Sequence[str]) -> Tensor:
        """Give the model's own vectors, shape (texts, dimensions), in batches of like length."""
        from sentence_transformers.base.modules import Transformer

        if isinstance(self.model[0], Transformer):
            return self._encode_by_tokens(texts)
        return self.model.encode(
            list(texts),
            prompt=self._prompt,
            batch_size=_BATCH_TEXTS,
            show_progress_bar=False,
            convert_to_tensor=True,
        )

    def _encode_by_tokens(self, texts: Sequence[str]) -> Tensor:
        """Tokenise all texts, then let batches through the model whose texts are equally long.

        Characters do not tell how long a text is for a model: one of Hangul may be three tokens,
        and three tokens a hundred letters.
        """
        import torch
        from sentence_transformers.util import batch_to_device, truncate_embeddings

        from nmixx.encoding.tokens import batch_by_tokens, tokenize

        usual = self.model.prompts.get(self.model.default_prompt_name or "")
        prompt = usual if self._prompt is None else self._prompt
        tokens = tokenize(self.model, texts, [prompt or ""] * len(texts), None)
        order: list[int] = []
        found: list[Tensor] = []
        for batch in batch_by_tokens(tokens.lengths, self._batch_tokens):
            features = batch_to_device(tokens.pad(batch.tolist()), self.model.device)
            found.append(self.model(features)["sentence_embedding"])
            order += batch.tolist()
        vectors = torch.cat(found)[torch.as_tensor(np.argsort(order), device=self.model.device)]
        return truncate_embeddings(vectors, self.model.truncate_dim)
