"""The steps of training in order, each finished one saved before the next begins."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nmixx.encoding import EmbeddingStore, Encoder, FloatArray, load_model, model_fingerprint
from nmixx.errors import DataError
from nmixx.records import Pair, Triplet
from nmixx.storage import fingerprint, read_json, write_json
from nmixx.training.companions import General, draw_general
from nmixx.training.disk import explaining_full_disk, remove_leftovers
from nmixx.training.guide import guide_fingerprint, make_guide
from nmixx.training.judging import Judge, LiveEncoder, require_judge
from nmixx.training.kinds import ModelKind, fill_step, recognise_kind
from nmixx.training.objectives import OBJECTIVES
from nmixx.training.retention import Retention, choose_share, tell
from nmixx.training.rows import ROWS, Drawn, TrainingRows
from nmixx.training.settings import StepSettings, TrainingSettings
from nmixx.training.step import run_step
from nmixx.training.token_rows import find_new_rows
from nmixx.training.watch_settings import GuardSettings
from nmixx.training.weights import Weights, copy_weights, fit_rows, interpolate

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

logger = logging.getLogger(__name__)

_DONE = "step.json"


@dataclass(frozen=True)
class Material:
    """What steps may train on."""

    pairs: Sequence[Pair]
    triplets: Sequence[Triplet]
    mined: Sequence[Triplet]
    base: Encoder | None
    pivot: str
    judge: Judge | None = None


def train_steps(
    model: SentenceTransformer,
    settings: TrainingSettings,
    material: Material,
    out: Path,
    *,
    seed: int,
) -> dict[str, int]:
    """Run or skip each step; see :func:`nmixx.training.train_model`."""
    logs: list[dict[str, Any]] = []
    for step in settings.steps:
        _require_means(step, material)
    key = fingerprint(model_fingerprint(model), material.base and material.base.fingerprint)
    kind = recognise_kind(model, settings.kind)
    for number, step in enumerate(fill_step(step, kind) for step in settings.steps):
        rows = _rows(step, material, seed + number)
        replayed, held = draw_general(
            material.pairs, step, len(rows), pivot=material.pivot, seed=seed + number
        )
        key = fingerprint(
            key,
            step.model_dump(),
            (rows.columns, rows.groups),
            (replayed and (replayed.columns, replayed.groups), held),
            _judge_fingerprint(step, material),
            (settings.precision, seed, kind, guide_fingerprint(step)),
        )
        folder = out / "steps" / f"{number + 1}-{step.name}"
        log = _finished(folder, key)
        if log is None:
            if logs:
                model = load_model(str(_model_folder(out, settings, number - 1)))
            log = _run(
                model,
                rows,
                (replayed, held),
                step,
                settings,
                material,
                folder,
                key,
                seed=seed + number,
                kind=kind,
            )
        else:
            logger.info("step %s stands, skipped", step.name)
        logs.append(log)
    if logs:
        model = load_model(str(_model_folder(out, settings, len(logs) - 1)))
    model.save(str(out / "model"), create_model_card=False)
    write_json(out / "log.json", logs)
    return {str(log["name"]): int(log["rows"]) for log in logs}


def _rows(step: StepSettings, material: Material, seed: int) -> TrainingRows:
    """Draw a step's rows.

    Raises:
        DataError: there are none.
    """
    drawn = Drawn(material.pairs, material.triplets, material.mined, material.pivot)
    rows = ROWS[OBJECTIVES[step.objective].rows](drawn, step, seed)
    if len(rows) < 2:
        raise DataError(
            f"training step {step.name!r} ({step.objective}): {len(rows)} rows to train on.\n"
            f"There are {len(material.pairs)} pairs, {len(material.triplets)} triplets and "
            f"{len(material.mined)} mined triplets; check the step's kinds and sizes."
        )
    if len(set(rows.groups)) < 2:
        raise DataError(
            f"training step {step.name!r}: all {len(rows)} rows are of the group "
            f"{rows.groups[0]!r}, and rows of one group are never in one batch.\n"
            "Give rows that do not mean the same groups of their own."
        )
    return rows


def _require_means(step: StepSettings, material: Material) -> None:
    """Refuse a step that asks for what was not given, before any step has run.

    Raises:
        DataError: it holds on to the base model, and there is none.
        RecipeError: it asks for development tasks that there are not.
    """
    needs_base = (
        OBJECTIVES[step.objective].needs_labels(step) or step.drift or step.keep_toward == "base"
    )
    if needs_base and material.base is None:
        raise DataError(
            f"training step {step.name!r} ({step.objective}) holds on to the base model, "
            "and none was given."
        )
    if step.watch is not None:
        require_judge(material.judge, step.watch.tasks, f"training step {step.name!r}, watch")
    if step.guard is not None:
        require_judge(material.judge, step.guard.tasks, f"training step {step.name!r}, guard")


def _judge_fingerprint(step: StepSettings, material: Material) -> str | None:
    """Hash the development tasks of a step whose weights they change."""
    asked = step.watch is not None or step.guard is not None
    return material.judge.fingerprint if asked and material.judge is not None else None


def _run(
    model: SentenceTransformer,
    rows: TrainingRows,
    general: tuple[TrainingRows | None, tuple[str, ...]],
    step: StepSettings,
    settings: TrainingSettings,
    material: Material,
    folder: Path,
    key: str,
    *,
    seed: int,
    kind: ModelKind,
) -> dict[str, Any]:
    """Run one step, save its model, and only then call it done."""
    checkpoints = folder / "checkpoints"
    mark = folder / "started.json"
    # Checkpoints of other rows or settings must not be gone on from.
    if mark.exists() and read_json(mark) != {"key": key}:
        shutil.rmtree(folder)
    with explaining_full_disk(checkpoints, step.name):
        remove_leftovers(checkpoints)
        write_json(mark, {"key": key})
        before = copy_weights(model) if step.keep != 1 and step.keep_toward == "start" else {}
        log = run_step(
            model,
            rows,
            _labels(step, rows, material, folder),
            step,
            checkpoints,
            precision=settings.precision,
            checkpoints=settings.checkpoints,
            seed=seed,
            general=_embed_general(general, step, material, folder),
            judge=material.judge,
            guide=make_guide(step, model, material.base, folder),
            new_rows=find_new_rows(model, material.base),
            kind=kind,
        )
        kept = _hold_back(model, before, step, settings, material)
        log = replace(log, kept=None if kept is None else kept.to_json())
        model.save(str(folder / "model"), create_model_card=False)
        said = asdict(log) | {"composition": rows.composition}
        write_json(folder / _DONE, {"key": key, "log": said})
    shutil.rmtree(checkpoints, ignore_errors=True)
    return said


def _hold_back(
    model: SentenceTransformer,
    before: Weights,
    step: StepSettings,
    settings: TrainingSettings,
    material: Material,
) -> Retention | None:
    """Take back the share of a step's change that is not to be kept."""
    if step.keep == 1:
        return None
    after = copy_weights(model)
    if step.keep_toward == "base":
        before = fit_rows(model, _base_model(step, material), after)
    if step.keep != "auto":
        interpolate(model, before, step.keep, after=after)
        return None
    guard = step.guard or GuardSettings(tasks=())
    judge = require_judge(material.judge, guard.tasks, f"training step {step.name!r}, guard")
    watched = step.watch.tasks or judge.tasks if step.watch is not None else ()
    tasks = tuple(dict.fromkeys([*guard.tasks, *watched]))

    def measure(share: float) -> Mapping[str, float]:
        interpolate(model, before, share, after=after)
        figures = judge(LiveEncoder(model, settings.precision), tasks)
        told = ", ".join(f"{name} {value:.4f}" for name, value in figures.items())
        logger.info("%s: %.0f %% of the change: %s", step.name, 100 * share, told)
        return figures

    found = choose_share(measure, guard)
    interpolate(model, before, found.keep, after=after)
    logger.log(logging.INFO if found.keep else logging.WARNING, "%s", tell(step.name, found, guard))
    return found


def _base_model(step: StepSettings, material: Material) -> SentenceTransformer:
    """Give the base model itself.

    Raises:
        DataError: the base is an encoder without weights to interpolate with.
    """
    model = getattr(material.base, "model", None)
    if model is None:
        raise DataError(
            f"training step {step.name!r}: keep_toward is base, and the base given has no weights."
            "\nGive a SentenceEncoder as base, or set keep_toward: start."
        )
    found: SentenceTransformer = model
    return found


def _embed_general(
    general: tuple[TrainingRows | None, tuple[str, ...]],
    step: StepSettings,
    material: Material,
    folder: Path,
) -> General:
    """Embed the general texts with the base model, where the step holds on to it."""
    replayed, held = general
    labels = held_labels = None
    if replayed is not None and material.base is not None and (step.anchoring or step.relations):
        labels = _embed(replayed.pivots, material.base, folder)
    if held and material.base is not None:
        held_labels = _embed(held, material.base, folder)
    return General(replayed, labels, held, held_labels)


def _labels(
    step: StepSettings, rows: TrainingRows, material: Material, folder: Path
) -> FloatArray | None:
    """Embed the pivot side with the base model, where the objective needs it."""
    if not OBJECTIVES[step.objective].needs_labels(step) or material.base is None:
        return None
    return _embed(rows.pivots, material.base, folder)


def _embed(texts: Sequence[str], base: Encoder, folder: Path) -> FloatArray:
    """Embed texts with the base model, shape (texts, dimensions); zeros for an empty text."""
    store = EmbeddingStore(folder / "embeddings", base)
    known = [row for row, text in enumerate(texts) if text]
    vectors = store.encode([texts[row] for row in known], label="encoding with the base model")
    labels: FloatArray = np.zeros((len(texts), vectors.shape[1]), dtype=np.float32)
    labels[known] = vectors
    return labels


def _finished(folder: Path, key: str) -> dict[str, Any] | None:
    """Give a finished step's log, if it was run on the same rows with the same settings."""
    done = folder / _DONE
    if not done.exists():
        return None
    found = read_json(done)
    log: dict[str, Any] | None = found["log"] if found["key"] == key else None
    return log


def _model_folder(out: Path, settings: TrainingSettings, number: int) -> Path:
    """Where the model after a step lies."""
    return out / "steps" / f"{number + 1}-{settings.steps[number].name}" / "model"
