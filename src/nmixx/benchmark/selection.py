"""Selection: which candidates become the draft, so that kinds are even and labels do not show.

First places are shared out over categories, then their shifts, then languages, then faithful and
shifted pairs, and filled by chance. Then pairs are exchanged for others of the same kind as long
as that brings the surface of faithful and of shifted pairs closer together.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from functools import cache

import numpy as np

from nmixx.benchmark.items import Item, Kind, kind_of
from nmixx.benchmark.settings import DraftSettings
from nmixx.corpus.clean import normalise_key
from nmixx.evaluation.bootstrap import Array

EVEN = 1.0
"""Standard errors within which every gap must be before pairs are exchanged no more.

Gaps closed much further than chance leaves them lean the other way in every part of the draft.
"""

EXCHANGES = 20_000
"""Exchanges tried; one takes some microseconds."""


def choose_items(
    items: Sequence[Item], surface: Array, settings: DraftSettings, *, seed: int
) -> tuple[list[int], list[int]]:
    """Choose the draft among the candidates.

    Args:
        items: the candidates.
        surface: what shows of each without reading, shape (candidates, features), standardised.
        settings: how many, which share faithful, how many from one source.
        seed: of every choice by chance.

    Returns:
        Row numbers of the chosen candidates before and after the exchanges.
    """
    chooser = random.Random(seed)
    places = share_places(Counter(kind_of(item) for item in items), settings)
    first = _fill(items, places, settings, chooser)
    return first, _exchange(items, surface, first, settings, chooser)


def share_places(supply: Counter[Kind], settings: DraftSettings) -> Counter[Kind]:
    """Share the places of a draft out over the kinds, as evenly as the supply allows."""
    wanted: Counter[Kind] = Counter()
    for faithful in (True, False):
        have = {kind: count for kind, count in supply.items() if kind[3] == faithful}
        half = round(settings.pairs * settings.faithful)
        total = half if faithful else settings.pairs - half
        wanted.update(_share(have, total, depth=0))
    return wanted


def _share(supply: dict[Kind, int], total: int, depth: int) -> dict[Kind, int]:
    """Share places over the names at one depth of the kinds, then within each name."""
    if depth == 3:
        return {kind: min(total, count) for kind, count in supply.items()}
    names: dict[str, dict[Kind, int]] = defaultdict(dict)
    for kind in sorted(supply):
        names[str(kind[depth])][kind] = supply[kind]
    stock = {name: sum(kinds.values()) for name, kinds in names.items()}
    given = _level(stock, total)
    shared: dict[Kind, int] = {}
    for name, kinds in names.items():
        shared |= _share(kinds, given[name], depth + 1)
    return shared


def _level(stock: dict[str, int], total: int) -> dict[str, int]:
    """Give everyone the same, those with less all they have, one more to the first where odd."""
    given = dict.fromkeys(stock, 0)
    left = min(total, sum(stock.values()))
    while left:
        open_ = [name for name in stock if given[name] < stock[name]]
        each = max(1, left // len(open_))
        for name in open_[:left]:
            more = min(each, stock[name] - given[name], left)
            given[name] += more
            left -= more
    return given


class _Room:
    """Which pairs still fit: two sentences once, in either order, and so many from a source."""

    def __init__(self, settings: DraftSettings) -> None:
        self._most = settings.per_source
        self._used: Counter[Hashable] = Counter()

    def fits(self, item: Item) -> bool:
        """Tell whether a pair may be added."""
        return not self._used[_sentences(item)] and self._used["group", item.group] < self._most

    def add(self, item: Item, times: int = 1) -> None:
        """Add a pair, or take it out with -1."""
        self._used[_sentences(item)] += times
        self._used["group", item.group] += times


@cache
def _normalise(text: str) -> str:
    """Give the key of a sentence; candidates share sentences, so it is remembered."""
    return normalise_key(text)


def _sentences(item: Item) -> frozenset[str]:
    """Give the two sentences of a pair, whichever comes first."""
    return frozenset((_normalise(item.sentence1), _normalise(item.sentence2)))


def _fill(
    items: Sequence[Item], places: Counter[Kind], settings: DraftSettings, chooser: random.Random
) -> list[int]:
    """Fill the places by chance, scarce kinds first; what stays free goes to kinds with more."""
    by_kind: dict[Kind, list[int]] = defaultdict(list)
    for row, item in enumerate(items):
        by_kind[kind_of(item)].append(row)
    for rows in by_kind.values():
        chooser.shuffle(rows)
    room, chosen = _Room(settings), []
    free: Counter[bool] = Counter()
    for kind in sorted(places, key=lambda kind: (len(by_kind[kind]), kind)):
        taken = _take(items, by_kind[kind], places[kind], room)
        chosen += taken
        free[kind[3]] += places[kind] - len(taken)
    short = settings.pairs - len(chosen) - sum(free.values())
    for faithful in (True, False):
        want = free[faithful] + (short if faithful else 0)
        kinds = [kind for kind in sorted(by_kind) if kind[3] == faithful]
        while want and kinds:
            kind = min(kinds, key=lambda kind: sum(kind_of(items[r]) == kind for r in chosen))
            taken = _take(items, by_kind[kind], 1, room)
            chosen += taken
            want -= len(taken)
            if not taken:
                kinds.remove(kind)
    return chosen


def _take(items: Sequence[Item], rows: list[int], want: int, room: _Room) -> list[int]:
    """Take up to so many rows that fit off a list."""
    taken: list[int] = []
    while rows and len(taken) < want:
        row = rows.pop()
        if room.fits(items[row]):
            room.add(items[row])
            taken.append(row)
    return taken


def _exchange(
    items: Sequence[Item],
    surface: Array,
    first: Sequence[int],
    settings: DraftSettings,
    chooser: random.Random,
) -> list[int]:
    """Exchange pairs for others of their kind while faithful and shifted ones come closer."""
    chosen = list(first)
    by_kind: dict[Kind, list[int]] = defaultdict(list)
    for row, item in enumerate(items):
        by_kind[kind_of(item)].append(row)
    room = _Room(settings)
    for row in chosen:
        room.add(items[row])
    counts = Counter(items[row].faithful for row in chosen)
    if not counts[True] or not counts[False]:
        return chosen
    signs = {True: 1 / counts[True], False: -1 / counts[False]}
    gap: Array = np.sum([signs[items[row].faithful] * surface[row] for row in chosen], axis=0)
    # How far each gap would be from 0 if the surface had nothing to do with the label.
    errors = (surface[chosen] ** 2).mean(axis=0) * (1 / counts[True] + 1 / counts[False])
    for _ in range(EXCHANGES):
        if (gap * gap <= EVEN * EVEN * errors + 1e-12).all():
            break
        at = chooser.randrange(len(chosen))
        old = items[chosen[at]]
        row = chooser.choice(by_kind[kind_of(old)])
        new = items[row]
        moved = gap + signs[old.faithful] * (surface[row] - surface[chosen[at]])
        if moved @ moved >= gap @ gap:
            continue
        room.add(old, -1)
        if room.fits(new):
            room.add(new)
            chosen[at], gap = row, moved
        else:
            room.add(old)
    return chosen
