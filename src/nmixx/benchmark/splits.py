"""Splits of a benchmark: whole groups, shared out so that every kind of pair is in each."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence

from nmixx.errors import InputError


def split_groups(
    groups: Sequence[str],
    kinds: Sequence[Hashable],
    shares: Mapping[str, float],
    *,
    seed: int,
) -> list[str]:
    """Give each row a split; rows of one group share it.

    The largest groups go first, each to the split that lacks most of the group's kinds.

    Args:
        groups: the group of each row.
        kinds: the kind of each row, to be spread evenly.
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
    total = Counter(kinds)
    lacking = {
        name: {kind: share * n for kind, n in total.items()} for name, share in shares.items()
    }
    room = {name: share * len(groups) for name, share in shares.items()}
    found = [""] * len(groups)
    for group in order:
        rows = members[group]
        best = max(
            shares,
            key=lambda name: (
                sum(lacking[name][kinds[row]] for row in rows) / len(rows)
                + room[name] / len(groups),
                room[name],
            ),
        )
        room[best] -= len(rows)
        for row in rows:
            found[row] = best
            lacking[best][kinds[row]] -= 1
    empty = [name for name in shares if name not in found]
    if empty:
        raise InputError(
            f"split {empty[0]!r}: no pairs are left for it: {len(groups)} pairs in "
            f"{len(members)} groups that must stay whole. Give fewer splits."
        )
    return found
