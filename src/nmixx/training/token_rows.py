"""Rows of the embedding table that train, apart from those that do not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from nmixx.encoding import Encoder
from nmixx.errors import DataError, ModelError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer


class TokenRows(nn.Embedding):
    """An embedding table some of whose rows are a parameter of their own.

    Only they have gradients and optimiser state. AdamW without weight decay leaves rows whose
    gradient is always zero where they are, so training only the rows that occur in the data is
    training them all. Saving and loading go as with the table itself: under its name, whole.
    """

    numbers: Tensor
    places: Tensor

    def __init__(self, table: nn.Embedding, numbers: Tensor) -> None:
        """Take a table's place.

        Args:
            table: whose weights are shared and kept up to date whenever a state is saved.
            numbers: of the rows that train, in rising order.
        """
        rows, width = table.weight.shape
        super().__init__(
            rows, width, table.padding_idx, _weight=table.weight.detach(), _freeze=True
        )
        places = torch.full((rows,), -1, dtype=torch.long, device=numbers.device)
        places[numbers] = torch.arange(len(numbers), device=numbers.device)
        self.rows = nn.Parameter(table.weight.detach()[numbers].clone())
        self.register_buffer("numbers", numbers, persistent=False)
        self.register_buffer("places", places, persistent=False)
        padding = -1 if table.padding_idx is None else int(places[table.padding_idx])
        self._row_padding = None if padding < 0 else padding

    def forward(self, input: Tensor) -> Tensor:
        """Look tokens up, shape (..., dimensions)."""
        places = self.places[input]
        apart = places >= 0
        if bool(apart.all()):
            return F.embedding(places, self.rows, self._row_padding)
        known = F.embedding(places.clamp(min=0), self.rows, self._row_padding)
        return torch.where(apart[..., None], known, super().forward(input))

    def write_back(self) -> None:
        """Bring the whole table up to date."""
        with torch.no_grad():
            self.weight[self.numbers] = self.rows.to(self.weight.dtype)

    def _save_to_state_dict(
        self, destination: dict[str, Any], prefix: str, keep_vars: bool
    ) -> None:
        """Save the whole table and nothing else."""
        self.write_back()
        destination[f"{prefix}weight"] = self.weight if keep_vars else self.weight.detach()

    def _load_from_state_dict(
        self,
        state_dict: dict[str, Any],
        prefix: str,
        *rest: Any,  # noqa: ANN401 - the base class's
    ) -> None:
        """Load the whole table, and from it the rows."""
        given = {**state_dict, f"{prefix}rows": state_dict[f"{prefix}weight"][self.numbers.cpu()]}
        super()._load_from_state_dict(given, prefix, *rest)


def find_new_rows(model: SentenceTransformer, base: Encoder | None) -> list[int] | None:
    """Number the rows of tokens that the base model's tokenizer does not have.

    Args:
        model: the one to be trained.
        base: the base model's encoder; None, or one without a tokenizer, gives None.
    """
    known = getattr(getattr(base, "model", None), "tokenizer", None)
    if known is None:
        return None
    before = known.get_vocab()
    after = model.tokenizer.get_vocab()
    return sorted(number for token, number in after.items() if token not in before)


@contextmanager
def train_only(model: SentenceTransformer, numbers: Sequence[int]) -> Iterator[None]:
    """Train only some rows of a model's embedding table while the block runs.

    Args:
        model: changed in place; its table is its own again afterwards, up to date.
        numbers: of the rows.

    Raises:
        ModelError: the table is of a kind that cannot be split.
    """
    transformer: Any = model[0].auto_model
    table = transformer.get_input_embeddings()
    if type(table) is not nn.Embedding:
        raise ModelError(
            f"the embedding table is a {type(table).__name__}; its rows cannot be trained apart.\n"
            "Set the step's train_rows to none, or leave it out."
        )
    wanted = torch.tensor(sorted(set(numbers)), dtype=torch.long, device=table.weight.device)
    rows = TokenRows(table, wanted)
    transformer.set_input_embeddings(rows)
    try:
        yield
    finally:
        rows.write_back()
        transformer.set_input_embeddings(table)


def can_split(model: SentenceTransformer) -> bool:
    """Tell whether a model's embedding table is one whose rows can be trained apart."""
    transformer = getattr(model[0], "auto_model", None)
    return transformer is not None and type(transformer.get_input_embeddings()) is nn.Embedding


def need_new_rows(name: str, new: Sequence[int] | None) -> Sequence[int]:
    """Give the new rows.

    Raises:
        DataError: they are not known, or there are none.
    """
    if new is None:
        raise DataError(
            f"training step {name!r} trains new token rows only, and which are new is not known.\n"
            "Give the base model, whose tokenizer tells."
        )
    if not new:
        raise DataError(
            f"training step {name!r} trains new token rows only, and the tokenizer has none.\n"
            "Grow the vocabulary first, or set train_rows to all."
        )
    return new
