"""Training stage: align the languages, then adapt to the domain, through one trainer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nmixx.records import Pair, Triplet
from nmixx.training.settings import StepSettings, TrainingSettings
from nmixx.training.watch_settings import GuardSettings, WatchSettings

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

    from nmixx.encoding import Encoder
    from nmixx.training.judging import Judge

__all__ = ["GuardSettings", "StepSettings", "TrainingSettings", "WatchSettings", "train_model"]


def train_model(
    model: SentenceTransformer,
    settings: TrainingSettings,
    out: Path,
    *,
    pairs: Sequence[Pair] = (),
    triplets: Sequence[Triplet] = (),
    mined: Sequence[Triplet] = (),
    base: Encoder | None = None,
    pivot: str = "en",
    seed: int = 0,
    judge: Judge | None = None,
) -> dict[str, int]:
    """Train a model step by step and save it to ``out/model``.

    Each finished step is saved under ``out/steps``; a killed run goes on after the last finished
    step, from the last checkpoint of the one it was in.

    Args:
        model: where training starts from; do not use it afterwards, load ``out/model``.
        settings: the steps.
        out: a folder.
        pairs: for steps that align.
        triplets: with shifted negatives, for steps that adapt.
        mined: with mined negatives, likewise.
        base: the model before anything was done to it, for steps that hold on to it.
        pivot: the language the base model knows best.
        seed: of rows and batches.
        judge: of development tasks, for steps that are watched or guarded, for example a
            :class:`nmixx.evaluation.SuiteJudge`.

    Returns:
        Rows trained on, by step.

    Raises:
        DataError: a step finds no rows to train on.
        RecipeError: a step asks for development tasks, and there is no judge of them.
        StageError: the loss is not a number, or the disk is full.
    """
    from nmixx.training.trainer import Material, train_steps

    material = Material(pairs, triplets, mined, base, pivot, judge)
    return train_steps(model, settings, material, out, seed=seed)
