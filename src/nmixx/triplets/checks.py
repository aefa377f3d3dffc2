"""Checks that each triplet must pass, and the confidence that follows from them."""

from __future__ import annotations

import re
from collections.abc import Callable

from nmixx.corpus.clean import normalise_key
from nmixx.corpus.language import detect_language
from nmixx.records import Triplet
from nmixx.triplets.taxonomy import SHIFTS

Check = Callable[[Triplet], bool]

_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")


def figures(text: str) -> list[str]:
    """List the figures of a text, sorted, without thousands separators: ``1,200`` is ``1200``."""
    return sorted(match.group().replace(",", "") for match in _FIGURE.finditer(text))


def _differs(triplet: Triplet) -> bool:
    """Tell whether the negative is neither the anchor nor the positive."""
    key = normalise_key(triplet.negative)
    return key not in {normalise_key(triplet.anchor), normalise_key(triplet.positive)}


def _keeps_language(triplet: Triplet) -> bool:
    """Tell whether the negative is in its language, as far as can be told."""
    return detect_language(triplet.negative) in {None, triplet.negative_lang}


def _keeps_figures(triplet: Triplet) -> bool:
    """Tell whether figures stayed, where the shift keeps them."""
    shift = SHIFTS.get(triplet.negative_kind)
    origin = triplet.extra.get("origin")
    if shift is None or not shift.keeps_figures or origin is None:
        return True
    return figures(triplet.negative) == figures(str(origin))


def _not_trivial(triplet: Triplet) -> bool:
    """Tell whether the negative's length does not give it away, where it was made from a text."""
    origin = str(triplet.extra.get("origin") or "")
    return not origin or 0.4 <= len(triplet.negative) / len(origin) <= 2.5


CHECKS: dict[str, Check] = {
    "same text": _differs,
    "wrong language": _keeps_language,
    "figures changed": _keeps_figures,
    "length gives it away": _not_trivial,
}


def failed_checks(triplet: Triplet) -> list[str]:
    """Name the checks that a triplet fails."""
    return [name for name, check in CHECKS.items() if not check(triplet)]


def confidence_of(failed: list[str]) -> float:
    """Give the share of checks that were passed."""
    return 1 - len(failed) / len(CHECKS)
