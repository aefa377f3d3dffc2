"""Checks of single triplets: each a function to a score, a row of a table."""

from __future__ import annotations

from nmixx.records import Triplet
from nmixx.triplets.checks.assessment import Assessment, assess, place, stored_assessment
from nmixx.triplets.checks.check import DOUBT, FAULT, Check
from nmixx.triplets.checks.table import BATCH_CHECKS, CHECKS, find_check

__all__ = [
    "BATCH_CHECKS",
    "CHECKS",
    "DOUBT",
    "FAULT",
    "Assessment",
    "Check",
    "assess",
    "failed_checks",
    "find_check",
    "place",
    "stored_assessment",
]


def failed_checks(triplet: Triplet) -> list[str]:
    """Name the faults of a triplet: the checks scored below one half, the weakest first."""
    return assess(triplet).faults()
