"""The mixture of triplets: how much of each category, language direction and shift is wanted.

A mixture gives weights; :class:`Balance` keeps count of what was taken and says what to take next,
so that the counts approach the weights as far as the material allows. It is greedy: next comes the
stratum (a category in a direction) that lags most behind, and in it the shift that does.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from pydantic import Field, field_validator

from nmixx.records import Triplet
from nmixx.settings import Settings
from nmixx.triplets.taxonomy import SHIFTS

Weight = float
_HEADWAY = 1.3
"""How far a shift may run ahead of the rarest one of its category."""
_HEAD_START = 12


class Mixture(Settings):
    """Weights of what triplets are made of; 1 where none is named, 0 leaves out."""

    categories: dict[str, Weight] = Field(
        default={}, description="weight of a category, such as news: 2"
    )
    directions: dict[str, Weight] = Field(
        default={}, description="weight of a language direction, such as ko-en: 2"
    )
    shifts: dict[str, Weight] = Field(default={}, description="weight of a shift")
    sources: dict[str, Weight] = Field(
        default={}, description="weight of a source's texts within their category and direction"
    )

    @field_validator("categories", "directions", "shifts", "sources")
    @classmethod
    def _check_weights(cls, weights: dict[str, Weight]) -> dict[str, Weight]:
        """Refuse negative weights."""
        for name, weight in weights.items():
            if weight < 0:
                raise ValueError(f"the weight of {name} is below 0")
        return weights

    @field_validator("shifts")
    @classmethod
    def _check_shifts(cls, weights: dict[str, Weight]) -> dict[str, Weight]:
        """Refuse shifts that the taxonomy does not have."""
        unknown = sorted(set(weights) - set(SHIFTS))
        if unknown:
            raise ValueError(f"no shift is called {unknown[0]}; there are {', '.join(SHIFTS)}")
        return weights

    def wants(self, stratum: Stratum) -> bool:
        """Tell whether a stratum has any weight."""
        in_direction = self.directions.get(stratum.direction, 1.0) > 0
        return in_direction and self.wants_category(stratum.category)

    def wants_category(self, category: str) -> bool:
        """Tell whether a category has any weight."""
        return self.categories.get(category, 1.0) > 0


class Stratum(NamedTuple):
    """A category in a language direction, such as news from Korean to English."""

    category: str
    direction: str


def direction_of(anchor_lang: str, positive_lang: str) -> str:
    """Name a language direction: ``ko-en`` has a Korean anchor and an English positive."""
    return f"{anchor_lang}-{positive_lang}"


def is_within(direction: str) -> bool:
    """Tell whether a direction stays within one language."""
    one, _, other = direction.partition("-")
    return one == other


def stratum_of(triplet: Triplet) -> Stratum:
    """Give the stratum of a triplet."""
    return Stratum(triplet.category, direction_of(triplet.anchor_lang, triplet.positive_lang))


class Balance:
    """What was taken so far, and what should come next."""

    def __init__(self, mixture: Mixture) -> None:
        """Start from nothing."""
        self._mixture = mixture
        self._categories: Counter[str] = Counter()
        self._directions: Counter[str] = Counter()
        self._shifts: Counter[str] = Counter()

    def choose(self, strata: Iterable[Stratum]) -> Stratum:
        """Choose the stratum that lags most; the first of equals."""
        return min(strata, key=self._load)

    def order(self, shifts: Collection[str], chooser: random.Random) -> list[str]:
        """Order the shifts that have any weight by how far they lag, ties by chance."""
        wanted = [shift for shift in shifts if self._shift(shift) > 0]
        return sorted(wanted, key=lambda shift: (self._progress(shift), chooser.random()))

    def allows(self, shift: str, rivals: Collection[str]) -> bool:
        """Tell whether a shift is not too far ahead of the rarest of its rivals."""
        least = min(
            (self._progress(rival) for rival in rivals if self._shift(rival) > 0), default=0.0
        )
        return self._progress(shift) <= _HEADWAY * least + _HEAD_START

    def add(self, stratum: Stratum, shift: str) -> None:
        """Count a triplet."""
        self._categories[stratum.category] += 1
        self._directions[stratum.direction] += 1
        self._shifts[shift] += 1

    def _load(self, stratum: Stratum) -> float:
        """Say how full a stratum's category and direction are."""
        return self._categories[stratum.category] / self._category(stratum) + (
            self._directions[stratum.direction] / self._direction(stratum)
        )

    def _progress(self, shift: str) -> float:
        return self._shifts[shift] / self._shift(shift)

    def _category(self, stratum: Stratum) -> Weight:
        return self._mixture.categories.get(stratum.category, 1.0)

    def _direction(self, stratum: Stratum) -> Weight:
        return self._mixture.directions.get(stratum.direction, 1.0)

    def _shift(self, shift: str) -> Weight:
        return self._mixture.shifts.get(shift, 1.0)


def sample_balanced(
    triplets: Sequence[Triplet], size: int, mixture: Mixture, *, seed: int = 0
) -> list[Triplet]:
    """Draw triplets so that categories, directions and shifts approach the mixture.

    Args:
        triplets: from anywhere: by rule, by a language model, mined, given.
        size: how many to draw; all that have any weight when there are fewer.
        mixture: the weights; a ``negative_kind`` that is no shift counts as one of weight 1.
        seed: of the order within a stratum and shift.

    Returns:
        The draw, in the order it was made.
    """
    balance, chooser = Balance(mixture), random.Random(seed)
    pools: dict[Stratum, dict[str, list[Triplet]]] = {}
    for triplet in chooser.sample(triplets, len(triplets)):
        stratum = stratum_of(triplet)
        if mixture.wants(stratum) and mixture.shifts.get(triplet.negative_kind, 1.0) > 0:
            pools.setdefault(stratum, {}).setdefault(triplet.negative_kind, []).append(triplet)
    drawn: list[Triplet] = []
    while pools and len(drawn) < size:
        stratum = balance.choose(sorted(pools))
        shift = balance.order(sorted(pools[stratum]), chooser)[0]
        drawn.append(pools[stratum][shift].pop())
        balance.add(stratum, shift)
        if not pools[stratum][shift]:
            del pools[stratum][shift]
        if not pools[stratum]:
            del pools[stratum]
    return drawn


def count_mixture(triplets: Iterable[Triplet]) -> dict[str, Counter[str]]:
    """Count triplets by shift, by category and by direction."""
    counts: dict[str, Counter[str]] = {"shift": Counter(), "category": Counter()}
    counts["direction"] = Counter()
    for triplet in triplets:
        counts["shift"][triplet.negative_kind] += 1
        counts["category"][triplet.category] += 1
        counts["direction"][stratum_of(triplet).direction] += 1
    return counts
