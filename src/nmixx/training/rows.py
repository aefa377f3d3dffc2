"""The rows of a training step: which pairs or triplets, and the columns its loss reads."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from nmixx.records import SAME_MEANING, Pair, Triplet
from nmixx.training.settings import StepSettings
from nmixx.triplets.given import GIVEN


@dataclass(frozen=True)
class TrainingRows:
    """Columns of equal length, and each row's group.

    ``pivots`` is each row's text in the pivot language that says what the whole row says, empty
    where there is none.
    """

    columns: dict[str, list[str]]
    groups: list[str]
    pivots: list[str]

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.groups)


def pair_rows(pairs: Sequence[Pair], step: StepSettings, *, pivot: str, seed: int) -> TrainingRows:
    """Draw the pairs of a step; the side in the pivot language becomes the column ``pivot``.

    Terms and sentences are drawn apart, so that many short terms do not drown the sentences. A
    source's ``weight`` says how often its pairs are met: 0.3 draws three in ten, 2 all of them
    twice.
    """
    chooser = random.Random(seed)
    wanted = [
        pair
        for pair in pairs
        if pair.kind in step.kinds
        for _ in range(_copies(pair.extra.get("weight"), chooser))
    ]
    chooser.shuffle(wanted)
    terms = [pair for pair in wanted if pair.extra.get("unit") == "term"][: step.terms]
    sentences = [pair for pair in wanted if pair.extra.get("unit") != "term"][: step.sentences]
    chosen = sorted((*sentences, *terms), key=lambda pair: pair.id)
    flipped = [pair.positive_lang == pivot != pair.anchor_lang for pair in chosen]
    both = list(zip(chosen, flipped, strict=True))
    pivots = [pair.positive if flip else pair.anchor for pair, flip in both]
    others = [pair.anchor if flip else pair.positive for pair, flip in both]
    known = [_shared_meaning(pair, pivot) for pair in chosen]
    return TrainingRows({"pivot": pivots, "other": others}, [pair.group for pair in chosen], known)


def _shared_meaning(pair: Pair, pivot: str) -> str:
    """Give the side in the pivot language of a pair whose sides say the same."""
    if pair.kind not in SAME_MEANING:
        return ""
    if pair.anchor_lang == pivot:
        return pair.anchor
    return pair.positive if pair.positive_lang == pivot else ""


def _copies(given: float | None, chooser: random.Random) -> int:
    """Turn a weight, 1 when none is given, into a number of copies that is right on average."""
    weight = 1.0 if given is None else float(given)
    whole = int(weight)
    return whole + (chooser.random() < weight - whole)


def triplet_rows(
    triplets: Sequence[Triplet],
    mined: Sequence[Triplet],
    step: StepSettings,
    *,
    pivot: str,
    seed: int,
) -> TrainingRows:
    """Draw the triplets of a step from the shifted, the given and the mined ones."""
    chooser = random.Random(seed)
    given = [triplet for triplet in triplets if triplet.negative_kind == GIVEN]
    shifted = [triplet for triplet in triplets if triplet.negative_kind != GIVEN]
    chosen = [
        *_draw(shifted, step.triplets, chooser),
        *_draw(mined, step.mined, chooser),
        *_draw(given, step.given, chooser),
    ]
    return TrainingRows(
        {
            "anchor": [triplet.anchor for triplet in chosen],
            "positive": [triplet.positive for triplet in chosen],
            "negative": [triplet.negative for triplet in chosen],
        },
        [triplet.group for triplet in chosen],
        [_pivot_side(triplet, pivot) for triplet in chosen],
    )


def _pivot_side(triplet: Triplet, pivot: str) -> str:
    """Give the anchor or the positive, whichever is in the pivot language."""
    if triplet.anchor_lang == pivot:
        return triplet.anchor
    return triplet.positive if triplet.positive_lang == pivot else ""


def _draw(
    triplets: Sequence[Triplet], size: int | None, chooser: random.Random
) -> Sequence[Triplet]:
    """Draw ``size`` triplets, or take all."""
    if size is None or size >= len(triplets):
        return triplets
    return [triplets[at] for at in sorted(chooser.sample(range(len(triplets)), size))]
