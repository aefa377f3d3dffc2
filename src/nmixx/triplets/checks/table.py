"""The table of checks: names, faults and scores."""

from __future__ import annotations

from nmixx.records import Triplet
from nmixx.triplets.checks import copies, facts, languages, names, shape, shifted
from nmixx.triplets.checks.check import Check

CHECKS: dict[str, Check] = {
    check.name: check
    for check in (
        Check("language", "wrong language", languages.keep_languages),
        Check("negative_copy", "same text", copies.differ_negative),
        Check("positive_copy", "positive is a copy", copies.differ_positive),
        Check("leak", "answer leaked", copies.stay_silent),
        Check("figures", "figure lost in positive", facts.keep_figures),
        Check("dates", "date lost in positive", facts.keep_dates),
        Check("names", "name lost in positive", names.keep_names),
        Check("shift_figures", "figures changed", facts.keep_shift_figures),
        Check("shift", "negative is not shifted as said", shifted.keep_promise),
        Check("length", "length gives it away", shape.keep_length),
        Check("wording", "negative shares no wording", shape.keep_wording),
    )
}
"""Checks that look at one triplet alone; adding one is adding a row."""


def _elsewhere(triplet: Triplet) -> float | None:
    """Say nothing: the score comes from a look at many triplets together."""
    return None


BATCH_CHECKS: dict[str, Check] = {
    check.name: check
    for check in (
        Check("teacher", "teacher sees no clear difference", _elsewhere),
        Check("agreement", "generators disagree", _elsewhere),
        Check("judge", "judge doubts it", _elsewhere),
    )
}
"""Checks whose scores need encoders or other triplets; see :mod:`nmixx.triplets.confidence`."""

ALL_CHECKS: dict[str, Check] = CHECKS | BATCH_CHECKS


def find_check(name: str) -> Check:
    """Give a check of any kind by name."""
    return ALL_CHECKS[name]
