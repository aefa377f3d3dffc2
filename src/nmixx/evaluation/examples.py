"""What a model scored on each example of a task, and the figure that follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial

import numpy as np

from nmixx.errors import DataError
from nmixx.evaluation.bootstrap import Array, Statistic, resample_mean
from nmixx.evaluation.spearman import Ranker, resample_spearman, spearman


@dataclass(frozen=True)
class Examples:
    """One value an example; the figure is their mean, or their correlation with labels.

    ``parts`` splits the examples: dimension, such as ``lang``, to group to examples.
    """

    values: Array
    labels: Array | None = None
    parts: Mapping[str, Mapping[str, Examples]] = field(default_factory=dict)

    def __len__(self) -> int:
        """Count the examples."""
        return len(self.values)

    @cached_property
    def figure(self) -> float:
        """The task's figure on these examples.

        Raises:
            DataError: a correlation of columns that have no order.
        """
        if self.labels is None:
            return float(self.values.mean())
        return spearman(self.values, self.labels)

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
        if self.labels is None:
            return partial(resample_mean, values=self.values)
        return partial(resample_spearman, scores=Ranker(self.values), labels=Ranker(self.labels))


def split(
    values: Array, labels: Array | None, dimensions: Mapping[str, list[str]]
) -> dict[str, dict[str, Examples]]:
    """Split examples by each dimension that tells at least two groups apart.

    Args:
        values: one an example.
        labels: likewise, where there are any.
        dimensions: dimension's name to each example's group; an empty string is no group.
    """
    parts: dict[str, dict[str, Examples]] = {}
    for dimension, groups in dimensions.items():
        names = sorted(set(groups) - {""})
        column = np.array(groups)
        if len(names) > 1:
            chosen = {name: column == name for name in names}
            parts[dimension] = {
                name: Examples(values[rows], None if labels is None else labels[rows])
                for name, rows in chosen.items()
            }
    return parts
