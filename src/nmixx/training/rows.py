"""The rows of a training step: which pairs or triplets, and the columns its loss reads."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from nmixx.corpus.sources import unit_of
from nmixx.records import SAME_MEANING, Pair, Triplet
from nmixx.training.neighbours import nearest_spelling
from nmixx.training.settings import Mixture, StepSettings
from nmixx.triplets.given import GIVEN

Composition = Mapping[str, Mapping[str, int]]
RecordType = TypeVar("RecordType", Pair, Triplet)


@dataclass(frozen=True)
class TrainingRows:
    """Columns of equal length, and each row's group; a row that names none is one by itself.

    ``pivots`` is each row's text in the pivot language that says what the whole row says, empty
    where there is none; so is a column's text that a row lacks. ``composition`` counts the rows by
    category, shift and language direction.
    """

    columns: dict[str, list[str]]
    groups: list[str]
    pivots: list[str]
    composition: Composition = field(default_factory=dict)

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.groups)


@dataclass(frozen=True)
class Drawn:
    """What rows are drawn from."""

    pairs: Sequence[Pair] = ()
    triplets: Sequence[Triplet] = ()
    mined: Sequence[Triplet] = ()
    pivot: str = "en"


def pair_rows(pairs: Sequence[Pair], step: StepSettings, *, pivot: str, seed: int) -> TrainingRows:
    """Draw the pairs of a step; the side in the pivot language becomes the column ``pivot``.

    Terms and sentences are drawn apart, so that many short terms do not drown the sentences. A
    source's ``weight`` says how often its pairs are met: 0.3 draws three in ten, 2 all of them
    twice; the step's mixture is multiplied with it.
    """
    return _lay_out(draw_pairs(pairs, step, seed), pivot)


def glossary_rows(
    pairs: Sequence[Pair], step: StepSettings, *, pivot: str, seed: int
) -> TrainingRows:
    """Draw terms with their translations and definitions, and the neighbour each is told from.

    Terms are pairs of the step's kinds whose anchor is a term; ``terms`` caps those whose other
    side is a term, too, ``sentences`` those whose other side is a definition. The column
    ``negative`` is the other side of the row of another group whose term is spelled most alike,
    empty where none shares any letters.
    """
    terms = [pair for pair in pairs if unit_of(pair.anchor) == "term"]
    chosen = draw_pairs(terms, step, seed)
    rows = _lay_out(chosen, pivot)
    near = nearest_spelling([pair.anchor for pair in chosen], rows.groups)
    others = rows.columns["other"]
    rows.columns["negative"] = ["" if at is None else others[at] for at in near]
    return rows


def draw_pairs(pairs: Sequence[Pair], step: StepSettings, seed: int) -> list[Pair]:
    """Draw pairs by their weights, terms and sentences each up to a cap of their own.

    A pair that is met twice stands there twice.
    """
    chooser = random.Random(seed)
    wanted = [
        pair
        for pair in pairs
        if pair.kind in step.kinds
        for _ in range(_copies(_own_weight(pair) * _weigh(pair, step.mixture), chooser))
    ]
    chooser.shuffle(wanted)
    terms = [pair for pair in wanted if pair.extra.get("unit") == "term"][: step.terms]
    sentences = [pair for pair in wanted if pair.extra.get("unit") != "term"][: step.sentences]
    return sorted((*sentences, *terms), key=lambda pair: pair.id)


def _lay_out(chosen: Sequence[Pair], pivot: str) -> TrainingRows:
    """Lay pairs out in columns, the pivot language's side first."""
    flipped = [pair.positive_lang == pivot != pair.anchor_lang for pair in chosen]
    both = list(zip(chosen, flipped, strict=True))
    return TrainingRows(
        {
            "pivot": [pair.positive if flip else pair.anchor for pair, flip in both],
            "other": [pair.anchor if flip else pair.positive for pair, flip in both],
        },
        [pair.group or pair.id for pair in chosen],
        [_shared_meaning(pair, pivot) for pair in chosen],
        _count(chosen),
    )


def _shared_meaning(pair: Pair, pivot: str) -> str:
    """Give the side in the pivot language of a pair whose sides say the same."""
    if pair.kind not in SAME_MEANING:
        return ""
    if pair.anchor_lang == pivot:
        return pair.anchor
    return pair.positive if pair.positive_lang == pivot else ""


def triplet_rows(
    triplets: Sequence[Triplet],
    mined: Sequence[Triplet],
    step: StepSettings,
    *,
    pivot: str,
    seed: int,
) -> TrainingRows:
    """Draw the triplets of a step from the shifted, the given and the mined ones."""
    chosen = _draw_triplets(triplets, mined, step, seed)
    return TrainingRows(
        {
            "anchor": [triplet.anchor for triplet in chosen],
            "positive": [triplet.positive for triplet in chosen],
            "negative": [triplet.negative for triplet in chosen],
        },
        [triplet.group or triplet.anchor for triplet in chosen],
        [_pivot_side(triplet, pivot) for triplet in chosen],
        _count(chosen),
    )


def negative_rows(
    triplets: Sequence[Triplet],
    mined: Sequence[Triplet],
    step: StepSettings,
    *,
    pivot: str,
    seed: int,
) -> TrainingRows:
    """Draw triplets as :func:`triplet_rows` does, and join those of one anchor and positive.

    A row has as many columns of negatives as the step's ``negatives``, in the order drawn; those it
    lacks are empty. Negatives beyond that make a further row.
    """
    rows: list[tuple[Triplet, list[str]]] = []
    open_row: dict[tuple[str, str, str], list[str]] = {}
    chosen = _draw_triplets(triplets, mined, step, seed)
    for triplet in chosen:
        key = (triplet.anchor, triplet.positive, triplet.group)
        negatives = open_row.get(key)
        if negatives is None or len(negatives) == step.negatives:
            open_row[key] = negatives = []
            rows.append((triplet, negatives))
        if triplet.negative not in negatives:
            negatives.append(triplet.negative)
    width = max((len(negatives) for _, negatives in rows), default=0)
    columns = {
        f"negative_{at + 1}": [
            negatives[at] if at < len(negatives) else "" for _, negatives in rows
        ]
        for at in range(width)
    }
    return TrainingRows(
        {
            "anchor": [triplet.anchor for triplet, _ in rows],
            "positive": [triplet.positive for triplet, _ in rows],
            **columns,
        },
        [triplet.group or triplet.anchor for triplet, _ in rows],
        [_pivot_side(triplet, pivot) for triplet, _ in rows],
        _count(chosen),
    )


ROWS: Mapping[str, Callable[[Drawn, StepSettings, int], TrainingRows]] = {
    "pairs": lambda drawn, step, seed: pair_rows(drawn.pairs, step, pivot=drawn.pivot, seed=seed),
    "glossary": lambda drawn, step, seed: glossary_rows(
        drawn.pairs, step, pivot=drawn.pivot, seed=seed
    ),
    "triplets": lambda drawn, step, seed: triplet_rows(
        drawn.triplets, drawn.mined, step, pivot=drawn.pivot, seed=seed
    ),
    "negatives": lambda drawn, step, seed: negative_rows(
        drawn.triplets, drawn.mined, step, pivot=drawn.pivot, seed=seed
    ),
}
"""How the rows of a step are made, by the word that an objective has for them."""


def _draw_triplets(
    triplets: Sequence[Triplet], mined: Sequence[Triplet], step: StepSettings, seed: int
) -> list[Triplet]:
    """Draw shifted, mined and given triplets, each up to a cap of their own."""
    chooser = random.Random(seed)
    mixed = _mix(triplets, step.mixture, chooser)
    given = [triplet for triplet in mixed if triplet.negative_kind == GIVEN]
    shifted = [triplet for triplet in mixed if triplet.negative_kind != GIVEN]
    return [
        *_draw(shifted, step.triplets, chooser),
        *_draw(_mix(mined, step.mixture, chooser), step.mined, chooser),
        *_draw(given, step.given, chooser),
    ]


def _mix(
    triplets: Sequence[Triplet], mixture: Mixture, chooser: random.Random
) -> Sequence[Triplet]:
    """Repeat and leave out triplets by their weights."""
    if mixture == Mixture():
        return triplets
    return [
        triplet for triplet in triplets for _ in range(_copies(_weigh(triplet, mixture), chooser))
    ]


def _traits(row: Pair | Triplet) -> dict[str, str]:
    """Give what a row is mixed by."""
    return {
        "category": row.category,
        "shift": row.negative_kind if isinstance(row, Triplet) else row.kind,
        "direction": f"{row.anchor_lang}-{row.positive_lang}",
    }


def _weigh(row: Pair | Triplet, mixture: Mixture) -> float:
    """Multiply a row's weights."""
    weight = 1.0
    for trait, value in _traits(row).items():
        weight *= getattr(mixture, trait).get(value, 1.0)
    return weight


def _own_weight(pair: Pair) -> float:
    """Give the weight of a pair's source, 1 when none is given."""
    given = pair.extra.get("weight")
    return 1.0 if given is None else float(given)


def _copies(weight: float, chooser: random.Random) -> int:
    """Turn a weight into a number of copies that is right on average."""
    whole = int(weight)
    return whole + (chooser.random() < weight - whole)


def _count(chosen: Iterable[Pair | Triplet]) -> Composition:
    """Count rows by each trait, the most frequent first."""
    counters: dict[str, Counter[str]] = {}
    for row in chosen:
        for trait, value in _traits(row).items():
            counters.setdefault(trait, Counter())[value] += 1
    return {trait: dict(counter.most_common()) for trait, counter in counters.items()}


def _pivot_side(triplet: Triplet, pivot: str) -> str:
    """Give the anchor or the positive, whichever is in the pivot language."""
    if triplet.anchor_lang == pivot:
        return triplet.anchor
    return triplet.positive if triplet.positive_lang == pivot else ""


def _draw(
    triplets: Sequence[RecordType], size: int | None, chooser: random.Random
) -> Sequence[RecordType]:
    """Draw ``size`` triplets, or take all."""
    if size is None or size >= len(triplets):
        return triplets
    return [triplets[at] for at in sorted(chooser.sample(range(len(triplets)), size))]
