"""A grown tokenizer, and what each of its new pieces was before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tokenizers import Tokenizer


@dataclass(frozen=True)
class Grown:
    """A tokenizer with new pieces.

    ``old_pieces`` gives for each new id, in rising order and without gaps, the ids that the old
    tokenizer spelled the piece with, and ``parts`` the ids, old or new, of the smaller pieces that
    make it up now, none of a single letter. ``first`` is the first new id.
    """

    tokenizer: Tokenizer
    old_pieces: Mapping[int, list[int]]
    parts: Mapping[int, list[int]]
    first: int

    @property
    def size(self) -> int:
        """Rows that the embedding table needs."""
        return self.first + len(self.old_pieces)


def name_added_tokens(state: dict[str, Any]) -> dict[str, int]:
    """Give the tokens of a ``tokenizer.json`` that stand beside its model's vocabulary.

    Added tokens may lie after the vocabulary's last id. A new piece must not take their ids.
    """
    return {str(token["content"]): int(token["id"]) for token in state["added_tokens"]}
