"""Rows of mteb's tasks as data of our own kinds, so that each example counts for itself."""

from __future__ import annotations

from typing import Any

import numpy as np

from nmixx.errors import DataError
from nmixx.evaluation.retrieval import RetrievalData
from nmixx.evaluation.sts import StsData, check_scores
from nmixx.evaluation.tasks import require_rows
from nmixx.records import ScoredPair


def take_over(name: str, task: Any, data: str) -> StsData | RetrievalData | None:  # noqa: ANN401
    """Turn a loaded task of mteb's into ours where both compute the same figure from the same rows.

    That is so for similarity and for search, of one split and one subset, and texts only.

    Args:
        name: the task's name in the suite.
        task: mteb's, with its data loaded.
        data: what the data is known by.

    Returns:
        None where the task is mteb's to measure.

    Raises:
        DataError: the rows cannot be used.
    """
    subsets, splits = list(task.hf_subsets), list(task.eval_splits)
    maker = {"STS": _take_pairs, "Retrieval": _take_search}.get(task.metadata.type)
    if maker is None or len(subsets) != 1 or len(splits) != 1 or task.modalities != ["text"]:
        return None
    return maker(name, task, subsets[0], splits[0], data)


def _take_pairs(name: str, task: Any, subset: str, split: str, data: str) -> StsData | None:  # noqa: ANN401
    """Read scored pairs."""
    if task.column_names != ("sentence1", "sentence2"):
        return None
    rows = task.dataset[subset][split] if subset in task.dataset else task.dataset[split]
    lang = "-".join(dict.fromkeys(code.split("-")[0] for code in _languages(task, subset)))
    pairs = [
        ScoredPair(str(row["sentence1"]), str(row["sentence2"]), float(row["score"]), lang)
        for row in rows
    ]
    where = f"{task.metadata.name} of {task.metadata.dataset['path']}"
    require_rows(name, where, len(pairs), "scored pairs")
    check_scores(name, where, list(enumerate(pairs, start=1)))
    return StsData(name, pairs, range(1, len(pairs) + 1), data, official=task)


def _take_search(
    name: str,
    task: Any,  # noqa: ANN401
    subset: str,
    split: str,
    data: str,
) -> RetrievalData | None:
    """Read queries, documents and judgements; those that rank given candidates stay mteb's."""
    task.convert_v1_dataset_format_to_v2(num_proc=None)
    parts = task.dataset[subset][split]
    if parts.get("top_ranked") or "instruction" in parts["queries"].column_names:
        return None
    if task.ignore_identical_ids or task.skip_first_result:
        return None
    documents = {str(row["id"]): _join_title(row) for row in parts["corpus"]}
    at = {key: number for number, key in enumerate(documents)}
    queries, relevant = [], []
    for row in parts["queries"]:
        judged = parts["relevant_docs"].get(str(row["id"]), {})
        gains = {at[key]: float(gain) for key, gain in judged.items() if gain > 0 and key in at}
        if gains:
            queries.append(str(row["text"]))
            relevant.append(gains)
    if len(queries) < 2:
        raise DataError(f"task {name!r}: {task.metadata.name} has {len(queries)} judged queries.")
    numbers = list(np.arange(1, len(queries) + 1))
    return RetrievalData(
        name, queries, numbers, list(documents.values()), relevant, data, official=task
    )


def _join_title(row: dict[str, Any]) -> str:
    """Put a title before its text, as mteb does."""
    return f"{row.get('title') or ''} {row['text']}".strip()


def _languages(task: Any, subset: str) -> list[str]:  # noqa: ANN401
    """List the languages of a subset, as mteb writes them."""
    return list(task.metadata.hf_subsets_to_langscripts.get(subset, ["und"]))
