"""One training step through the Sentence Transformers trainer, resumable from checkpoints."""

from __future__ import annotations

import logging
import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from transformers import PreTrainedModel
from transformers.trainer_callback import PrinterCallback

from nmixx.encoding import FloatArray, Precision, choose_precision
from nmixx.training.alarms import Alarm
from nmixx.training.batches import sampler_factory, token_lengths
from nmixx.training.checkpoints import BestWeights, last_checkpoint
from nmixx.training.companions import AccompaniedLoss, General, make_companions
from nmixx.training.faults import LossFaults
from nmixx.training.judging import Judge, Judgement
from nmixx.training.objectives import OBJECTIVES
from nmixx.training.probe import Probe, Prober, count_directions
from nmixx.training.rows import TrainingRows
from nmixx.training.settings import StepSettings
from nmixx.training.watch import (
    Watched,
    Watcher,
    alarms_of,
    judgements_of,
    losses_of,
    probes_of,
)

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

logger = logging.getLogger(__name__)

_SHORT = 256
"""Tokens up to which plain attention is the faster one on a processor."""


@dataclass(frozen=True)
class StepLog:
    """What a step did: how many optimiser steps, and what was seen on the way.

    ``best`` is the step whose weights were kept, where development tasks judged them; ``kept``
    the curve that the share of the change was chosen on.
    """

    name: str
    objective: str
    rows: int
    steps: int
    loss: list[tuple[int, float]]
    judged: list[Judgement]
    probes: list[Probe]
    alarms: list[Alarm]
    best: int | None = None
    kept: dict[str, Any] | None = None


def run_step(
    model: SentenceTransformer,
    rows: TrainingRows,
    labels: FloatArray | None,
    step: StepSettings,
    folder: Path,
    *,
    precision: Precision,
    checkpoints: int,
    seed: int,
    general: General | None = None,
    judge: Judge | None = None,
) -> StepLog:
    """Train a model in place.

    Args:
        model: changed in place.
        rows: the columns that the objective reads.
        labels: the base model's embeddings for objectives that need them, shape (rows, dimensions).
        step: objective and its numbers.
        folder: for checkpoints; a killed step goes on from the last one there.
        precision: ``auto`` takes bfloat16 where the processor has it.
        checkpoints: how many are written on the way.
        seed: of the batches.
        general: what goes along with the batches to keep the general ability.
        judge: of development tasks, for a step that is watched.

    Raises:
        StageError: the loss is not a number.
    """
    from datasets import Dataset
    from sentence_transformers import SentenceTransformerTrainer

    objective = OBJECTIVES[step.objective]
    columns: dict[str, Any] = {name: rows.columns[name] for name in objective.columns}
    dataset = Dataset.from_dict(columns)
    if labels is not None:
        dataset = dataset.add_column("label", list(labels)).with_format("torch")
    arguments = _arguments(model, rows, step, folder, precision, checkpoints, seed)
    faults = LossFaults(model, rows, step.name, narrow=arguments.bf16)
    companions = make_companions(model, general or General(), step, seed=seed)
    loss = AccompaniedLoss(objective.loss(model, step), companions, faults)
    watcher = Watcher(
        Watched(
            step.name,
            model,
            loss,
            faults,
            Prober(rows, temperature=step.temperature, seed=seed),
            count_directions(rows.columns, seed=seed),
            BestWeights(folder),
            precision,
            model.max_seq_length,
            step.watch,
            judge,
        )
    )
    with _training_mode(model, step.max_length):
        trainer = SentenceTransformerTrainer(
            model=model, args=arguments, train_dataset=dataset, loss=loss, callbacks=[watcher]
        )
        trainer.remove_callback(PrinterCallback)
        try:
            trainer.train(resume_from_checkpoint=last_checkpoint(folder))
            best = watcher.finish(trainer.state)
        finally:
            watcher.close()
    return StepLog(
        step.name,
        step.objective,
        len(rows),
        trainer.state.global_step,
        losses_of(trainer.state),
        judgements_of(trainer.state),
        probes_of(trainer.state),
        alarms_of(trainer.state),
        None if best is None else best.step,
    )


def _arguments(
    model: SentenceTransformer,
    rows: TrainingRows,
    step: StepSettings,
    folder: Path,
    precision: Precision,
    checkpoints: int,
    seed: int,
) -> Any:  # noqa: ANN401 - the library's own type
    """Translate a step's settings into the trainer's arguments."""
    from sentence_transformers import SentenceTransformerTrainingArguments

    device = str(model.device).split(":")[0]
    steps = math.ceil(len(rows) / step.batch_size * step.epochs)
    token_rate = step.token_learning_rate or step.learning_rate
    return SentenceTransformerTrainingArguments(
        output_dir=str(folder),
        per_device_train_batch_size=step.batch_size,
        num_train_epochs=step.epochs,
        learning_rate=step.learning_rate,
        learning_rate_mapping={r"word_embeddings|embed_tokens": token_rate},
        warmup_steps=max(1, round(steps * step.warmup)),
        lr_scheduler_type="linear",
        weight_decay=0.0,
        max_grad_norm=1.0,
        bf16=choose_precision(precision, device) == "bfloat16",
        use_cpu=device == "cpu",
        batch_sampler=sampler_factory(
            token_lengths(model.tokenizer, rows.columns.values(), step.max_length), rows.groups
        ),
        seed=seed,
        data_seed=seed,
        logging_steps=max(1, steps // 50),
        logging_nan_inf_filter=False,  # a loss that is not a number must be seen
        save_strategy="steps",
        save_steps=max(10, math.ceil(steps / (checkpoints + 1))),
        save_total_limit=1,
        report_to="none",
        disable_tqdm=True,
    )


@contextmanager
def _training_mode(model: SentenceTransformer, max_length: int) -> Iterator[None]:
    """Shorten the model's reading and switch dropout off while training.

    Dropout is noise that short runs of contrastive training do not need, and without it a resumed
    run follows the same path. On a processor attention is computed by plain matrix products: for
    texts this short the fused kernel takes several times as long backwards.
    """
    length = model.max_seq_length
    encoders = [module for module in model.modules() if isinstance(module, PreTrainedModel)]
    attention = [encoder.config._attn_implementation for encoder in encoders]
    dropouts = [module for module in model.modules() if isinstance(module, torch.nn.Dropout)]
    shares = [module.p for module in dropouts]
    model.max_seq_length = min(max_length, length or max_length)
    for module in dropouts:
        module.p = 0.0
    if model.device.type == "cpu" and max_length <= _SHORT:
        for encoder in encoders:
            encoder.set_attn_implementation("eager")
    try:
        yield
    finally:
        model.max_seq_length = length
        for module, share in zip(dropouts, shares, strict=True):
            module.p = share
        for encoder, kind in zip(encoders, attention, strict=True):
            encoder.set_attn_implementation(kind)
        model.eval()
