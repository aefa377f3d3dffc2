"""Mining proper: two streaming searches, margins over what they found, and the choice of pairs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nmixx.encoding import FloatArray
from nmixx.mining.bitext.margins import MARGINS, mean_scores
from nmixx.mining.bitext.retrievals import RETRIEVALS, Matches, take_one_to_one
from nmixx.mining.bitext.sentences import Side
from nmixx.mining.bitext.settings import BitextSettings
from nmixx.mining.rules import FREE
from nmixx.mining.search import search
from nmixx.mining.teachers.protocol import Hits, Tier


@dataclass(frozen=True)
class BitextResult:
    """Both sides and all candidate pairs, those below the threshold too.

    A result can be decided again with another threshold without searching again.
    """

    first: Side
    second: Side
    matches: Matches
    settings: BitextSettings
    written: Mapping[str, int] = field(default_factory=dict)

    def kept(self) -> Matches:
        """Give the pairs at or above the threshold, the best first."""
        return self.matches.at(np.flatnonzero(self.matches.scores >= self.settings.threshold))

    def counts(self) -> Mapping[str, int]:
        """Count sentences, candidates and pairs."""
        return {
            "first_sentences": len(self.first.sentences),
            "second_sentences": len(self.second.sentences),
            "left_out": len(self.first.dropped) + len(self.second.dropped),
            "candidates": len(self.matches),
            "above_threshold": len(self.kept()),
        }

    def report(self) -> dict[str, Any]:
        """Give counts, settings and how margins spread, as JSON-like values."""
        scores = self.matches.scores
        marks = (5, 25, 50, 75, 95)
        spread = np.percentile(scores, marks).round(4).tolist() if len(scores) else []
        return {
            "counts": dict(self.counts()),
            "settings": self.settings.model_dump(mode="json"),
            "margins": {f"p{mark:02}": value for mark, value in zip(marks, spread, strict=False)},
        }


def pair_sentences(first: FloatArray, second: FloatArray, settings: BitextSettings) -> Matches:
    """Score and choose pairs of rows; the best margin stands first.

    Each side is searched from the other, block by block, so that only ``neighbours`` scores a
    sentence are ever in memory. The margin looks at neighbours in both directions.

    Args:
        first: unit vectors, shape (sentences, dimensions).
        second: unit vectors of the other language, with the same dimensions.
        settings: neighbours, margin, retrieval; the threshold is not applied here.
    """
    return choose_matches(find_neighbours(first, second, settings), settings)


def find_neighbours(
    first: FloatArray, second: FloatArray, settings: BitextSettings
) -> tuple[Hits, Hits]:
    """Search each side from the other; margin and retrieval make no difference to it."""
    return _search(first, second, settings), _search(second, first, settings)


def choose_matches(neighbours: tuple[Hits, Hits], settings: BitextSettings) -> Matches:
    """Score and choose pairs among the neighbours that were found; the best stands first."""
    ahead, back = neighbours
    around_first, around_second = mean_scores(ahead), mean_scores(back)
    forward = _best(ahead, around_first, around_second, settings)
    swapped = _best(back, around_second, around_first, settings)
    backward = Matches(swapped.second, swapped.first, swapped.scores, swapped.cosines)
    candidates = RETRIEVALS[settings.retrieval](forward, backward).ranked()
    return take_one_to_one(candidates) if settings.one_to_one else candidates


def _search(queries: FloatArray, documents: FloatArray, settings: BitextSettings) -> Hits:
    """Find the nearest neighbours of each query."""
    ceilings: FloatArray = np.full(len(queries), np.inf, dtype=np.float32)
    (hits,) = search(
        queries,
        documents,
        [Tier(min(settings.neighbours, len(documents)), ceilings)],
        FREE,
        precision=settings.precision,
    )
    return hits


def _best(
    hits: Hits, around: FloatArray, around_others: FloatArray, settings: BitextSettings
) -> Matches:
    """Choose each sentence's neighbour with the best margin, the nearer one where two tie."""
    others = around_others[np.maximum(hits.indices, 0)]
    means = ((around[:, None] + others) / 2).astype(np.float32)
    scores = MARGINS[settings.margin](hits.scores, means)
    scores = np.where(hits.indices >= 0, scores, -np.inf)
    rows = np.arange(len(scores))
    best = scores.argmax(axis=1)
    return Matches(
        rows.astype(np.int64),
        hits.indices[rows, best],
        scores[rows, best].astype(np.float32),
        hits.scores[rows, best],
    ).at(np.flatnonzero(hits.indices[rows, best] >= 0))
