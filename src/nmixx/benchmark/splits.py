"""Splits of a benchmark: whole groups, shared out so that every kind of pair is in each."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence

from nmixx.errors import InputError


def split_groups(
    groups: Sequence[str],
    kinds: Sequence[Sequence[Hashable]],
    shares: Mapping[str, float],
    *,
    seed: int,
) -> list[str]:
    """Give each row a split; rows of one group share it.

    The largest groups go first, each to the split that lacks the largest part of what it is to
    have, in rows and in rows of the group's kinds.

    Args:
        groups: the group of each row.
        kinds: what is to be spread evenly, such as the category and the language of each row.
        shares: split to its share of the rows.
        seed: of the order of groups of one size.

    Raises:
        InputError: the shares do not add up to 1, or a split stays empty.
    """
    if abs(sum(shares.values()) - 1) > 1e-6 or min(shares.values()) <= 0:
        given = ", ".join(f"{name}={share:g}" for name, share in shares.items())
        raise InputError(f"splits {given}: expected shares above 0 that add up to 1.")
    members: dict[str, list[int]] = defaultdict(list)
    for row, group in enumerate(groups):
        members[group].append(row)
    order = sorted(members)
    random.Random(seed).shuffle(order)
    order.sort(key=lambda group: -len(members[group]))
    total = Counter(kind for some in kinds for kind in some)
    due = {name: {kind: share * n for kind, n in total.items()} for name, share in shares.items()}
    lacking = {name: Counter(some) for name, some in due.items()}
    room = {name: share * len(groups) for name, share in shares.items()}

    def need(name: str, rows: Sequence[int]) -> tuple[float, float]:
        parts = [lacking[name][kind] / due[name][kind] for row in rows for kind in kinds[row]]
        left = room[name] / (shares[name] * len(groups))
        return sum(parts) / max(len(parts), 1) + left, left

    found = [""] * len(groups)
    for group in order:
        rows = members[group]
        best = max(shares, key=lambda name: need(name, rows))
        room[best] -= len(rows)
        for row in rows:
            found[row] = best
            lacking[best].subtract(kinds[row])
    empty = [name for name in shares if name not in found]
    if empty:
        raise InputError(
            f"split {empty[0]!r}: no pairs are left for it: {len(groups)} pairs in "
            f"{len(members)} groups that must stay whole. Give fewer splits."
        )
    return found
