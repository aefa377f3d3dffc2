"""Whether the negative differs from its origin in the way that its shift says."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from nmixx.records import Triplet
from nmixx.triplets.checks.check import DOUBT, origin_of
from nmixx.triplets.checks.copies import squeeze
from nmixx.triplets.checks.marks import count_classes, count_marks, read_marks
from nmixx.triplets.quantities import read_quantities

CONTRADICTED = 0.3
"""The score of a negative that does the opposite of what its shift says."""

_DIRECTIONS = ("up", "down")
_POLARITY = ("up", "down", "good", "bad", "not")

Expectation = Callable[[str, str, str], float]
"""From origin, negative and their language to a score."""


def keep_promise(triplet: Triplet) -> float | None:
    """Score 1 where the shift shows, :data:`DOUBT` where it does not, less where its opposite does.

    The lists of marks are wide, so a doubt says that no usual word of the shift has changed.
    """
    expectation, origin = EXPECTATIONS.get(triplet.negative_kind), origin_of(triplet)
    if expectation is None or origin is None or not read_marks(triplet.negative_lang):
        return None
    return expectation(origin, triplet.negative, triplet.negative_lang)


def _change_class(*classes: str) -> Expectation:
    """Expect that marks move from class to class: ``rose`` to ``fell``, but not to ``climbed``."""

    def judge(origin: str, negative: str, lang: str) -> float:
        before, after = (count_classes(text, lang, classes) for text in (origin, negative))
        return 1.0 if before != after else DOUBT

    return judge


def _change_mark(*classes: str, same_direction: bool = False) -> Expectation:
    """Expect that a mark of a class comes, goes or changes, or a figure does."""

    def judge(origin: str, negative: str, lang: str) -> float:
        before, after = (count_marks(text, lang, classes) for text in (origin, negative))
        if same_direction and _turns(origin, negative, lang):
            return CONTRADICTED
        figures = set(read_quantities(origin)) != set(read_quantities(negative))
        return 1.0 if figures or before != after else DOUBT

    return judge


def _turns(origin: str, negative: str, lang: str) -> bool:
    """Tell whether a direction was turned around: as many marks, one more of the other."""
    before, after = (count_classes(text, lang, _DIRECTIONS) for text in (origin, negative))
    turned = {name: after[name] - before[name] for name in _DIRECTIONS}
    return turned["up"] == -turned["down"] != 0


def _grow(origin: str, negative: str, lang: str) -> float:
    """Expect more letters."""
    return _compare_sizes(origin, negative)


def _shrink(origin: str, negative: str, lang: str) -> float:
    """Expect fewer letters."""
    return _compare_sizes(negative, origin)


def _compare_sizes(small: str, large: str) -> float:
    """Score whether one text has fewer letters than another."""
    difference = len(squeeze(large)) - len(squeeze(small))
    return 1.0 if difference > 0 else DOUBT if difference == 0 else CONTRADICTED


EXPECTATIONS: Mapping[str, Expectation] = {
    "sentiment_reversal": _change_class(*_POLARITY),
    "sentiment_intensity": _change_mark("degree", *_POLARITY, same_direction=True),
    "sentiment_adjustment": _change_mark("degree", *_POLARITY, "opinion"),
    "detail_added": _grow,
    "detail_dropped": _shrink,
    "plan_realisation": _change_mark("plan"),
    "forecast_to_fact": _change_mark("plan", "opinion"),
    "fact_to_opinion": _change_mark("opinion", "plan"),
    "macro_micro_view": _change_mark("scope"),
    "interpretation_reversal": _change_mark("permit"),
    "sanction_strength": _change_mark("sanction", "degree"),
    "procedure_clarity": _change_mark("procedure", "degree"),
}
"""What each shift must show; one that is not listed may show itself in any way."""
