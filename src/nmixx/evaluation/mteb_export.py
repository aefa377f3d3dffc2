"""Our tasks as tasks of mteb, and our results in mteb's format."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from nmixx.errors import DataError
from nmixx.evaluation.bitext import BitextData
from nmixx.evaluation.labelled import PairData
from nmixx.evaluation.mteb_encoder import require_mteb
from nmixx.evaluation.mteb_tasks import MtebData, make_bare_task, make_task
from nmixx.evaluation.results import Results, TaskResult
from nmixx.evaluation.retrieval import RetrievalData
from nmixx.evaluation.sts import StsData
from nmixx.evaluation.tasks import Task
from nmixx.evaluation.triplets import TripletData

Scores = Mapping[str, float]


def as_mteb_tasks(tasks: Sequence[Task]) -> list[Any]:
    """Give loaded tasks as tasks of mteb on the same data, to run with ``mteb.evaluate``.

    Raises:
        MissingExtraError: mteb is not installed.
        DataError: a retrieval task has relevances that are no whole numbers, which mteb needs.
    """
    require_mteb("Running a suite in mteb")
    return [_convert(task) for task in tasks]


def write_mteb_results(
    tasks: Sequence[Task], results: Results, folder: Path, *, revision: str
) -> None:
    """Write results as mteb writes them: one JSON file a task, and ``model_meta.json``.

    What mteb measured is written as mteb gave it; our own figures stand under mteb's names of them.
    A task that was named as mteb names it keeps that name, another one has its name in the suite.

    Args:
        tasks: those that were measured.
        results: of all of them.
        folder: mteb's cache folder, with ``results/MODEL/REVISION`` below.
        revision: tells this model from others of its name.
    """
    require_mteb("Writing results in mteb's format")
    from mteb.cache import ResultCache
    from mteb.models.model_meta import ModelMeta
    from mteb.results import TaskResult as MtebResult

    meta = ModelMeta.create_empty({"name": model_name(results.model), "revision": revision})
    cache = ResultCache(folder)
    for task, mteb_task in zip(tasks, as_mteb_tasks(tasks), strict=True):
        found = (
            task.found[0]
            if isinstance(task, MtebData)
            else MtebResult.from_task_results(
                mteb_task,
                {
                    mteb_task.eval_splits[0]: {
                        mteb_task.hf_subsets[0]: _translate(results.tasks[task.name])
                    }
                },
                evaluation_time=0.0,
            )
        )
        cache.save_to_cache(found, meta)


def model_name(model: str) -> str:
    """Give a model's name as mteb wants it, ``owner/name``."""
    parts = [part for part in re.split(r"[/\\:]+", model) if part not in ("", ".", "..")]
    plain = [re.sub(r"[^\w.-]+", "_", part) for part in parts[-2:]]
    return "/".join(plain if len(plain) == 2 else ["nmixx", *plain])


def _convert(task: Task) -> Any:  # noqa: ANN401 - mteb is optional
    """Give the task of mteb's that the rows came from, or make one."""
    official = getattr(task, "official", None) or getattr(task, "task", None)
    return official or _CONVERTERS[task.kind](task)


def _translate(task: TaskResult) -> dict[str, float]:
    """Put our figures under mteb's names."""
    scores = dict(_NAMES[task.kind](task))
    return {**scores, "main_score": next(iter(scores.values()))}


def _sts_scores(task: TaskResult) -> Scores:
    pearson = task.metrics.get("pearson", 0.0)
    return {
        "cosine_spearman": task.value,
        "cosine_pearson": pearson,
        "spearman": task.value,
        "pearson": pearson,
    }


def _bitext_scores(task: TaskResult) -> Scores:
    forward = next(iter(task.by["direction"].values())).value
    return {"f1": task.metrics["f1"], "accuracy": float(forward or 0.0)}


def _retrieval_scores(task: TaskResult) -> Scores:
    named = {name.replace("@", "_at_"): value for name, value in task.metrics.items()}
    return {"ndcg_at_10": task.value, **named}


_NAMES: dict[str, Callable[[TaskResult], Scores]] = {
    "sts": _sts_scores,
    "bitext": _bitext_scores,
    "retrieval": _retrieval_scores,
    # Not the best F1 and accuracy: mteb does not try the cut that takes all pairs, we do.
    "pair_classification": lambda task: {"cosine_ap": task.value},
    "triplets": lambda task: {"precision_at_1": task.value},
}
"""Kind to our figures under mteb's names, the main one first."""


def _convert_sts(task: StsData) -> Any:  # noqa: ANN401 - mteb is optional
    from mteb.abstasks.sts import AbsTaskSTS

    columns: dict[str, list[Any]] = {
        "sentence1": [pair.sentence1 for pair in task.pairs],
        "sentence2": [pair.sentence2 for pair in task.pairs],
        "score": task.labels.tolist(),
    }
    bounds = {"min_score": float(task.labels.min()), "max_score": float(task.labels.max())}
    return make_task(AbsTaskSTS, task.name, "STS", "cosine_spearman", {"test": columns}, **bounds)


def _convert_bitext(task: BitextData) -> Any:  # noqa: ANN401
    from mteb.abstasks import AbsTaskBitextMining

    columns = {
        "sentence1": [pair.anchor for pair in task.pairs],
        "sentence2": [pair.positive for pair in task.pairs],
    }
    return make_task(AbsTaskBitextMining, task.name, "BitextMining", "f1", {"test": columns})


def _convert_pairs(task: PairData) -> Any:  # noqa: ANN401
    from mteb.abstasks import AbsTaskPairClassification

    columns: dict[str, list[Any]] = {
        "sentence1": [pair.sentence1 for pair in task.pairs],
        "sentence2": [pair.sentence2 for pair in task.pairs],
        "labels": [int(pair.score) for pair in task.pairs],
    }
    return make_task(
        AbsTaskPairClassification, task.name, "PairClassification", "cosine_ap", {"test": columns}
    )


def _convert_retrieval(task: RetrievalData) -> Any:  # noqa: ANN401
    if any(gain != int(gain) for gains in task.relevant for gain in gains.values()):
        raise DataError(
            f"task {task.name!r}: mteb takes whole relevances only, such as 0, 1 and 2."
        )
    relevant = {
        f"q{query}": {f"d{at}": int(gain) for at, gain in gains.items()}
        for query, gains in enumerate(task.relevant)
    }
    return _search_task(
        task.name, "Retrieval", "ndcg_at_10", task.queries, task.documents, relevant
    )


def _convert_triplets(task: TripletData) -> Any:  # noqa: ANN401
    """A query and two candidates, one of them right: reranking."""
    count = len(task.anchors)
    relevant = {f"q{at}": {f"d{at}": 1} for at in range(count)}
    ranked = {f"q{at}": [f"d{at}", f"d{count + at}"] for at in range(count)}
    documents = [*task.positives, *task.negatives]
    return _search_task(
        task.name, "Reranking", "precision_at_1", task.anchors, documents, relevant, ranked
    )


def _search_task(
    name: str,
    kind: str,
    main_score: str,
    queries: Sequence[str],
    documents: Sequence[str],
    relevant: Mapping[str, Mapping[str, int]],
    ranked: Mapping[str, Sequence[str]] | None = None,
) -> Any:  # noqa: ANN401
    """Make a task of search, or of ranking what is given."""
    from datasets import Dataset
    from mteb.abstasks import AbsTaskRetrieval

    def number(mark: str, texts: Sequence[str]) -> Any:  # noqa: ANN401
        ids = [f"{mark}{at}" for at in range(len(texts))]
        return Dataset.from_dict({"id": ids, "text": list(texts)})

    split = {
        "corpus": number("d", documents),
        "queries": number("q", queries),
        "relevant_docs": {query: dict(gains) for query, gains in relevant.items()},
        "top_ranked": None if ranked is None else dict(ranked),
    }
    return make_bare_task(AbsTaskRetrieval, name, kind, main_score, {"default": {"test": split}})


_CONVERTERS: dict[str, Callable[[Any], Any]] = {
    "sts": _convert_sts,
    "bitext": _convert_bitext,
    "pair_classification": _convert_pairs,
    "retrieval": _convert_retrieval,
    "triplets": _convert_triplets,
}
"""Kind to what makes a task of mteb's from ours."""
