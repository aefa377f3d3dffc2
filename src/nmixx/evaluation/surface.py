"""Surface baselines: how far one gets on a task without reading the sentences.

Sentences written to order often give away their label by their length or by the words they
share. A model that scores below such a baseline is shown next to it, with a warning.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from nmixx.evaluation.bootstrap import Array
from nmixx.evaluation.lexical import BM25, score_lexically
from nmixx.evaluation.spearman import is_flat, spearman
from nmixx.records import ScoredPair

MIN_ROWS = 100
"""Fewer examples than this give an interval too wide to tell models apart."""

LEAST_ROWS = 10
"""Below so many examples no interval is given but all that is possible, and nothing is claimed."""

_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")


def _overlap(first: set[str], second: set[str]) -> float:
    """Jaccard similarity; two empty sets agree."""
    return len(first & second) / len(first | second) if first or second else 1.0


def _words(text: str) -> set[str]:
    """List the distinct words of a text, without regard to case."""
    return set(text.casefold().split())


def _trigrams(text: str) -> set[str]:
    """List the distinct runs of three characters."""
    return {text[at : at + 3] for at in range(len(text) - 2)}


def _figures(text: str) -> set[str]:
    """List the distinct numbers."""
    return set(_FIGURE.findall(text))


BASELINES: dict[str, Callable[[str, str], float]] = {
    "length in characters": lambda a, b: -abs(len(a) - len(b)),
    "length in words": lambda a, b: -abs(len(a.split()) - len(b.split())),
    "word overlap": lambda a, b: _overlap(_words(a), _words(b)),
    "letter overlap": lambda a, b: _overlap(_trigrams(a.casefold()), _trigrams(b.casefold())),
    "same figures": lambda a, b: _overlap(_figures(a), _figures(b)),
}
"""Baseline to its score of two texts: higher is more alike."""


def score_surface(
    pairs: Sequence[ScoredPair],
    labels: Array,
    agree: Callable[[Array, Array], float] = spearman,
) -> dict[str, float]:
    """Set every baseline against people's scores; one that is the same everywhere is left out.

    Args:
        pairs: the task's pairs.
        labels: their scores, shape (pairs,), at least two of them distinct.
        agree: the task's figure.
    """
    first, second = [p.sentence1 for p in pairs], [p.sentence2 for p in pairs]
    columns: dict[str, Array | None] = {
        name: np.array([baseline(a, b) for a, b in zip(first, second, strict=True)], np.float64)
        for name, baseline in BASELINES.items()
    }
    columns[BM25] = score_lexically(first, second)
    return {
        name: agree(scores, labels)
        for name, scores in columns.items()
        if scores is not None and not is_flat(scores)
    }


def warn_of_surface(surface: Mapping[str, float], value: float) -> list[str]:
    """Say which baseline does better than the model, at most the best one.

    A correlation that goes the other way counts too: it can be turned round.

    Args:
        surface: the task's figure by baseline.
        value: the model's.
    """
    if not surface:
        return []
    best = max(surface, key=lambda name: abs(surface[name]))
    if abs(surface[best]) <= value:
        return []
    return [
        f"{best} scores {surface[best]:.2f}, the model {value:.2f}: the surface of these texts "
        "tells more than the model does"
    ]


def find_doubts(pairs: Sequence[ScoredPair], labels: Array) -> list[str]:
    """Find what makes a task's figure less than it seems: order, repetition, size."""
    doubts = []
    if _runs_with_rows(labels):
        doubts.append("the rows are sorted by score: shuffle them before taking a part")
    seen = Counter(frozenset((pair.sentence1, pair.sentence2)) for pair in pairs)
    repeated = sum(count - 1 for count in seen.values())
    if repeated:
        doubts.append(f"{repeated} of {len(pairs)} rows repeat an earlier pair")
    return [*doubts, *doubt_size(len(pairs), "rows")]


def doubt_size(count: int, what: str) -> list[str]:
    """Say when there are too few examples to tell models apart, or to tell anything."""
    if count < LEAST_ROWS:
        return [
            f"only {count} {what}: too few for an interval or a test, so the interval is all that "
            "is possible"
        ]
    return [f"only {count} {what}: the interval is wide"] if count < MIN_ROWS else []


def _runs_with_rows(labels: Array) -> bool:
    """Tell whether scores rise or fall with the row number, beyond accident."""
    return (
        len(labels) >= 10 and abs(spearman(np.arange(len(labels), dtype=np.float64), labels)) > 0.9
    )
