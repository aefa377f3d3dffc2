"""What a model scored on each example of a task, and the figure that follows from it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from nmixx.errors import DataError
from nmixx.evaluation.bootstrap import Array, Statistic
from nmixx.evaluation.figures import FIGURES, Figure

_DIGITS = re.compile(r"(\d+)")
_QUARTILES = (0.25, 0.5, 0.75)
_LEAST_PER_QUARTILE = 10


@dataclass(frozen=True)
class Examples:
    """One value an example; the figure is their mean, or how they agree with labels.

    ``parts`` splits the examples: dimension, such as ``lang``, to group to examples. ``metrics``
    are further figures of the same examples, without intervals. ``figured`` names the figure in
    :data:`nmixx.evaluation.figures.FIGURES`; by default the mean without labels, else Spearman.
    """

    values: Array
    labels: Array | None = None
    parts: Mapping[str, Mapping[str, Examples]] = field(default_factory=dict)
    metrics: Mapping[str, float] = field(default_factory=dict)
    figured: str = ""

    def __len__(self) -> int:
        """Count the examples."""
        return len(self.values)

    @property
    def rule(self) -> Figure:
        """How the figure is computed."""
        return FIGURES[self.figured or ("mean" if self.labels is None else "spearman")]

    @cached_property
    def figure(self) -> float:
        """The task's figure on these examples.

        Raises:
            DataError: a correlation of columns that have no order.
        """
        return self.rule.compute(self.values, self.labels)

    @cached_property
    def figure_or_none(self) -> float | None:
        """The figure, or None where it is undefined, as in a group whose labels are all equal."""
        try:
            return self.figure
        except DataError:
            return None

    @property
    def statistic(self) -> Statistic:
        """The figure as a function of resampling weights."""
        return self.rule.resampled(self.values, self.labels)


def split(
    values: Array,
    labels: Array | None,
    dimensions: Mapping[str, Sequence[str]],
    figured: str = "",
) -> dict[str, dict[str, Examples]]:
    """Split examples by each dimension that tells at least two groups apart.

    Args:
        values: one an example.
        labels: likewise, where there are any.
        dimensions: dimension's name to each example's group; an empty string is no group.
        figured: the parts' figure.
    """
    parts: dict[str, dict[str, Examples]] = {}
    for dimension, groups in dimensions.items():
        names = sorted(set(groups) - {""}, key=_natural)
        column = np.array(groups)
        if len(names) > 1:
            chosen = {name: column == name for name in names}
            parts[dimension] = {
                name: Examples(
                    values[rows], None if labels is None else labels[rows], figured=figured
                )
                for name, rows in chosen.items()
            }
    return parts


def group_by_length(lengths: Sequence[int]) -> list[str]:
    """Name each example's quarter by length, such as ``25 to 38 characters``.

    Args:
        lengths: characters of each example.

    Returns:
        Names in the order of the examples; empty strings where a quarter would hold too few.
    """
    if len(lengths) < 4 * _LEAST_PER_QUARTILE:
        return [""] * len(lengths)
    column = np.asarray(lengths)
    bounds = np.unique(np.quantile(column, _QUARTILES).astype(int))
    places = np.searchsorted(bounds, column)
    names = {}
    for place in np.unique(places):
        inside = column[places == place]
        names[place] = f"{inside.min()} to {inside.max()} characters"
    return [names[place] for place in places]


def _natural(name: str) -> list[str | int]:
    """Sort figures within names as figures."""
    return [int(part) if part.isdigit() else part for part in _DIGITS.split(name)]
