"""Normalisations: one query's scores brought to a scale.

The scores of a query are those of its shortlist, its positives among them; so a positive's score
is on the scale too. What that does to BM25 is worth seeing before a margin is trusted: a positive
that shares its words with the query is mostly the best of the list, which min-max makes exactly 1,
and one that shares none, as across languages, is the worst, which it makes exactly 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nmixx.encoding import FloatArray
from nmixx.errors import InputError
from nmixx.mining.runs import Run

if TYPE_CHECKING:
    from nmixx.mining.teachers.protocol import Teacher


def keep(scores: FloatArray) -> FloatArray:
    """Leave scores as they are."""
    return scores


def minmax(scores: FloatArray) -> FloatArray:
    """Put the lowest at 0 and the highest at 1.

    Scores that are all the same become 1 if they are above 0 and else 0: so does BM25's positive
    when it alone shares a word with the query, and when nothing does.
    """
    low, high = scores.min(initial=np.inf), scores.max(initial=-np.inf)
    if not high > low:
        return (scores > 0).astype(np.float32)
    scaled: FloatArray = ((scores.astype(np.float64) - low) / (np.float64(high) - low)).astype(
        np.float32
    )
    return scaled


def zscore(scores: FloatArray) -> FloatArray:
    """Put the mean at 0 and the standard deviation at 1; scores all the same become 0."""
    wide = scores.astype(np.float64)
    if not len(wide) or wide.max() == wide.min():
        return np.zeros_like(scores)
    scaled: FloatArray = ((wide - wide.mean()) / wide.std()).astype(np.float32)
    return scaled


def sigmoid(scores: FloatArray) -> FloatArray:
    """Squeeze each score into 0 to 1 by the logistic function, as cross-encoders are trained."""
    from scipy.special import expit

    squeezed: FloatArray = expit(scores.astype(np.float64)).astype(np.float32)
    return squeezed


@dataclass(frozen=True)
class Normalisation:
    """A row of the table of normalisations; all are monotone, so ranks stay."""

    apply: Callable[[FloatArray], FloatArray]
    meaning: str
    """What becomes of a score, for help texts."""
    bounds: bool | None
    """Whether scores are bounded afterwards, whatever they were; None: if they were before."""

    def bounded(self, teachers: Iterable[Teacher]) -> bool:
        """Tell whether the scores of these teachers are bounded once normalised."""
        if self.bounds is None:
            return all(teacher.bounded for teacher in teachers)
        return self.bounds


NORMALISATIONS: Mapping[str, Normalisation] = {
    "none": Normalisation(keep, "as the teacher gave it", bounds=None),
    "minmax": Normalisation(
        minmax, "its place between the query's lowest and highest", bounds=True
    ),
    "zscore": Normalisation(zscore, "standard deviations from the query's mean", bounds=False),
    "sigmoid": Normalisation(sigmoid, "the logistic function of it", bounds=True),
}


def find_normalisation(name: str) -> Normalisation:
    """Give a row of the table.

    Raises:
        InputError: there is no such normalisation.
    """
    if name not in NORMALISATIONS:
        known = ", ".join(NORMALISATIONS)
        raise InputError(f"normalisation {name!r}: no such normalisation.\nKnown: {known}.")
    return NORMALISATIONS[name]


def normalise_run(run: Run, name: str) -> Run:
    """Normalise each query's scores by themselves.

    Raises:
        InputError: there is no such normalisation.
    """
    apply = find_normalisation(name).apply
    count = len(run.offsets) - 1
    scores = [apply(run.of(query)[1]) for query in range(count)]
    # Ordered again: scores that differed may now be the same.
    return Run.build(
        run.queries,
        run.documents,
        np.concatenate([np.empty(0, dtype=np.float32), *scores]),
        count=count,
    )
