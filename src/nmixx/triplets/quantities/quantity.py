"""What a quantity is, and when two of them say the same."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

PERIODS = frozenset({"year", "month", "quarter", "half"})
"""Units that name a time; all others measure or count."""


@dataclass(frozen=True)
class Quantity:
    """A value and its unit: ``1.2 trillion won`` is 1200000000000 of ``KRW``.

    Attributes:
        value: exact, without a sign: a fall of 3 % is told as -3 % too.
        unit: an ISO 4217 currency, ``%``, ``%p`` (25bp is 0.25 of it), one of :data:`PERIODS`, or
            ``""`` where the text names none or one that is only a noun (``people``, ``대``).
        spelled: a small number written as a word, which another wording may leave out.
    """

    value: Decimal
    unit: str = ""
    spelled: bool = False

    @property
    def is_period(self) -> bool:
        """Whether it names a year, a half-year, a quarter or a month."""
        return self.unit in PERIODS

    def agrees(self, other: Quantity) -> bool:
        """Tell whether two quantities can be the same; one without a unit agrees with any."""
        units = {self.unit, other.unit}
        return self.value == other.value and (len(units) == 1 or "" in units)


def find_missing(wanted: Iterable[Quantity], given: Iterable[Quantity]) -> list[Quantity]:
    """List the quantities that nothing given agrees with; spelled ones are never missed.

    How often a quantity stands there does not count: a translation may repeat it.
    """
    there = tuple(given)
    return [
        one for one in wanted if not one.spelled and not any(one.agrees(other) for other in there)
    ]


def count_kept(one: Iterable[Quantity], other: Iterable[Quantity]) -> tuple[int, int]:
    """Count the distinct quantities of two texts that agree, and all of them."""
    first, second = set(one), set(other)
    lost = len(find_missing(first, second)) + len(find_missing(second, first))
    total = sum(not quantity.spelled for some in (first, second) for quantity in some)
    return total - lost, total
