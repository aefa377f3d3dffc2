"""What of a model trains in a step: all of it, adapters, or rows of its embedding table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nmixx.encoding.tokens import IntArray, Tokens, tokenize
from nmixx.training.adapters import adapters
from nmixx.training.kinds import ModelKind
from nmixx.training.settings import StepSettings
from nmixx.training.token_rows import can_split, need_new_rows, train_only

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_MOST = 0.9
"""Share of the table's rows up to which it pays to train those apart that occur."""


@contextmanager
def trainable(
    model: SentenceTransformer,
    step: StepSettings,
    kind: ModelKind,
    tokens: Tokens,
    *,
    new: Sequence[int] | None,
    seed: int,
    folder: Path,
    also: Sequence[str] = (),
) -> Iterator[None]:
    """Let a model train as a step asks while the block runs.

    Args:
        model: whole again afterwards, with all that was trained in its own weights.
        step: says what trains.
        kind: the model's.
        tokens: of the step's texts; rows that occur in none of them never change.
        new: rows of tokens that the base model does not have, where that is known.
        seed: of adapters.
        folder: the step's, where an adapter is kept when it is asked for.
        also: further texts that the model trains on, beside the step's own.

    Raises:
        DataError: new rows are to be trained and it is not known which, or there are none.
    """
    wanted = step.train_rows or ("new" if step.train == "lora" else "all")
    if wanted == "new" and (step.train_rows or new):
        new = need_new_rows(step.name, new)
    rows = _choose_rows(wanted, find_occurring(model, tokens, also), new)
    with ExitStack() as stack:
        if step.train == "lora":
            keep = folder / "adapter" if step.save_adapter else None
            stack.enter_context(
                adapters(model, step, kind, rows=rows.tolist(), seed=seed, keep=keep)
            )
        else:
            stack.enter_context(_frozen(model, body=step.train == "rows", table=not len(rows)))
            if len(rows) and (wanted == "new" or _pays(model, rows)):
                stack.enter_context(train_only(model, rows.tolist()))
        yield


def find_occurring(
    model: SentenceTransformer, tokens: Tokens, also: Sequence[str] = ()
) -> IntArray:
    """Number the rows of the embedding table that texts look up, in rising order."""
    ids = np.append(tokens.values["input_ids"].astype(np.int64), tokens.pads["input_ids"])
    if also:
        distinct = sorted(set(also))
        more = tokenize(model, distinct, [""] * len(distinct), None)
        ids = np.append(ids, more.values["input_ids"].astype(np.int64))
    return np.unique(ids)


def _choose_rows(wanted: str, occurring: IntArray, new: Sequence[int] | None) -> IntArray:
    """Choose the rows that train among those that occur."""
    if wanted == "all":
        return occurring
    found: IntArray = np.intersect1d(occurring, np.asarray(new or (), dtype=np.int64))
    return found if wanted == "new" else found[:0]


def _pays(model: SentenceTransformer, rows: IntArray) -> bool:
    """Tell whether the rows that occur are few enough to be trained apart."""
    if not can_split(model):
        return False
    return len(rows) <= _MOST * len(_table(model).weight)


@contextmanager
def _frozen(model: SentenceTransformer, *, body: bool, table: bool) -> Iterator[None]:
    """Hold what does not train, so that it has neither gradients nor optimiser state."""
    own = {id(parameter) for parameter in _table(model).parameters()}
    held = [
        parameter
        for parameter in model.parameters()
        if parameter.requires_grad and (table if id(parameter) in own else body)
    ]
    for parameter in held:
        parameter.requires_grad_(False)
    try:
        yield
    finally:
        for parameter in held:
            parameter.requires_grad_(True)


def token_parameters(model: SentenceTransformer) -> list[str]:
    """Name what trains of a model's embedding table, each as a pattern that matches it alone."""
    own = {id(parameter) for parameter in _table(model).parameters()}
    return [
        f"{re.escape(name)}$"
        for name, parameter in model.named_parameters()
        if id(parameter) in own and parameter.requires_grad
    ]


def _table(model: SentenceTransformer) -> Any:  # noqa: ANN401 - any embedding layer
    """Give a model's embedding table."""
    transformer: Any = model[0].auto_model
    return transformer.get_input_embeddings()
