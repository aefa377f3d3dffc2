"""What can be seen of a pair without reading it: lengths, overlap, figures, and cue words."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np

from nmixx.evaluation.bootstrap import Array
from nmixx.evaluation.surface import BASELINES
from nmixx.records import ScoredPair

_WORD = re.compile(r"\w+(?:[.,]\d+)*%?")
_ENDING = 2  # letters of a Korean word form that carry its particle or ending


def _excess(first: str, second: str) -> float:
    """Length that the second text has more than the first, as a share of the longer."""
    return (len(second) - len(first)) / max(len(first), len(second), 1)


FEATURES: dict[str, Callable[[str, str], float]] = {
    **BASELINES,
    "relative length": lambda a, b: -abs(_excess(a, b)),
    "second is longer": _excess,
    "length of both": lambda a, b: float(len(a) + len(b)),
}
"""Feature to its value for two texts: the baselines of evaluation, and three more of length."""


def measure_features(pairs: Sequence[tuple[str, str]], langs: Sequence[str]) -> Array:
    """Measure every feature, centred and scaled within each language.

    What is usual differs by language: a Korean sentence is shorter than its translation.

    Args:
        pairs: two texts each.
        langs: language or direction of each pair.

    Returns:
        Shape (pairs, features); a feature that never varies within a language is 0.
    """
    rows = [[feature(one, two) for feature in FEATURES.values()] for one, two in pairs]
    values: Array = np.array(rows, np.float64).reshape(len(pairs), len(FEATURES))
    column = np.array(langs)
    for lang in np.unique(column):
        chosen = column == lang
        part = values[chosen]
        spread = part.std(axis=0)
        values[chosen] = (part - part.mean(axis=0)) / np.where(spread > 1e-9, spread, np.inf)
    return values


def find_cues(first: str, second: str) -> frozenset[str]:
    """List the words that stand in one of two texts only, with the side: ``+not``, ``-may``.

    Endings of Korean word forms count as words of their own.
    """
    one, two = _words(first), _words(second)
    return frozenset({f"+{word}" for word in two - one} | {f"-{word}" for word in one - two})


def texts_of(pairs: Sequence[ScoredPair]) -> list[tuple[str, str]]:
    """Give the two texts of each pair."""
    return [(pair.sentence1, pair.sentence2) for pair in pairs]


def _words(text: str) -> set[str]:
    """List the words of a text, in small letters, and the endings of Korean ones."""
    words = set(_WORD.findall(text.casefold()))
    endings = {f"~{word[-_ENDING:]}" for word in words if len(word) > _ENDING and word[-1] >= "가"}
    return words | endings
