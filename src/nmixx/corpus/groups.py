"""Groups: rows that share a text, directly or through others, belong together."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence


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
