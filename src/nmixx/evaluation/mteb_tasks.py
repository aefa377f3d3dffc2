"""Tasks that mteb measures: those it knows by name, and classes of our own data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from nmixx.errors import DataError
from nmixx.evaluation.bootstrap import Array
from nmixx.evaluation.cells import read_cell, read_text_cell
from nmixx.evaluation.examples import Examples
from nmixx.evaluation.mteb_encoder import LookupEncoder, require_mteb
from nmixx.evaluation.mteb_names import find_task
from nmixx.evaluation.mteb_rows import take_over
from nmixx.evaluation.settings import LabelTask, MtebTask
from nmixx.evaluation.tasks import Lookup, Task, hash_data, require_rows
from nmixx.storage import fingerprint

_LANGUAGES = ["kor-Hang", "eng-Latn"]


@dataclass(frozen=True)
class MtebData:
    """A task of mteb's, ready to be measured.

    ``found`` collects mteb's own results, one each time the task is measured.
    """

    metric_of: ClassVar[Mapping[str, str]] = {
        "cosine_spearman": "spearman",
        "ndcg_at_10": "ndcg@10",
    }

    name: str
    kind: str
    task: Any
    data: str
    found: list[Any] = field(default_factory=list, compare=False)

    @property
    def metric(self) -> str:
        """The figure that mteb reports for such a task."""
        main = str(self.task.metadata.main_score)
        return self.metric_of.get(main, main)

    @property
    def rows(self) -> Sequence[int]:
        """Number of each score that the figure is the mean of, from 1; known after measuring."""
        return range(1, len(_scores(self.found[-1])[0]) + 1) if self.found else ()

    def texts(self) -> Iterable[str]:
        """None beforehand: mteb asks for texts while it measures."""
        return ()

    def measure(self, lookup: Lookup) -> Examples:
        """Let mteb measure; the mean is over its subsets, or its draws where it says how many."""
        import mteb

        model: Any = LookupEncoder(lookup, name="nmixx/model", revision="1")
        result = mteb.evaluate(model, [self.task], cache=None, show_progress_bar=False)
        self.found.append(result.task_results[0])
        values, metrics = _scores(self.found[-1])
        return Examples(values, None, {}, metrics)

    def surface(self) -> Mapping[str, float]:
        """No baseline: mteb keeps the texts to itself."""
        return {}

    def doubts(self) -> list[str]:
        """Say what the interval is of."""
        return ["measured by mteb: n counts its scores, not examples, and so does the interval"]


def load_named(name: str, settings: MtebTask) -> Task:
    """Find a task by the name it has in the field, and load its data.

    Similarity and search become tasks of our own, so that there are intervals over examples; the
    rest is measured by mteb.

    Raises:
        MissingExtraError: mteb is not installed.
        RecipeError: nobody knows the name.
        DataError: its data cannot be loaded.
    """
    task = find_task(settings)
    dataset = task.metadata.dataset
    data = fingerprint(settings.model_dump(mode="json"), dict(dataset))
    try:
        task.load_data()
    except (OSError, ValueError, RuntimeError, KeyError) as error:
        raise DataError(_unreachable(name, task, error)) from None
    return take_over(name, task, data) or MtebData(name, "mteb", task, data)


def load_classes(name: str, settings: LabelTask) -> MtebData:
    """Read texts and classes for mteb's classification: a linear probe on few texts a class.

    Raises:
        MissingExtraError: mteb is not installed.
        DataError: a file cannot be used, or has a single class.
    """
    require_mteb(f"The classification task {name}")
    from mteb.abstasks import AbsTaskClassification

    rows = _read_labelled(name, settings.path, settings)
    if settings.train is None:
        train, test = rows[::2], rows[1::2]
    else:
        train, test = _read_labelled(name, settings.train, settings), rows
    numbers = {label: at for at, label in enumerate(sorted({label for _, label in train}))}
    parts = {"train": train, "test": [row for row in test if row[1] in numbers]}
    columns: dict[str, dict[str, list[Any]]] = {
        part: {"text": [text for text, _ in some], "label": [numbers[label] for _, label in some]}
        for part, some in parts.items()
    }
    task = make_task(AbsTaskClassification, name, "Classification", "accuracy", columns)
    return MtebData(name, "classification", task, hash_data(settings.path, parts))


def load_clusters(name: str, settings: LabelTask) -> MtebData:
    """Read texts and classes for mteb's clustering: whether k-means finds the classes again.

    Raises:
        MissingExtraError: mteb is not installed.
        DataError: the file cannot be used, or has a single class.
    """
    require_mteb(f"The clustering task {name}")
    from mteb.abstasks import AbsTaskClustering

    rows = _read_labelled(name, settings.path, settings)
    columns = {
        "test": {"sentences": [text for text, _ in rows], "labels": [label for _, label in rows]}
    }
    task = make_task(AbsTaskClustering, name, "Clustering", "v_measure", columns)
    task.max_fraction_of_documents_to_embed = None
    return MtebData(name, "clustering", task, hash_data(settings.path, rows))


def make_task(
    base: Any,  # noqa: ANN401 - mteb is optional
    name: str,
    kind: str,
    main_score: str,
    columns: Mapping[str, Mapping[str, Sequence[Any]]],
    **attributes: Any,  # noqa: ANN401
) -> Any:  # noqa: ANN401
    """Make a task of mteb's from data at hand.

    Args:
        base: mteb's class of such tasks.
        name: the task's name.
        kind: mteb's name of the type.
        main_score: what mteb reports.
        columns: split to column to values.
        attributes: of the class.
    """
    from datasets import Dataset, DatasetDict

    dataset = DatasetDict({split: Dataset.from_dict(dict(some)) for split, some in columns.items()})
    return make_bare_task(base, name, kind, main_score, dataset, **attributes)


def make_bare_task(
    base: Any,  # noqa: ANN401 - mteb is optional
    name: str,
    kind: str,
    main_score: str,
    dataset: Any,  # noqa: ANN401
    **attributes: Any,  # noqa: ANN401
) -> Any:  # noqa: ANN401
    """Make a task of mteb's around a dataset in its shape, see :func:`make_task`."""
    from mteb.abstasks.task_metadata import TaskMetadata

    metadata = TaskMetadata(
        name=name,
        description=f"{name}, from a file",
        type=kind,
        dataset={"path": f"local/{name}", "revision": "1"},
        eval_splits=["test"],
        eval_langs=_LANGUAGES,
        main_score=main_score,
    )

    def keep(self: Any, *_: Any, **__: Any) -> None:  # noqa: ANN401
        self.data_loaded = True

    task = type("Local" + kind, (base,), {"metadata": metadata, "load_data": keep, **attributes})()
    task.dataset = dataset
    task.data_loaded = True
    return task


def _read_labelled(name: str, path: str, settings: LabelTask) -> list[tuple[str, str]]:
    """Read texts and their classes."""
    from nmixx.corpus.readers import read_rows

    rows = []
    for number, row in read_rows(path):
        where = f"{path}, row {number}"
        label = read_cell(row, "label", settings.columns, where)
        rows.append((read_text_cell(row, "text", settings.columns, where), str(label)))
    require_rows(name, path, len(rows), "labelled texts")
    if len({label for _, label in rows}) < 2:
        raise DataError(f"task {name!r}: all {len(rows)} texts in {path} have the same class.")
    return rows


def _scores(result: Any) -> tuple[Array, dict[str, float]]:  # noqa: ANN401
    """Take mteb's result apart: the scores the figure is the mean of, and the further figures."""
    subsets = [scores for split in result.scores.values() for scores in split]
    values = [float(scores["main_score"]) for scores in subsets]
    metrics = {
        key: float(np.mean([scores[key] for scores in subsets]))
        for key, value in subsets[0].items()
        if isinstance(value, int | float)
        and key != "main_score"
        and np.isfinite(value)
        and all(isinstance(scores.get(key), int | float) for scores in subsets)
    }
    if len(subsets) == 1:
        values = _draws(subsets[0]) or values
    return np.array(values), metrics


def _draws(scores: Mapping[str, Any]) -> list[float]:
    """Give the figure of each of mteb's draws: of training texts, or of texts to cluster."""
    experiments = scores.get("scores_per_experiment")
    if experiments:
        return [float(each["accuracy"]) for each in experiments]
    levels = scores.get("v_measures")
    if isinstance(levels, Mapping) and len(levels) == 1:
        return [float(value) for value in next(iter(levels.values()))]
    return []


def _unreachable(name: str, task: Any, error: Exception) -> str:  # noqa: ANN401
    """Say why mteb gave nothing, and what to do."""
    reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
    dataset = task.metadata.dataset
    return (
        f"task {name!r}: the data of {task.metadata.name} cannot be loaded ({reason[:200]}).\n"
        f"It is {dataset['path']}, revision {dataset['revision']}, on the Hub; check the "
        "connection, or unset HF_HUB_OFFLINE to download it."
    )
