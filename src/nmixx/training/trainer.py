"""The steps of training in order, each finished one saved before the next begins."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nmixx.encoding import EmbeddingStore, Encoder, FloatArray, load_model, model_fingerprint
from nmixx.errors import DataError
from nmixx.records import Pair, Triplet
from nmixx.storage import fingerprint, read_json, write_json
from nmixx.training.guide import guide_fingerprint, make_guide
from nmixx.training.kinds import ModelKind, fill_step, recognise_kind
from nmixx.training.objectives import OBJECTIVES
from nmixx.training.rows import ROWS, Drawn, TrainingRows
from nmixx.training.settings import StepSettings, TrainingSettings
from nmixx.training.step import run_step
from nmixx.training.token_rows import find_new_rows
from nmixx.training.weights import copy_weights, interpolate

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
    key = fingerprint(model_fingerprint(model), material.base and material.base.fingerprint)
    kind = recognise_kind(model, settings.kind)
    for number, step in enumerate(fill_step(step, kind) for step in settings.steps):
        rows = _rows(step, material, seed + number)
        key = fingerprint(
            key,
            step.model_dump(),
            rows.columns,
            rows.groups,
            settings.precision,
            seed,
            kind,
            guide_fingerprint(step),
        )
        folder = out / "steps" / f"{number + 1}-{step.name}"
        log = _finished(folder, key)
        if log is None:
            if logs:
                model = load_model(str(_model_folder(out, settings, number - 1)))
            log = _run(
                model, rows, step, settings, material, folder, key, seed=seed + number, kind=kind
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
    return rows


def _run(
    model: SentenceTransformer,
    rows: TrainingRows,
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
    write_json(mark, {"key": key})
    before = copy_weights(model) if step.keep < 1 else {}
    log = run_step(
        model,
        rows,
        _labels(step, rows, material, folder),
        step,
        checkpoints,
        precision=settings.precision,
        checkpoints=settings.checkpoints,
        seed=seed,
        guide=make_guide(step, model, material.base, folder),
        new_rows=find_new_rows(model, material.base),
        kind=kind,
    )
    interpolate(model, before, step.keep)
    model.save(str(folder / "model"), create_model_card=False)
    said = asdict(log) | {"composition": rows.composition}
    write_json(folder / _DONE, {"key": key, "log": said})
    shutil.rmtree(checkpoints, ignore_errors=True)
    return said


def _labels(
    step: StepSettings, rows: TrainingRows, material: Material, folder: Path
) -> FloatArray | None:
    """Embed the pivot side with the base model, where the objective needs it."""
    if not OBJECTIVES[step.objective].needs_labels(step):
        return None
    if material.base is None:
        raise DataError(
            f"training step {step.name!r} ({step.objective}) holds on to the base model, "
            "and none was given."
        )
    store = EmbeddingStore(folder / "embeddings", material.base)
    known = [row for row, text in enumerate(rows.pivots) if text]
    vectors = store.encode(
        [rows.pivots[row] for row in known], label="encoding with the base model"
    )
    labels: FloatArray = np.zeros((len(rows), vectors.shape[1]), dtype=np.float32)
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
