"""Texts as token ids, with tokens inserted that no text may lead to, encoded by a model."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from nmixx.encoding import FloatArray
from nmixx.progress import track

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer

Insert = Callable[[list[int], int, int, np.random.Generator], list[int]]
"""Puts a token so many times into a text."""

_BATCH = 256


@dataclass(frozen=True)
class Frame:
    """The special tokens that a tokenizer puts around every text."""

    before: list[int]
    after: list[int]

    @classmethod
    def of(cls, tokenizer: Tokenizer) -> Frame:
        """Read the frame off an encoded letter."""
        encoding = tokenizer.encode("a")
        inner = [place for place, mark in enumerate(encoding.special_tokens_mask) if not mark]
        return cls(encoding.ids[: inner[0]], encoding.ids[inner[-1] + 1 :])


def encode_ids(
    model: SentenceTransformer, frame: Frame, texts: Sequence[list[int]], *, label: str = "encoding"
) -> FloatArray:
    """Encode token ids to unit vectors of shape (texts, dimensions).

    Args:
        model: on the device to work on.
        frame: put around every text.
        texts: ids without special tokens.
        label: of the progress bar.
    """
    import torch

    tokenizer: Any = model.tokenizer
    sequences = [[*frame.before, *ids, *frame.after] for ids in texts]
    # Sequences of one length need no padding.
    order = sorted(range(len(sequences)), key=lambda place: len(sequences[place]))
    vectors: list[Any] = [None] * len(sequences)
    starts = range(0, len(order), _BATCH)
    for start in track(starts, label, size=len(order)):
        places = order[start : start + _BATCH]
        batch = tokenizer.pad({"input_ids": [sequences[p] for p in places]}, return_tensors="pt")
        features = {name: batch[name].to(model.device) for name in ("input_ids", "attention_mask")}
        with torch.inference_mode():
            found = model(features)["sentence_embedding"]
        unit = torch.nn.functional.normalize(found.float(), dim=1).cpu().numpy()
        for place, vector in zip(places, unit, strict=True):
            vectors[place] = vector
    stacked: FloatArray = np.stack(vectors)
    return stacked


def _at_start(ids: list[int], token: int, times: int, _: np.random.Generator) -> list[int]:
    """Insert before the text."""
    return [token] * times + ids


def _at_end(ids: list[int], token: int, times: int, _: np.random.Generator) -> list[int]:
    """Insert behind the text."""
    return ids + [token] * times


def _at_random(ids: list[int], token: int, times: int, chooser: np.random.Generator) -> list[int]:
    """Insert at places drawn at random, one after the other."""
    mixed = list(ids)
    for _ in range(times):
        mixed.insert(int(chooser.integers(len(mixed) + 1)), token)
    return mixed


INSERTIONS: Mapping[str, Insert] = {"start": _at_start, "end": _at_end, "random": _at_random}
"""The three ways of the paper on sticky tokens."""
