"""Whether figures and dates stay: between anchor and positive, and where a shift keeps them."""

from __future__ import annotations

from collections.abc import Iterable

from nmixx.records import Triplet
from nmixx.triplets.checks.check import lower_by_share, origin_of, says_the_same
from nmixx.triplets.quantities import Quantity, count_kept, read_quantities
from nmixx.triplets.taxonomy import SHIFTS


def keep_figures(triplet: Triplet) -> float | None:
    """Score by the share of figures that anchor and positive have in common."""
    return _compare_sides(triplet, periods=False)


def keep_dates(triplet: Triplet) -> float | None:
    """Score by the share of years, half-years, quarters and months in common."""
    return _compare_sides(triplet, periods=True)


def keep_shift_figures(triplet: Triplet) -> float | None:
    """Score by the figures and dates that the negative keeps, where its shift keeps them."""
    shift, origin = SHIFTS.get(triplet.negative_kind), origin_of(triplet)
    if shift is None or not shift.keeps_figures or origin is None:
        return None
    return lower_by_share(*count_kept(read_quantities(origin), read_quantities(triplet.negative)))


def _compare_sides(triplet: Triplet, *, periods: bool) -> float | None:
    """Compare the quantities of one kind; what the other side calls otherwise is not missing."""
    if not says_the_same(triplet):
        return None
    one, other = read_quantities(triplet.anchor), read_quantities(triplet.positive)
    lost = _missing(one, other, periods) + _missing(other, one, periods)
    total = _size(one, periods) + _size(other, periods)
    return lower_by_share(total - lost, total)


def _missing(wanted: Iterable[Quantity], given: Iterable[Quantity], periods: bool) -> int:
    """Count the quantities of one kind that nothing on the other side agrees with."""
    from nmixx.triplets.quantities import find_missing

    return len(find_missing((one for one in set(wanted) if one.is_period == periods), given))


def _size(quantities: Iterable[Quantity], periods: bool) -> int:
    """Count the distinct quantities of one kind."""
    return sum(one.is_period == periods and not one.spelled for one in set(quantities))
