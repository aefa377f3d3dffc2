"""What byte-pair encoding merges on its way to a token."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

Ranks = Mapping[tuple[str, str], int]


def read_ranks(state: Mapping[str, Any]) -> dict[tuple[str, str], int]:
    """Read the rank of each merge of a BPE tokenizer's state; lower ranks are merged first."""
    merges = (
        tuple(merge.split(" ", 1)) if isinstance(merge, str) else tuple(merge)
        for merge in state["model"]["merges"]
    )
    return {(left, right): rank for rank, (left, right) in enumerate(merges)}


def trace_merges(token: str, ranks: Ranks) -> set[str]:
    """Give every token that BPE passes through while it builds ``token`` from its letters.

    BPE always merges the pair of lowest rank, the leftmost first (Sennrich et al., 2016). No merge
    crosses the borders of a token that stays whole, so within any word the same merges build it.

    Args:
        token: as the vocabulary has it.
        ranks: from :func:`read_ranks`.

    Returns:
        The letters, what is merged from them, and ``token``; only ``token`` where no merges lead
        to it, as for entries that a tokenizer takes whole.
    """
    parts = list(token)
    seen = {token, *parts}
    while len(parts) > 1:
        pairs = ((ranks.get(pair, len(ranks)), at) for at, pair in enumerate(_adjacent(parts)))
        rank, at = min(pairs)
        if rank == len(ranks):
            return {token}
        parts[at : at + 2] = [parts[at] + parts[at + 1]]
        seen.add(parts[at])
    return seen


def _adjacent(parts: list[str]) -> list[tuple[str, str]]:
    """Pair each part with the next one."""
    return list(pairwise(parts))
