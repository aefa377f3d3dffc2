"""Groups: rows that share a text, directly or through others, belong together."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace

from nmixx.corpus.clean import normalise_key
from nmixx.records import Pair


def join_groups(ids: Sequence[str], keys: Sequence[Iterable[Hashable]]) -> list[str]:
    """Give each row the smallest id among the rows it is connected with.

    Args:
        ids: one id a row.
        keys: what each row says, as one or several keys; rows with a key in common are connected.

    Returns:
        One group a row.
    """
    parents = list(range(len(ids)))

    def find(row: int) -> int:
        while parents[row] != row:
            parents[row] = parents[parents[row]]
            row = parents[row]
        return row

    first: dict[Hashable, int] = {}
    for row, some in enumerate(keys):
        for key in some:
            one, other = find(row), find(first.setdefault(key, row))
            parents[max(one, other)] = min(one, other)
    smallest: dict[int, str] = {}
    for row, identity in enumerate(ids):
        root = find(row)
        smallest[root] = min(smallest.get(root, identity), identity)
    return [smallest[find(row)] for row in range(len(ids))]


def group_pairs(pairs: Sequence[Pair]) -> list[Pair]:
    """Give pairs the groups that follow from the groups and the texts that they share.

    Files of pairs often have no groups; then each pair would be in the same one, of no name.
    """
    keys: list[list[Hashable]] = [
        [normalise_key(pair.anchor), normalise_key(pair.positive)]
        + ([("group", pair.group)] if pair.group else [])
        for pair in pairs
    ]
    names = [f"{pair.id}#{number}" for number, pair in enumerate(pairs)]
    joined = join_groups(names, keys)
    return [replace(pair, group=group) for pair, group in zip(pairs, joined, strict=True)]
