"""Batches of texts of like length, none of which holds two rows of one group."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np
from sentence_transformers.base.sampler import DefaultBatchSampler

_POOL_BATCHES = 40


class LengthBatchSampler(DefaultBatchSampler):
    """Draws a pool of rows at random, sorts it by length and cuts it into batches.

    Padding costs as much as text; within a pool of forty batches most of it vanishes, while the
    order of batches and the make-up of pools stay random. Rows of a group are kept apart, because
    in-batch losses take the other rows as negatives. With a budget a batch also ends before its
    rows, as long as the longest of them, are more tokens than that; two rows it always has.
    """

    def __init__(
        self,
        dataset: Any,  # noqa: ANN401 - the trainer's own dataset type
        batch_size: int,
        drop_last: bool,
        valid_label_columns: list[str] | None = None,
        generator: Any = None,  # noqa: ANN401 - a torch generator
        seed: int = 0,
        *,
        lengths: Sequence[int],
        groups: Sequence[str],
        budget: int | None = None,
    ) -> None:
        super().__init__(dataset, batch_size, drop_last, valid_label_columns, generator, seed)
        self._budget = budget
        self._lengths = np.asarray(lengths)
        numbers: dict[str, int] = {}
        self._groups = [numbers.setdefault(group, len(numbers)) for group in groups]
        self._epoch_batches: tuple[int, list[list[int]]] | None = None

    def __iter__(self) -> Iterator[list[int]]:
        """Yield the batches of the current epoch; the same ones for the same seed and epoch."""
        yield from self._batches()

    def __len__(self) -> int:
        """Count the batches of the current epoch."""
        return len(self._batches())

    def _batches(self) -> list[list[int]]:
        """Make the batches of the current epoch once."""
        epoch = int(getattr(self, "epoch", 0))
        if self._epoch_batches is None or self._epoch_batches[0] != epoch:
            self._epoch_batches = (epoch, self._make_batches(epoch))
        return self._epoch_batches[1]

    def _make_batches(self, epoch: int) -> list[list[int]]:
        """Shuffle, sort pools by length, keep groups apart, shuffle the batches."""
        chooser = np.random.default_rng((self.seed, epoch))
        order = chooser.permutation(len(self._lengths))
        batches: list[list[int]] = []
        waiting: list[int] = []
        pool_size = self.batch_size * _POOL_BATCHES
        for start in range(0, len(order), pool_size):
            pool = order[start : start + pool_size]
            by_length = pool[np.argsort(self._lengths[pool], kind="stable")]
            full, waiting = self._fill(waiting + by_length.tolist())
            batches += full
        # What is left over shares groups or is less than a batch; a short batch still teaches.
        last = list({self._groups[row]: row for row in reversed(waiting)}.values())[::-1]
        while len(last) >= 2:
            size = next((n for n in range(2, len(last)) if self._is_full(last[:n], last[n])), None)
            batches.append(last[:size])
            last = last[size:] if size else []
        return [batches[at] for at in chooser.permutation(len(batches))]

    def _fill(self, rows: list[int]) -> tuple[list[list[int]], list[int]]:
        """Fill batches in order, passing rows over whose group is in the batch already."""
        batches: list[list[int]] = []
        while len(rows) >= (self.batch_size if self._budget is None else 1):
            batch: list[int] = []
            present: set[int] = set()
            passed: list[int] = []
            at = 0
            while at < len(rows) and not self._is_full(batch, rows[at]):
                row = rows[at]
                at += 1
                if self._groups[row] in present:
                    passed.append(row)
                    continue
                present.add(self._groups[row])
                batch.append(row)
            if at == len(rows) and len(batch) < self.batch_size:
                return batches, batch + passed
            rows = passed + rows[at:]
            batches.append(batch)
        return batches, rows

    def _is_full(self, batch: Sequence[int], row: int) -> bool:
        """Tell whether a batch must end before a row."""
        if len(batch) < 2 or self._budget is None:
            return len(batch) >= self.batch_size
        longest = max(self._lengths[[*batch, row]])
        return len(batch) >= self.batch_size or (len(batch) + 1) * longest > self._budget


def sampler_factory(
    lengths: Sequence[int], groups: Sequence[str], budget: int | None = None
) -> Callable[..., LengthBatchSampler]:
    """Give what the trainer calls to make its batch sampler."""
    # A partial of a class can be pickled, as the trainer does with each checkpoint.
    return partial(LengthBatchSampler, lengths=lengths, groups=groups, budget=budget)
