"""Teachers: is the positive nearer to the anchor than the negative, and not trivially so?"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from nmixx.encoding import Encoder, FloatArray
from nmixx.progress import track
from nmixx.records import Triplet

BEST, LEAST = "teacher_best", "teacher_least"
"""Columns: the largest and the smallest margin that any teacher sees."""

BLOCK = 4096
"""Triplets whose vectors are in memory at once."""

_FULL = 0.1  # a margin so far above the asked one leaves no doubt


@dataclass(frozen=True)
class TeacherRule:
    """What is asked of the teachers' margins, cosines of the positive minus the negative's.

    Attributes:
        margin: at least one teacher must see this much.
        trivial: where every teacher sees more than this, the negative teaches nothing.
    """

    margin: float = 0.0
    trivial: float = 0.6

    def score(self, triplet: Triplet) -> float | None:
        """Score stored margins: one half at the asked margin, 1 from 0.1 above it.

        None where no teacher was asked.
        """
        best, least = triplet.extra.get(BEST), triplet.extra.get(LEAST)
        if best is None or least is None:
            return None
        if float(least) > self.trivial:
            return 0.3
        return round(min(1.0, max(0.0, 0.5 + (float(best) - self.margin) / (2 * _FULL))), 4)


def ask_teachers(triplets: Sequence[Triplet], teachers: Mapping[str, Encoder]) -> list[Triplet]:
    """Store what each teacher sees as columns, so that its rule can change without encoding again.

    Texts are encoded block by block, each once a block; memory does not grow with their number.

    Args:
        triplets: any.
        teachers: name to encoder.

    Returns:
        The triplets with ``teacher_best`` and ``teacher_least``, and ``margin_NAME`` a teacher.
    """
    if not teachers:
        return list(triplets)
    asked: list[Triplet] = []
    starts = range(0, len(triplets), BLOCK)
    for start in track(starts, "asking teachers", size=len(triplets)):
        block = triplets[start : start + BLOCK]
        margins = {name: measure_margins(block, encoder) for name, encoder in teachers.items()}
        asked += _store(block, margins)
    return asked


def measure_margins(triplets: Sequence[Triplet], encoder: Encoder) -> FloatArray:
    """Give cos(anchor, positive) - cos(anchor, negative) of each triplet, shape (triplets,)."""
    texts = sorted({text for one in triplets for text in (one.anchor, one.positive, one.negative)})
    row = {text: at for at, text in enumerate(texts)}
    vectors = encoder.encode(texts)
    anchors, positives, negatives = (
        vectors[[row[getattr(one, side)] for one in triplets]]
        for side in ("anchor", "positive", "negative")
    )
    margins: FloatArray = np.einsum("ij,ij->i", anchors, positives - negatives)
    return margins


def _store(triplets: Sequence[Triplet], margins: Mapping[str, FloatArray]) -> Iterator[Triplet]:
    """Write margins into the triplets' extra columns."""
    for at, triplet in enumerate(triplets):
        seen = {name: round(float(values[at]), 6) for name, values in margins.items()}
        columns = {f"margin_{name}": value for name, value in seen.items()}
        columns |= {BEST: max(seen.values()), LEAST: min(seen.values())}
        yield dataclasses.replace(triplet, extra=triplet.extra | columns)
