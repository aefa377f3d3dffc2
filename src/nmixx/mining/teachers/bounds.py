"""Bounds: why a margin from the positive's score asks for scores of one scale."""

from __future__ import annotations

from nmixx.errors import InputError
from nmixx.mining.normalisation import NORMALISATIONS
from nmixx.mining.policies import Policy
from nmixx.mining.teachers.protocol import Teacher


def require_bounded(policy: Policy, teacher: Teacher) -> None:
    """Refuse a margin from the positive's score where scores have no bounds.

    Raises:
        InputError: the policy is relative and the teacher's scores are not bounded.
    """
    if not policy.relative or teacher.bounded:
        return
    bounding = ", ".join(name for name, row in NORMALISATIONS.items() if row.bounds)
    raise InputError(
        f"teacher {teacher.name!r}: its scores have no bounds, and the policy's margin is taken "
        "from the positive's score.\n"
        "Even after min-max, the positive's score by BM25 is mostly exactly 1 or 0, so a margin "
        "means nothing.\n"
        f"Take the policy naive or shifted, a dense teacher, or name a normalisation ({bounding})."
    )
