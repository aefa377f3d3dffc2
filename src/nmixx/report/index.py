"""The Hub's ``model-index``: a run's results as the front matter that model pages are made from."""

from __future__ import annotations

from typing import Any

from nmixx.evaluation.results import Results, TaskResult
from nmixx.report.words import DIGITS

TASKS: dict[str, tuple[str, str]] = {
    "sts": ("semantic-similarity", "Semantic Similarity"),
    "bitext": ("translation", "Translation"),
    "retrieval": ("information-retrieval", "Information Retrieval"),
    "triplet": ("triplet", "Triplet"),
    "pair_classification": ("binary-classification", "Binary Classification"),
    "classification": ("text-classification", "Text Classification"),
    "clustering": ("clustering", "Clustering"),
}
"""Kind of task to the type and the name that Sentence Transformers' model cards use."""

METRICS: dict[str, tuple[str, str]] = {
    "spearman": ("spearman_cosine", "Spearman Cosine"),
    "accuracy@1": ("mean_accuracy", "Mean Accuracy"),
    "ndcg@10": ("cosine_ndcg@10", "Cosine Ndcg@10"),
}
"""Our metric to its type and name there."""


def index_results(name: str, results: Results) -> list[dict[str, Any]]:
    """Lay results out as a ``model-index`` with one model.

    Figures are rounded as they are written everywhere in the report. A kind or a metric that has
    no name there keeps its own.

    Args:
        name: the model's.
        results: of one or two models; the figures are those of the first.
    """
    rows = [_index_task(task, each) for task, each in results.tasks.items()]
    return [{"name": name, "results": rows}]


def _index_task(name: str, task: TaskResult) -> dict[str, Any]:
    """Lay one task out."""
    type_, title = TASKS.get(task.kind, (task.kind.replace("_", "-"), task.kind.replace("_", " ")))
    metric, metric_title = METRICS.get(task.metric, (task.metric, task.metric))
    return {
        "task": {"type": type_, "name": title},
        "dataset": {"type": name, "name": name},
        "metrics": [{"type": metric, "value": round(task.value, DIGITS), "name": metric_title}],
    }
