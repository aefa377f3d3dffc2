"""A sweep: a small grid of settings, each trained and judged on development tasks.

It is handed a judge of development tasks and nothing else to measure with, so no test set can be
opened however it is called.
"""

from __future__ import annotations

import copy
import itertools
import logging
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nmixx.encoding import load_model, model_fingerprint
from nmixx.errors import RecipeError, StageError
from nmixx.storage import fingerprint, read_json, write_json
from nmixx.storage.manifest import code_fingerprint, library_versions
from nmixx.training.judging import Judge, LiveEncoder, mean_figure, require_judge
from nmixx.training.settings import TrainingSettings
from nmixx.training.trainer import Material, train_steps

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

logger = logging.getLogger(__name__)

_POINT = "point.json"
_MOST = 64


@dataclass(frozen=True)
class Point:
    """One point of the grid: what was changed, and what came of it.

    ``figure`` is None where the training failed; ``error`` says how.
    """

    changes: dict[str, Any]
    key: str
    figures: dict[str, float]
    figure: float | None
    seconds: float
    error: str | None = None


@dataclass(frozen=True)
class Sweep:
    """What all points share.

    ``tasks`` are the development tasks whose mean is a point's figure; all of them when empty.
    """

    load: Callable[[], SentenceTransformer]
    training: TrainingSettings
    grid: Mapping[str, Sequence[Any]]
    material: Material
    judge: Judge
    tasks: Sequence[str]
    seed: int


def run_sweep(sweep: Sweep, out: Path) -> Iterator[Point]:
    """Train and judge the points in order, yielding each; finished ones are read instead.

    A point that was interrupted goes on from its last checkpoint.

    Args:
        sweep: the grid, and what to train on.
        out: a folder; each point has its own below ``points``, named after its fingerprint.

    Raises:
        RecipeError: the grid is empty, too large or names a setting that does not exist, or a task
            is unknown.
    """
    require_judge(sweep.judge, sweep.tasks, "figure")
    points = list(expand(sweep.training, sweep.grid))
    shared = _shared_fingerprint(sweep)
    for changes, settings in points:
        key = fingerprint(shared, settings.model_dump())
        folder = out / "points" / key[:16]
        known = _read_point(folder, key)
        if known is not None:
            logger.info("point %s stands, skipped", key[:16])
        yield known or _run_point(sweep, changes, settings, key, folder)


def expand(
    training: TrainingSettings, grid: Mapping[str, Sequence[Any]]
) -> Iterator[tuple[dict[str, Any], TrainingSettings]]:
    """Yield each point's changes and its settings.

    Args:
        training: what is changed.
        grid: ``STEP.SETTING``, or a setting that all steps share, to the values to try.

    Raises:
        RecipeError: the grid is empty or too large, or names what does not exist.
    """
    count = 1
    for values in grid.values():
        count *= len(values)
    if not grid or not 0 < count <= _MOST:
        raise RecipeError(
            f"grid: {count if grid else 0} points; between 1 and {_MOST} were expected.\n"
            "Give settings with lists of values, such as adapt.learning_rate: [2.0e-5, 6.0e-5]."
        )
    for values in itertools.product(*grid.values()):
        changes = dict(zip(grid, values, strict=True))
        raw = copy.deepcopy(training.model_dump(mode="json"))
        for name, value in changes.items():
            _change(raw, name, value)
        yield changes, TrainingSettings.parse(raw, "grid")


def best_point(points: Sequence[Point]) -> Point | None:
    """Give the point with the highest figure, the first of equal ones."""
    judged = [point for point in points if point.figure is not None]
    return max(judged, key=lambda point: point.figure or 0.0, default=None)


def _change(raw: dict[str, Any], name: str, value: Any) -> None:  # noqa: ANN401 - a YAML value
    """Set one setting; whether its key is known is checked with all the others."""
    place: Any = raw
    first, *rest = name.split(".")
    if rest:
        steps = {step["name"]: step for step in raw["steps"]}
        if first not in steps:
            raise RecipeError(
                f"grid: {name!r} names no step.\nSteps: {', '.join(steps) or 'none'}."
            )
        place, first = steps[first], rest[-1]
        for part in rest[:-1]:
            place[part] = place.get(part) or {}
            place = place[part]
    place[first] = value


def _shared_fingerprint(sweep: Sweep) -> str:
    """Hash all that changes a figure but the settings of a point."""
    material = sweep.material
    rows = (material.pairs, material.triplets, material.mined)
    return fingerprint(
        model_fingerprint(sweep.load()),
        material.base and material.base.fingerprint,
        material.pivot,
        [[row.to_row() for row in each] for each in rows],
        sweep.judge.fingerprint,
        list(sweep.tasks),
        sweep.seed,
        code_fingerprint("training"),
        dict(library_versions()),
    )


def _read_point(folder: Path, key: str) -> Point | None:
    """Read a finished point."""
    place = folder / _POINT
    if not place.exists():
        return None
    point = Point(**read_json(place))
    return point if point.key == key else None


def _run_point(
    sweep: Sweep, changes: dict[str, Any], settings: TrainingSettings, key: str, folder: Path
) -> Point:
    """Train a point and judge its model; only a judged one counts as finished."""
    began = time.perf_counter()
    material = replace(sweep.material, judge=sweep.judge)
    try:
        train_steps(sweep.load(), settings, material, folder, seed=sweep.seed)
    except StageError as error:
        logger.warning("%s: %s", ", ".join(f"{k} {v}" for k, v in changes.items()), error)
        seconds = round(time.perf_counter() - began, 1)
        return Point(changes, key, {}, None, seconds, str(error).splitlines()[0])
    model = load_model(str(folder / "model"))
    figures = dict(sweep.judge(LiveEncoder(model, settings.precision), ()))
    figure = mean_figure(figures, sweep.tasks)
    point = Point(changes, key, figures, figure, round(time.perf_counter() - began, 1))
    write_json(folder / _POINT, asdict(point))
    # The model of the last step is the point's, and lies beside them.
    shutil.rmtree(folder / "steps", ignore_errors=True)
    return point
