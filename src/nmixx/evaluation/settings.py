"""What the evaluation stage lets a person choose: the tasks, and how sure to be of them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Any, Self

from pydantic import Field, field_validator, model_validator

from nmixx.encoding import Precision
from nmixx.errors import RecipeError
from nmixx.settings import Settings


class TaskSettings(Settings):
    """Base of the kinds of task with data; a bare path may stand for a task without options."""

    path: str = Field(description="the file or folder with the task's data, or `sample:NAME`")
    columns: dict[str, str] = Field(
        default_factory=dict, description="nmixx's column name: the file's column name"
    )

    @model_validator(mode="before")
    @classmethod
    def _accept_path(cls, data: object) -> object:
        return {"path": data} if isinstance(data, str) else data


class StsTask(TaskSettings):
    """Sentence pairs that people scored; asks whether the model orders them as people do."""

    lang: str | None = Field(
        default=None, description="keep rows of this `lang` only; several by comma"
    )


class BitextTask(TaskSettings):
    """Translations; asks whether each sentence finds its own among all."""


class RetrievalTask(TaskSettings):
    """Queries and documents: a folder of corpus, queries and qrels, or a file of pairs."""


class PairTask(TaskSettings):
    """Labelled pairs; asks whether those that belong together are the more similar ones."""

    positive: tuple[str, ...] = Field(
        default=("1", "1.0", "True", "entailment"), description="labels of pairs that belong"
    )
    negative: tuple[str, ...] = Field(
        default=("0", "0.0", "False", "contradiction"), description="labels of pairs that do not"
    )


class TripletTask(TaskSettings):
    """Triplets; asks whether the positive lies nearer to the anchor than the negative does."""


class LabelTask(TaskSettings):
    """Texts and their classes, which mteb learns to tell apart, or finds again as clusters."""

    train: str | None = Field(
        default=None, description="file to learn from; by default every other row of `path`"
    )


class MtebTask(Settings):
    """A task that mteb, FinMTEB or KorFinMTEB knows by its name."""

    task: str = Field(description="its name there, such as `KLUE-STS` or `KorFinSTS`")
    splits: tuple[str, ...] = Field(default=(), description="by default those that mteb reports")
    subsets: tuple[str, ...] = Field(default=(), description="such as `ko-en`; all by default")

    @model_validator(mode="before")
    @classmethod
    def _accept_name(cls, data: object) -> object:
        return {"task": data} if isinstance(data, str) else data


class Suite(Settings):
    """Named tasks of all kinds; a name is used once in the whole suite."""

    sts: dict[str, StsTask] = Field(default_factory=dict, description="similarity tasks by name")
    bitext: dict[str, BitextTask] = Field(default_factory=dict, description="translation tasks")
    retrieval: dict[str, RetrievalTask] = Field(default_factory=dict, description="search tasks")
    pair_classification: dict[str, PairTask] = Field(
        default_factory=dict, description="pairs that belong together or not"
    )
    triplets: dict[str, TripletTask] = Field(
        default_factory=dict, description="anchors, positives and negatives"
    )
    classification: dict[str, LabelTask] = Field(
        default_factory=dict, description="classes to learn, through mteb"
    )
    clustering: dict[str, LabelTask] = Field(
        default_factory=dict, description="classes to find again, through mteb"
    )
    mteb: dict[str, MtebTask] = Field(
        default_factory=dict, description="tasks of mteb, FinMTEB or KorFinMTEB by their names"
    )

    @model_validator(mode="after")
    def _check_names(self) -> Self:
        names = [name for tasks in self.kinds.values() for name in tasks]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"two tasks have the name {twice[0]!r}; every task needs its own")
        return self

    @property
    def kinds(self) -> dict[str, dict[str, Any]]:
        """Tasks by name, by kind, in the order in which they are reported."""
        return {kind: getattr(self, kind) for kind in type(self).model_fields}

    @property
    def tasks(self) -> dict[str, Any]:
        """All tasks by name: similarity first, then translation, search and the others."""
        return {name: task for tasks in self.kinds.values() for name, task in tasks.items()}

    @property
    def paths(self) -> list[str]:
        """Files and folders of the tasks; those of mteb have none."""
        tasks = self.tasks.values()
        return [task.path for task in tasks if isinstance(task, TaskSettings)]

    def join(self, other: Suite) -> Suite:
        """Put another suite's tasks beside these; its own come first where names agree."""
        kinds = {kind: {**tasks, **other.kinds[kind]} for kind, tasks in self.kinds.items()}
        return Suite(**kinds)

    def select(self, names: Iterable[str]) -> Suite:
        """Keep the named tasks only.

        Raises:
            RecipeError: there is no task of a name; the nearest name is given.
        """
        wanted = set(names)
        for name in sorted(wanted - self.tasks.keys()):
            near = difflib.get_close_matches(name, self.tasks, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            known = ", ".join(self.tasks) or "none"
            raise RecipeError(f"task {name!r}: not in the suite.{hint}\nIts tasks: {known}.")
        return Suite(**{kind: _keep(tasks, wanted) for kind, tasks in self.kinds.items()})


class EvaluationSettings(Settings):
    """Tasks to report on, tasks to develop with, precision, prompt and resampling."""

    test: Suite = Field(default_factory=Suite, description="the tasks that are reported")
    development: Suite = Field(
        default_factory=Suite, description="tasks to choose settings with; never in the report"
    )
    precision: Precision = Field(default="float32", description="float32, bfloat16 or auto")
    prompt: str | None = Field(default=None, description="text put before every input")
    bootstrap: int = Field(default=1000, ge=1, description="resamples behind each interval and p")
    seed: int = Field(default=0, ge=0, description="of the resamples")
    space: bool = Field(
        default=True, description="look at the space of translations; writes space.json"
    )
    general: tuple[str, ...] = Field(
        default=(), description="tasks of general ability, for the trade-off in the report"
    )
    steps: bool = Field(
        default=False, description="measure each training step on development; writes steps.json"
    )
    robustness: tuple[str, ...] = Field(
        default=(), description="perturbations to measure again under; writes robustness.json"
    )
    draws: int = Field(default=3, ge=1, description="of every perturbation")

    @field_validator("robustness")
    @classmethod
    def _check_perturbations(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        from nmixx.evaluation.robustness.perturbations import PERTURBATIONS

        for name in names:
            if name not in PERTURBATIONS:
                known = ", ".join(PERTURBATIONS)
                raise ValueError(f"no perturbation {name!r}; there are: {known}")
        return names

    @model_validator(mode="after")
    def _check_general(self) -> Self:
        known = [*self.test.tasks, *self.development.tasks]
        for name in self.general:
            if name not in known:
                raise ValueError(f"general: no task {name!r}; there are: {', '.join(known)}")
        return self


def _keep(tasks: Mapping[str, Any], wanted: set[str]) -> dict[str, Any]:
    """Keep the entries whose name is wanted, in their order."""
    return {name: task for name, task in tasks.items() if name in wanted}
