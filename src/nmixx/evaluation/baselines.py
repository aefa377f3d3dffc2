"""The field's models on one suite: measured where they can be loaded, beside published figures."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import Field, model_validator
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from nmixx.configuration import read_configuration
from nmixx.encoding import Encoder, Precision, SentenceEncoder, load_model
from nmixx.errors import DataError, MissingExtraError, ModelError, RecipeError
from nmixx.evaluation.results import Results, TaskResult
from nmixx.evaluation.runner import load_tasks, run_tasks
from nmixx.evaluation.settings import Suite
from nmixx.evaluation.tables import METRICS, format_interval
from nmixx.evaluation.tasks import Task
from nmixx.evaluation.vectors import PromptedEncoder
from nmixx.settings import Settings
from nmixx.storage import fingerprint, read_json, write_json

logger = logging.getLogger(__name__)

BASELINES_NAME = "baselines.json"


class Baseline(Settings):
    """A model, its pooling and the texts it wants before its input."""

    model: str = Field(description="a folder, Hub id or package:NAME")
    pooling: str | None = Field(default=None, description="cls, mean or lasttoken")
    prompt: str | None = Field(default=None, description="before every text but those of searches")
    query_prompt: str | None = Field(default=None, description="before the queries of a search")
    document_prompt: str | None = Field(default=None, description="before what is searched")
    trust_remote_code: bool = Field(default=False, description="run code that comes with it")

    @model_validator(mode="before")
    @classmethod
    def _accept_model(cls, data: object) -> object:
        return {"model": data} if isinstance(data, str) else data

    def open(self, precision: Precision, *, model: str | None = None) -> Encoder:
        """Load the model, or another one in the same way, under its prompts.

        Raises:
            ModelError: it cannot be loaded.
            RecipeError: it knows no such pooling.
        """
        loaded = load_model(model or self.model, trust_remote_code=self.trust_remote_code)
        if self.pooling is not None:
            _set_pooling(loaded, self.pooling)
        prompts = (self.prompt, self.query_prompt, self.document_prompt)
        if len(set(prompts)) == 1:
            return SentenceEncoder(loaded, prompt=self.prompt, precision=precision)
        return PromptedEncoder(
            *(SentenceEncoder(loaded, prompt=each, precision=precision) for each in prompts)
        )


class Published(Settings):
    """A figure that others published."""

    task: str
    metric: str
    model: str
    value: float
    source: str = Field(min_length=1, description="where it was published")


class BaselineTable(Settings):
    """Models to measure, and figures to set beside them."""

    models: dict[str, Baseline] = Field(min_length=1)
    published: tuple[Published, ...] = ()


@dataclass(frozen=True)
class Measured:
    """What was measured, what could not be loaded and why, and what others published."""

    results: Mapping[str, Results]
    missing: Mapping[str, str]
    published: Sequence[Published]

    def to_json(self) -> dict[str, Any]:
        """Give all of it as plain data."""
        return {
            "measured": {name: results.to_json() for name, results in self.results.items()},
            "missing": dict(self.missing),
            "published": [each.model_dump() for each in self.published],
        }


@dataclass(frozen=True)
class _Row:
    """A line of the table under one task."""

    name: str
    value: float
    note: str
    style: str


def read_baselines(path: Path) -> BaselineTable:
    """Read a table of baselines.

    Raises:
        RecipeError: the file is missing or not YAML, or a key or value is wrong.
    """
    return BaselineTable.parse(read_configuration(path), str(path))


def measure_baselines(
    table: BaselineTable,
    suite: Suite,
    folder: Path,
    *,
    bootstrap: int = 1000,
    seed: int = 0,
    precision: Precision = "auto",
) -> Measured:
    """Measure every model that can be loaded; what was measured before is read back.

    Args:
        table: the models and published figures.
        suite: the tasks.
        folder: where figures and vectors are kept, by fingerprint, so that a killed call goes on.
        bootstrap: resamples behind each interval.
        seed: of the resamples.
        precision: of the models.

    Raises:
        DataError: the data of a task cannot be used, or no model can be loaded.
    """
    tasks = load_tasks(suite)
    results: dict[str, Results] = {}
    missing: dict[str, str] = {}
    for name, baseline in table.models.items():
        try:
            encoder = baseline.open(precision)
        except (ModelError, MissingExtraError) as error:
            missing[name] = str(error).splitlines()[-1]
            logger.info("%s: not loaded, left out", name)
            continue
        results[name] = _measure(name, encoder, tasks, folder, bootstrap=bootstrap, seed=seed)
    if not results:
        raise DataError(
            f"none of {len(table.models)} models could be loaded; the first: "
            f"{next(iter(missing.values()))}\nCheck the connection, or name models in a folder."
        )
    names = {task.name for task in tasks}
    measured = Measured(results, missing, [each for each in table.published if each.task in names])
    write_json(folder / BASELINES_NAME, measured.to_json())
    return measured


def baselines_table(measured: Measured) -> RenderableType:
    """Lay measured and published figures out, task by task, the best first.

    Published figures and surface baselines stand among the models and say what they are.
    """
    parts: list[RenderableType] = []
    names = dict.fromkeys(name for each in measured.results.values() for name in each.tasks)
    for name in names:
        some = {model: each.tasks[name] for model, each in measured.results.items()}
        published = [each for each in measured.published if each.task == name]
        parts += [_task_table(name, some, published), *_beaten(some, published), ""]
    if measured.missing:
        reasons: dict[str, list[str]] = {}
        for name, reason in measured.missing.items():
            reasons.setdefault(reason, []).append(name)
        for reason, some in reasons.items():
            parts.append(Text(f"not loaded: {reason}", style="dim"))
            parts.append(Padding(Text(", ".join(some), style="yellow"), (0, 0, 0, 2)))
    return Group(*parts)


def _task_table(
    name: str, tasks: Mapping[str, TaskResult], published: Iterable[Published]
) -> Table:
    """Lay one task out."""
    first = next(iter(tasks.values()))
    metric = METRICS.get(first.metric, first.metric)
    table = Table(
        title=f"{name} · {metric} · n = {first.n:,}",
        title_justify="left",
        box=None,
        pad_edge=False,
        show_header=False,
    )
    table.add_column(overflow="fold")
    table.add_column(justify="right", no_wrap=True)
    table.add_column(overflow="fold")
    rows = [
        _Row(model, task.value, format_interval(task.ci95), "bold") for model, task in tasks.items()
    ]
    rows += [
        _Row(each.model, each.value, f"published: {each.source}", "italic") for each in published
    ]
    rows += [
        _Row(surface, value, "surface, no model", "yellow")
        for surface, value in first.surface.items()
    ]
    for row in sorted(rows, key=lambda row: -row.value):
        table.add_row(Text(f"  {row.name}", row.style), f"{row.value:.3f}", Text(row.note, "dim"))
    return table


def _beaten(
    tasks: Mapping[str, TaskResult], published: Iterable[Published]
) -> list[RenderableType]:
    """Say when what can be seen without reading does better than every model."""
    surface = next(iter(tasks.values())).surface
    models = [*(task.value for task in tasks.values()), *(each.value for each in published)]
    best = max(surface, key=lambda name: abs(surface[name]), default=None)
    if best is None or abs(surface[best]) <= max(models):
        return []
    said = f"{best} beats every model here, and reads nothing: distrust this set"
    return [Padding(Text(said, style="yellow"), (0, 0, 0, 2))]


def _measure(
    name: str,
    encoder: Encoder,
    tasks: Sequence[Task],
    folder: Path,
    *,
    bootstrap: int,
    seed: int,
) -> Results:
    """Measure one model, or read what was measured under the same fingerprint."""
    described = [(task.name, task.kind, task.data) for task in tasks]
    key = fingerprint(encoder.fingerprint, described, bootstrap, seed)
    place = folder / "measured" / f"{key}.json"
    if place.exists():
        return replace(Results.from_json(read_json(place)), model=name)
    results = run_tasks(
        tasks,
        encoder,
        None,
        names=(name, None),
        bootstrap=bootstrap,
        seed=seed,
        store=folder / "embeddings",
    )
    write_json(place, results.to_json())
    return results


def _set_pooling(model: Any, wanted: str) -> None:  # noqa: ANN401 - Sentence Transformers is untyped
    """Give a model the pooling its card asks for, where its own files say otherwise."""
    from sentence_transformers.sentence_transformer.modules import Pooling

    for name, module in model.named_children():
        if isinstance(module, Pooling) and module.pooling_mode != wanted:
            try:
                changed = Pooling(model.get_embedding_dimension(), pooling_mode=wanted)
            except ValueError as error:
                raise RecipeError(f"pooling {wanted!r}: {str(error).splitlines()[0]}") from None
            setattr(model, name, changed)
