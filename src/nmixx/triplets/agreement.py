"""Whether two generators that shifted the same anchor in the same way came to the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from nmixx.corpus.clean import normalise_key
from nmixx.records import Triplet
from nmixx.triplets.checks.shape import likeness

ENOUGH = 0.5
"""The share of letter trigrams from which two negatives count as alike."""


def score_agreement(triplets: Sequence[Triplet]) -> list[float | None]:
    """Score each triplet by the most similar negative of another generator.

    Two generators meet where anchor, shift and the negative's language are the same; what made a
    triplet is the first part of its provenance. Alike negatives give 1. Unlike ones are a doubt and
    no fault, from one half up: both may be right in their own way.

    Returns:
        A score a triplet, in their order; None where no other generator was there.
    """
    met: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for at, one in enumerate(triplets):
        met[normalise_key(one.anchor), one.negative_kind, one.negative_lang].append(at)
    scores: list[float | None] = [None] * len(triplets)
    for rows in met.values():
        for at in rows:
            maker = generator_of(triplets[at])
            others = [row for row in rows if generator_of(triplets[row]) != maker]
            if others:
                best = max(
                    likeness(triplets[at].negative, triplets[row].negative) for row in others
                )
                scores[at] = 1.0 if best >= ENOUGH else round(0.5 + best, 4)
    return scores


def generator_of(triplet: Triplet) -> str:
    """Name what made a triplet: ``rule``, ``llm`` and the like."""
    return triplet.provenance.partition(":")[0]
