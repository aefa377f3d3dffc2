"""A probe: the same few rows looked at again and again while a step trains."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nmixx.corpus.language import UNKNOWN, detect_language
from nmixx.encoding import Encoder
from nmixx.training.rows import TrainingRows

ROWS = 32
"""Rows of a probe: enough to see a collapse, and about one per cent of a step's time."""

MIN_DIRECTION = 6
"""Rows of a direction below which its share of found positives says nothing."""

_COUNTED = 400

Array = npt.NDArray[np.float64]

_WORTH = 0.05
"""Loss that a triplet must still have to teach anything."""


@dataclass(frozen=True)
class Probe:
    """What the probe's rows looked like at one moment.

    ``similarity`` is the mean cosine of texts of different rows; ``uniformity`` the logarithm of
    their mean Gaussian potential (Wang and Isola, arXiv 2005.10242, equation 5), 0 when all texts
    lie in one point and lower the further apart they are; ``active`` the share of triplets that
    still have a loss; ``found`` the share of anchors that find their positive, by direction.
    """

    step: int
    similarity: float
    uniformity: float
    active: float | None
    found: dict[str, float]


class Prober:
    """Looks at a fixed sample of a step's rows."""

    def __init__(self, rows: TrainingRows, *, temperature: float, seed: int) -> None:
        """Draw the sample.

        Args:
            rows: the step's; the first two columns belong together, a third is a negative.
            temperature: of the loss.
            seed: of the draw.
        """
        chosen = sorted(random.Random(seed).sample(range(len(rows)), min(ROWS, len(rows))))
        columns = list(rows.columns.values())[:3]
        self._texts = [[column[row] for row in chosen] for column in columns]
        self._directions = directions(*self._texts[:2])
        self._temperature = temperature

    def look(self, encoder: Encoder, step: int) -> Probe:
        """Encode the sample and measure it."""
        flat = [text for column in self._texts for text in column]
        vectors = encoder.encode(flat).astype(np.float64)
        anchor, positive, *negative = np.split(vectors, len(self._texts))
        similarity, uniformity = spread(anchor, positive)
        found = share_found(anchor, [positive, *negative], self._directions)
        if not negative:
            backwards = [turn(name) for name in self._directions]
            found |= share_found(positive, [anchor], backwards)
        active = (
            share_active(anchor, positive, negative[0], self._temperature) if negative else None
        )
        return Probe(step, similarity, uniformity, active, found)


def directions(anchors: Sequence[str], positives: Sequence[str]) -> list[str]:
    """Name the languages of rows, for example ``ko → en``.

    A text too short to tell gets the usual language of the texts that are ASCII as it is, or not.
    """
    texts = [*anchors, *positives]
    found = [detect_language(text) for text in texts]
    told = Counter((text.isascii(), name) for text, name in zip(texts, found, strict=True) if name)
    usual = {ascii: name for (ascii, name), _ in reversed(told.most_common())}
    names = [
        name or usual.get(text.isascii(), UNKNOWN) for text, name in zip(texts, found, strict=True)
    ]
    half = len(anchors)
    return [f"{one} → {other}" for one, other in zip(names[:half], names[half:], strict=True)]


def turn(name: str) -> str:
    """Turn a direction around."""
    return " → ".join(reversed(name.split(" → ")))


def spread(anchor: Array, positive: Array) -> tuple[float, float]:
    """Give the mean cosine and the uniformity of texts of different rows.

    Args:
        anchor: unit vectors, shape (rows, dimensions).
        positive: likewise.
    """
    products = np.concatenate([anchor @ anchor.T, anchor @ positive.T, positive @ positive.T])
    apart = np.tile(~np.eye(len(anchor), dtype=bool), (3, 1))
    cosines = products[apart]
    # |x - y|^2 = 2 - 2 cos for unit vectors.
    potential = np.exp(-2 * (2 - 2 * cosines)).mean()
    return float(cosines.mean()), math.log(potential)


def share_found(
    anchor: Array, others: Sequence[Array], directions: Sequence[str]
) -> dict[str, float]:
    """Give the share of anchors nearest to their own positive, by direction.

    Args:
        anchor: unit vectors, shape (rows, dimensions).
        others: positives first, then negatives, each of the same shape.
        directions: one a row; those of few rows are left out.
    """
    nearest = (anchor @ np.concatenate(others).T).argmax(axis=1)
    right = nearest == np.arange(len(anchor))
    counts = Counter(directions)
    return {
        name: float(np.mean([r for r, d in zip(right, directions, strict=True) if d == name]))
        for name in sorted(counts)
        if counts[name] >= MIN_DIRECTION
    }


def share_active(anchor: Array, positive: Array, negative: Array, temperature: float) -> float:
    """Give the share of triplets whose own temperature-scaled loss is worth anything."""
    gap = ((anchor * negative).sum(1) - (anchor * positive).sum(1)) / temperature
    return float(np.mean(np.logaddexp(0, gap) > _WORTH))


def count_directions(columns: Mapping[str, Sequence[str]], *, seed: int) -> dict[str, int]:
    """Count the directions of a sample of rows between their two most frequent languages."""
    anchors, positives = list(columns.values())[:2]
    chosen = random.Random(seed).sample(range(len(anchors)), min(_COUNTED, len(anchors)))
    names = directions([anchors[row] for row in chosen], [positives[row] for row in chosen])
    languages = Counter(side for name in names for side in name.split(" → ") if side != UNKNOWN)
    # A short text in a third language is more often a wrong guess than a direction of its own.
    known = {language for language, _ in languages.most_common(2)}
    return dict(Counter(name for name in names if set(name.split(" → ")) <= known))
