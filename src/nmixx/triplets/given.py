"""Triplets from negatives that pairs bring along, such as contradictions of a premise."""

from __future__ import annotations

from collections.abc import Iterable

from nmixx.corpus.given import given_negatives
from nmixx.corpus.language import detect_language
from nmixx.records import Pair, Triplet

GIVEN = "given"
"""What stands as ``negative_kind``."""


def given_triplets(pairs: Iterable[Pair]) -> list[Triplet]:
    """Make one triplet for each negative that a pair brings along."""
    return [
        Triplet(
            anchor=pair.anchor,
            positive=pair.positive,
            negative=negative,
            category=pair.category,
            anchor_lang=pair.anchor_lang,
            positive_lang=pair.positive_lang,
            negative_lang=detect_language(negative) or pair.positive_lang,
            positive_kind=pair.kind,
            negative_kind=GIVEN,
            confidence=0.0,
            group=pair.group,
            provenance=f"{GIVEN}:{pair.positive_lang}:{pair.id}",
        )
        for pair in pairs
        for negative in given_negatives(pair)
    ]
