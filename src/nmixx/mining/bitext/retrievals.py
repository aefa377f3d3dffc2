"""Retrievals: which candidate pairs are looked at, and in which order they are taken.

Artetxe and Schwenk 2019, section 3.3: the best match of each sentence of one side (forward), of the
other (backward), what both agree on (intersection), or the better of the two (max).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from nmixx.encoding import FloatArray
from nmixx.mining.bitext.settings import RetrievalName
from nmixx.mining.rules import IntArray


@dataclass(frozen=True, eq=False)
class Matches:
    """Pairs of rows with their margin and cosine, the best margin first; four arrays, one shape."""

    first: IntArray
    second: IntArray
    scores: FloatArray
    cosines: FloatArray

    def __len__(self) -> int:
        """Count the pairs."""
        return len(self.first)

    def at(self, chosen: IntArray) -> Matches:
        """Give some of the pairs."""
        return Matches(
            self.first[chosen], self.second[chosen], self.scores[chosen], self.cosines[chosen]
        )

    def ranked(self) -> Matches:
        """Order by score, ties by rows, so that the order is always the same."""
        return self.at(np.lexsort((self.second, self.first, -self.scores)))


Retrieval = Callable[[Matches, Matches], Matches]
"""From the best match of each first sentence, and of each second one, to candidate pairs."""


def _forward(forward: Matches, backward: Matches) -> Matches:
    """Take the best match of each first sentence."""
    return forward


def _backward(forward: Matches, backward: Matches) -> Matches:
    """Take the best match of each second sentence."""
    return backward


def _intersection(forward: Matches, backward: Matches) -> Matches:
    """Take the pairs that are the best match from both sides."""
    return forward.at(np.flatnonzero(np.isin(_keys(forward), _keys(backward))))


def _either(forward: Matches, backward: Matches) -> Matches:
    """Take the pairs that are the best match from either side, each once."""
    joined = Matches(
        *(
            np.concatenate([one, other])
            for one, other in (
                (forward.first, backward.first),
                (forward.second, backward.second),
                (forward.scores, backward.scores),
                (forward.cosines, backward.cosines),
            )
        )
    )
    _, distinct = np.unique(_keys(joined), return_index=True)
    return joined.at(distinct)


RETRIEVALS: Mapping[RetrievalName, Retrieval] = {
    "forward": _forward,
    "backward": _backward,
    "intersection": _intersection,
    "max": _either,
}


def take_one_to_one(matches: Matches) -> Matches:
    """Go through ranked pairs and take each whose two sentences are still free."""
    taken_first: set[int] = set()
    taken_second: set[int] = set()
    chosen = []
    for row, (one, other) in enumerate(
        zip(matches.first.tolist(), matches.second.tolist(), strict=True)
    ):
        if one not in taken_first and other not in taken_second:
            taken_first.add(one)
            taken_second.add(other)
            chosen.append(row)
    return matches.at(np.array(chosen, dtype=np.int64))


def _keys(matches: Matches) -> IntArray:
    """Give one number for each pair of rows."""
    keys: IntArray = (matches.first << 32) + matches.second
    return keys
