"""A judge of development tasks, for training to ask while it works."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property

from nmixx.encoding import Encoder
from nmixx.evaluation.runner import load_tasks
from nmixx.evaluation.settings import Suite
from nmixx.evaluation.tasks import Task
from nmixx.evaluation.vectors import Vectors
from nmixx.storage import fingerprint


class SuiteJudge:
    """Measures models on a suite; it holds that suite's data and no other's."""

    def __init__(self, suite: Suite) -> None:
        """Take a suite of development tasks; their data are read when first needed."""
        self._suite = suite

    @property
    def tasks(self) -> Sequence[str]:
        """Names of the tasks, in the suite's order."""
        return list(self._suite.tasks)

    @cached_property
    def _loaded(self) -> list[Task]:
        """The tasks with their data."""
        return load_tasks(self._suite)

    @cached_property
    def fingerprint(self) -> str:
        """Hash of the tasks and their data."""
        return fingerprint(self._suite.model_dump(), [task.data for task in self._loaded])

    def __call__(self, encoder: Encoder, tasks: Collection[str] = ()) -> Mapping[str, float]:
        """Give the figure of each named task, of all when none is named.

        Raises:
            DataError: a task's data cannot be used.
        """
        chosen = [task for task in self._loaded if not tasks or task.name in tasks]
        texts = (text for task in chosen for text in task.texts())
        vectors = Vectors(encoder, texts, store=None, label=None)
        return {task.name: task.measure(vectors).figure for task in chosen}
