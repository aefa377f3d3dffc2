"""Tasks by the names under which mteb, FinMTEB and KorFinMTEB know them."""

from __future__ import annotations

import difflib
import json
from ast import literal_eval
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from nmixx.errors import RecipeError
from nmixx.evaluation.mteb_encoder import require_mteb
from nmixx.evaluation.settings import MtebTask

TABLE = Path(__file__).with_name("finance_tasks.yaml")

MAIN_SCORES = {
    "STS": "cosine_spearman",
    "PairClassification": "max_ap",
    "Retrieval": "ndcg_at_10",
    "Reranking": "map_at_1000",
    "Classification": "accuracy",
    "Clustering": "v_measure",
}
"""The figure of each type of task that FinMTEB and KorFinMTEB have."""

LANGUAGES = {"FinMTEB": ["eng-Latn"], "KorFinMTEB": ["kor-Hang"]}


@cache
def finance_tasks() -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    """Read the table of finance tasks: benchmark to name to what is known of it."""
    table: Mapping[str, Mapping[str, Mapping[str, Any]]]
    table = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    return table


def find_task(settings: MtebTask) -> Any:  # noqa: ANN401 - mteb is optional
    """Make the task of a name: mteb's own, else FinMTEB's or KorFinMTEB's.

    ``FinMTEB/FinQARetrieval`` means FinMTEB's even where mteb has a task of that name, too.

    Raises:
        MissingExtraError: mteb is not installed.
        RecipeError: nobody knows the name, or the task has no such split or subset; the nearest
            names are given.
    """
    require_mteb(f"The task {settings.task}")
    from mteb.get_tasks import _TASKS_REGISTRY as REGISTRY
    from mteb.get_tasks import get_task

    benchmark, slash, name = settings.task.rpartition("/")
    tables = finance_tasks()
    known = {*REGISTRY, *(f"{b}/{n}" for b, tasks in tables.items() for n in tasks)}
    if not slash and name in REGISTRY:
        task = get_task(name)
    else:
        home = next((b for b in tables if benchmark in ("", b) and name in tables[b]), None)
        if home is None:
            plain = {n for tasks in tables.values() for n in tasks}
            near = difflib.get_close_matches(settings.task, sorted(known | plain), n=3, cutoff=0.5)
            hint = f" Near: {', '.join(near)}." if near else ""
            raise RecipeError(
                f"task {settings.task!r}: neither mteb, FinMTEB nor KorFinMTEB knows it.{hint}"
            )
        task = _make(home, name, tables[home][name])
    return _narrow(task, settings)


def _narrow(task: Any, settings: MtebTask) -> Any:  # noqa: ANN401
    """Keep the wanted splits and subsets."""
    for what, wanted, there in (
        ("split", settings.splits, task.metadata.eval_splits),
        ("subset", settings.subsets, task.metadata.hf_subsets),
    ):
        missing = sorted(set(wanted) - set(there))
        if missing:
            raise RecipeError(
                f"task {settings.task!r}: has no {what} {missing[0]!r}.\nIts {what}s: "
                f"{', '.join(there)}."
            )
    if settings.splits:
        task.filter_eval_splits(list(settings.splits))
    if settings.subsets:
        task.filter_languages(languages=None, hf_subsets=list(settings.subsets))
    return task


def _make(benchmark: str, name: str, entry: Mapping[str, Any]) -> Any:  # noqa: ANN401
    """Make a finance task as one of mteb's."""
    from mteb.abstasks.task_metadata import TaskMetadata

    kind = entry["type"]
    metadata = TaskMetadata(
        name=name,
        description=f"{name} of {benchmark}.",
        type=kind,
        dataset={"path": entry["dataset"], "revision": entry.get("revision", "main")},
        eval_splits=[entry["split"]],
        eval_langs=LANGUAGES[benchmark],
        main_score=MAIN_SCORES[kind],
    )
    rename = entry.get("rename", {})

    def transform(self: Any, num_proc: int | None = None, **_: Any) -> None:  # noqa: ANN401
        if rename:
            self.dataset = self.dataset.rename_columns(rename)
        self.dataset = _parse_lists(self.dataset)

    extra: dict[str, Any] = (
        {} if kind in ("Retrieval", "Reranking") else {"dataset_transform": transform}
    )
    if kind == "Classification" and entry["split"] == "train":
        extra["is_cross_validation"] = True
    if kind == "STS":
        extra |= {"min_score": 0, "max_score": 1}
    made: Any = type(name, (_base(kind),), {"metadata": metadata, **extra})
    return made()


def _base(kind: str) -> Any:  # noqa: ANN401
    """Give mteb's class of a type of task; clusters of FinMTEB are given in sets, the old way."""
    from mteb import abstasks
    from mteb.abstasks.clustering_legacy import AbsTaskClusteringLegacy
    from mteb.abstasks.sts import AbsTaskSTS

    return {
        "STS": AbsTaskSTS,
        "PairClassification": abstasks.AbsTaskPairClassification,
        "Retrieval": abstasks.AbsTaskRetrieval,
        "Reranking": abstasks.AbsTaskRetrieval,
        "Classification": abstasks.AbsTaskClassification,
        "Clustering": AbsTaskClusteringLegacy,
    }[kind]


def _parse_lists(dataset: Any) -> Any:  # noqa: ANN401
    """Read columns of lists that were stored as their printed form, as KorFinMTEB stores some."""

    def parse(row: dict[str, Any]) -> dict[str, Any]:
        return {
            name: _parse(value) if isinstance(value, str) and value.startswith("[") else value
            for name, value in row.items()
        }

    listed = any(
        isinstance(value, str) and value.startswith("[") and value.endswith("]")
        for split in dataset.values()
        for name, value in (split[0].items() if len(split) else ())
        if name in ("sentences", "labels", "sentence1", "sentence2")
    )
    return dataset.map(parse) if listed else dataset


def _parse(text: str) -> Any:  # noqa: ANN401
    """Read a printed list, in JSON or as Python prints it."""
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return literal_eval(text)
