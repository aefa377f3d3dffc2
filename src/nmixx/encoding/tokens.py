"""Texts as numbers of tokens: tokenised once, put into batches by length, padded when needed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

IntArray = npt.NDArray[np.int64]

_AT_ONCE = 1024
"""Texts tokenised in one call."""


@dataclass(frozen=True)
class Tokens:
    """Tokenised texts, end to end.

    Attributes:
        values: what the tokenizer gives a token, such as ``input_ids``, all texts in one array.
        starts: where each text begins in them, shape (texts + 1,).
        prompts: how many tokens of each text are its prompt's and not pooled, shape (texts,).
        pads: what each of ``values`` is padded with.
        left: whether texts are padded on their left.
        constants: what the tokenizer says of all texts alike.
    """

    values: Mapping[str, npt.NDArray[np.int32]]
    starts: IntArray
    prompts: IntArray
    pads: Mapping[str, int]
    left: bool
    constants: Mapping[str, Any]

    @property
    def lengths(self) -> IntArray:
        """Count each text's tokens, shape (texts,)."""
        return np.diff(self.starts)

    def pad(self, numbers: Sequence[int]) -> dict[str, Any]:
        """Give some texts as a model's input, padded to the longest of them.

        Args:
            numbers: of texts, all with as many tokens of prompt.
        """
        lengths = self.lengths[list(numbers)]
        width = max(1, int(lengths.max()))  # a text may have no tokens at all
        shape = (len(numbers), width)
        mask = np.zeros(shape, dtype=np.int64)
        filled = {key: np.full(shape, pad, dtype=np.int64) for key, pad in self.pads.items()}
        for row, (number, length) in enumerate(zip(numbers, lengths, strict=True)):
            at = slice(width - length, width) if self.left else slice(0, length)
            mask[row, at] = 1
            for key, values in self.values.items():
                filled[key][row, at] = values[self.starts[number] : self.starts[number + 1]]
        features: dict[str, Any] = {key: torch.from_numpy(array) for key, array in filled.items()}
        prompt = int(self.prompts[numbers[0]])
        extra = {"prompt_length": prompt} if prompt else {}
        return features | {"attention_mask": torch.from_numpy(mask)} | dict(self.constants) | extra


def tokenize(
    model: SentenceTransformer,
    texts: Sequence[str],
    prompts: Sequence[str],
    max_length: int | None,
) -> Tokens:
    """Tokenise texts just as the model does when it encodes them.

    Args:
        model: whose own preprocessing is used.
        texts: any texts.
        prompts: put before each text; empty for none.
        max_length: tokens read of a text; what the model's own preprocessing says when None.
    """
    skips_prompt = any(getattr(part, "include_prompt", True) is False for part in model.children())
    order = sorted(range(len(texts)), key=lambda at: (prompts[at], len(texts[at])))
    pieces: list[Mapping[str, npt.NDArray[np.int32]]] = [{}] * len(texts)
    skipped = np.zeros(len(texts), dtype=np.int64)
    constants: dict[str, Any] = {}
    limit: dict[str, Any] = {} if max_length is None else {"max_length": max_length}
    for batch in _batches(order, prompts):
        features = model.preprocess(
            [texts[at] for at in batch], prompt=prompts[batch[0]] or None, **limit
        )
        prompt_length = features.pop("prompt_length", 0)
        mask = features.pop("attention_mask").bool()
        tensors = {key: value for key, value in features.items() if isinstance(value, Tensor)}
        constants = {key: value for key, value in features.items() if key not in tensors}
        kept = {key: value[mask].numpy().astype(np.int32) for key, value in tensors.items()}
        ends = np.cumsum(mask.sum(dim=1).numpy())
        for at, start, end in zip(batch, [0, *ends[:-1]], ends, strict=True):
            pieces[at] = {key: value[start:end] for key, value in kept.items()}
        if skips_prompt:
            skipped[batch] = int(prompt_length or 0)
    keys = list(pieces[0]) if pieces else []
    lengths = [len(next(iter(piece.values()))) for piece in pieces]
    return Tokens(
        values={key: np.concatenate([piece[key] for piece in pieces]) for key in keys},
        starts=np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)]),
        prompts=skipped,
        pads={key: _padding(model.tokenizer, key) for key in keys},
        left=getattr(model.tokenizer, "padding_side", "right") == "left",
        constants=constants,
    )


def batch_by_tokens(lengths: IntArray, budget: int) -> Iterator[IntArray]:
    """Cut texts into batches of like length, the longest first.

    Args:
        lengths: tokens of each text, shape (texts,).
        budget: tokens of a batch, padding included; a text that is longer makes a batch alone.

    Yields:
        Numbers of texts; each text stands in one batch.
    """
    order = np.argsort(-lengths, kind="stable")
    start = 0
    while start < len(order):
        end = start + max(1, budget // max(1, int(lengths[order[start]])))
        yield order[start:end]
        start = end


def _batches(order: Sequence[int], prompts: Sequence[str]) -> Iterator[list[int]]:
    """Cut an order into batches of one prompt each."""
    batch: list[int] = []
    for at in order:
        if batch and (len(batch) == _AT_ONCE or prompts[at] != prompts[batch[0]]):
            yield batch
            batch = []
        batch.append(at)
    if batch:
        yield batch


def _padding(tokenizer: Any, key: str) -> int:  # noqa: ANN401 - tokenizers differ
    """Give what a tokenizer pads an input with."""
    names = {"input_ids": "pad_token_id", "token_type_ids": "pad_token_type_id"}
    return int(getattr(tokenizer, names.get(key, ""), 0) or 0)
