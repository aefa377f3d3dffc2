"""One training step through the Sentence Transformers trainer, resumable from checkpoints."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import torch
from transformers import PreTrainedModel
from transformers.trainer_callback import PrinterCallback

from nmixx.encoding import FloatArray, Precision, choose_precision
from nmixx.training.alarms import Alarm
from nmixx.training.batches import sampler_factory
from nmixx.training.checkpoints import BestWeights, last_checkpoint
from nmixx.training.collation import make_collator
from nmixx.training.companions import AccompaniedLoss, General, make_companions
from nmixx.training.faults import LossFaults
from nmixx.training.judging import Judge, Judgement
from nmixx.training.kinds import ModelKind, choose_prompts, fill_step, recognise_kind
from nmixx.training.objectives import OBJECTIVES
from nmixx.training.probe import Probe, Prober, count_directions
from nmixx.training.rows import TrainingRows
from nmixx.training.settings import StepSettings
from nmixx.training.trainable import token_parameters, trainable
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

_RATE = 1e-4
"""Learning rate of a step that says none, whose model's kind says none either."""

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
    guide: Callable[[Sequence[str]], FloatArray] | None = None,
    new_rows: Sequence[int] | None = None,
    kind: ModelKind | None = None,
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
        guide: what embeds texts for the guided objectives.
        new_rows: of tokens that the base model does not have, where that is known.
        kind: the model's; recognised when not given.
        general: what goes along with the batches to keep the general ability.
        judge: of development tasks, for a step that is watched.

    Raises:
        StageError: the loss is not a number.
    """
    from datasets import Dataset
    from sentence_transformers import SentenceTransformerTrainer

    objective = OBJECTIVES[step.objective]
    kind = kind or recognise_kind(model)
    step = fill_step(step, kind)
    prompts = choose_prompts(step, kind, objective.columns or tuple(rows.columns))
    collator = make_collator(
        model, rows, objective.columns, step, labels=labels, guide=guide, prompts=prompts
    )
    general = general or General()
    length = model.max_seq_length
    best = BestWeights(folder)
    with (
        trainable(
            model,
            step,
            kind,
            collator.tokens,
            new=new_rows,
            seed=seed,
            folder=folder.parent,
            also=general.texts(),
        ),
        _training_mode(model, step.max_length or kind.max_length, step.gradient_checkpointing),
    ):
        arguments = _arguments(
            model, rows, step, folder, precision, checkpoints, seed, collator.row_lengths
        )
        faults = LossFaults(model, rows, step.name, narrow=arguments.bf16)
        companions = make_companions(model, general, step, seed=seed)
        loss = AccompaniedLoss(objective.loss(model, step), companions, faults)
        prober = Prober(rows, temperature=step.temperature, seed=seed)
        # Pairs are laid out pivot first and ranked both ways: they have no direction.
        has_direction = objective.rows in ("triplets", "negatives")
        directions = count_directions(rows.columns, seed=seed) if has_direction else {}
        watcher = Watcher(
            Watched(
                *(step.name, model, loss, faults, prober, directions),
                *(best, precision, length, step.watch, judge),
            )
        )
        trainer = SentenceTransformerTrainer(
            model=model,
            args=arguments,
            train_dataset=Dataset.from_dict({"row": range(len(rows))}),
            data_collator=cast(Any, collator),
            loss=loss,
            callbacks=[watcher],
        )
        trainer.remove_callback(PrinterCallback)
        try:
            trainer.train(resume_from_checkpoint=last_checkpoint(folder))
            kept = watcher.finish(trainer.state)
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
        None if kept is None else kept.step,
    )


def _arguments(
    model: SentenceTransformer,
    rows: TrainingRows,
    step: StepSettings,
    folder: Path,
    precision: Precision,
    checkpoints: int,
    seed: int,
    lengths: Sequence[int],
) -> Any:  # noqa: ANN401 - the library's own type
    """Translate a step's settings into the trainer's arguments."""
    from sentence_transformers import SentenceTransformerTrainingArguments

    device = str(model.device).split(":")[0]
    make_sampler = sampler_factory(lengths, rows.groups, step.batch_tokens)
    first = make_sampler(range(len(rows)), step.batch_size, False, seed=seed)
    steps = math.ceil(len(first) * step.epochs)
    rate = step.learning_rate or _RATE
    token_rate = step.token_learning_rate or rate
    return SentenceTransformerTrainingArguments(
        output_dir=str(folder),
        per_device_train_batch_size=step.batch_size,
        num_train_epochs=step.epochs,
        learning_rate=rate,
        learning_rate_mapping=dict.fromkeys(token_parameters(model), token_rate),
        warmup_steps=max(1, round(steps * step.warmup)),
        lr_scheduler_type="linear",
        weight_decay=0.0,
        max_grad_norm=1.0,
        bf16=choose_precision(precision, device) == "bfloat16",
        use_cpu=device == "cpu",
        batch_sampler=make_sampler,
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
def _training_mode(
    model: SentenceTransformer, max_length: int, recompute: bool = False
) -> Iterator[None]:
    """Shorten the model's reading and switch dropout off while training.

    Dropout is noise that short runs of contrastive training do not need, and without it a resumed
    run follows the same path. On a processor attention is computed by plain matrix products: for
    texts this short the fused kernel takes several times as long backwards.
    """
    length = model.max_seq_length
    encoders: list[Any] = [m for m in model.modules() if isinstance(m, PreTrainedModel)]
    attention = [encoder.config._attn_implementation for encoder in encoders]
    dropouts = [module for module in model.modules() if isinstance(module, torch.nn.Dropout)]
    shares = [module.p for module in dropouts]
    model.max_seq_length = min(max_length, length or max_length)
    for module in dropouts:
        module.p = 0.0
    if model.device.type == "cpu" and max_length <= _SHORT:
        for encoder in encoders:
            encoder.set_attn_implementation("eager")
    for encoder in encoders if recompute else ():
        encoder.activation_checkpointing_enable({"use_reentrant": False})
    try:
        yield
    finally:
        model.max_seq_length = length
        for module, share in zip(dropouts, shares, strict=True):
            module.p = share
        for encoder, kind in zip(encoders, attention, strict=True):
            encoder.set_attn_implementation(kind)
            if recompute:
                encoder.activation_checkpointing_disable()
        model.eval()
