"""Triplets to look at: a few of each shift, with the changed words marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nmixx.records import Triplet
from nmixx.report.words import Stretch, mark_changes
from nmixx.triplets.taxonomy import SHIFTS

LENGTHS = (120, 240)
"""Characters that an example's texts should keep to: the first limit that leaves enough."""


@dataclass(frozen=True)
class Example:
    """A triplet, its negative shown as changes to the text it was made from."""

    triplet: Triplet
    changes: Sequence[Stretch]


@dataclass(frozen=True)
class ShiftExamples:
    """A shift, what it means, how many triplets it has, and some of them."""

    name: str
    definition: str
    count: int
    examples: Sequence[Example]


def choose_examples(triplets: Sequence[Triplet], *, each: int = 2) -> list[ShiftExamples]:
    """Take up to ``each`` triplets of every shift, evenly over the file, no group twice.

    Shifts come in the order of the taxonomy, others such as mined negatives after them.
    """
    by_shift: dict[str, list[Triplet]] = {}
    for triplet in triplets:
        by_shift.setdefault(triplet.negative_kind, []).append(triplet)
    known = [name for name in SHIFTS if name in by_shift]
    names = [*known, *sorted(by_shift.keys() - SHIFTS.keys())]
    return [
        ShiftExamples(
            name=name,
            definition=SHIFTS[name].definition if name in SHIFTS else "",
            count=len(by_shift[name]),
            examples=[_mark(triplet) for triplet in _spread(by_shift[name], each)],
        )
        for name in names
    ]


def _spread(triplets: Sequence[Triplet], each: int) -> list[Triplet]:
    """Take triplets at even distances; short ones of different groups where there are enough."""
    one_a_group = {triplet.group: triplet for triplet in reversed(triplets)}
    pool = list(one_a_group.values())[::-1]
    for limit in LENGTHS:
        short = [t for t in pool if max(map(len, (t.anchor, t.positive, t.negative))) <= limit]
        if len(short) >= each:
            pool = short
            break
    if len(pool) <= each:
        return pool
    return [pool[number * len(pool) // each] for number in range(each)]


def _mark(triplet: Triplet) -> Example:
    """Mark the changes from the text that the negative was made from.

    That text is the triplet's ``origin`` where it is known, else the side in its language.
    """
    origin = triplet.extra.get("origin")
    if not origin:
        same = triplet.anchor_lang == triplet.negative_lang
        origin = triplet.anchor if same else triplet.positive
    return Example(triplet, mark_changes(str(origin), triplet.negative))
