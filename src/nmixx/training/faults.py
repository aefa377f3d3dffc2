"""What a training step died of: a loss that is no number, or a disk that is full."""

from __future__ import annotations

import contextlib
import errno
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from nmixx.errors import NmixxError, StageError
from nmixx.training.checkpoints import whole_checkpoints
from nmixx.training.companions import Columns
from nmixx.training.rows import TrainingRows

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_SHOWN = 80
_NAMED = 3
_CHUNK = 10_000
_FULL_BYTES = 1_000_000
_FULL_WORDS = ("no space left on device", "disk quota exceeded")


class LossFaults:
    """Explains a loss that is no number: which batch, which rows, and why."""

    def __init__(
        self, model: SentenceTransformer, rows: TrainingRows, name: str, *, narrow: bool = False
    ) -> None:
        """Take what the step trains, and whether it does so in a narrow number format."""
        self._model = model
        self._rows = rows
        self._name = name
        self._narrow = narrow

    def explain(
        self,
        loss: nn.Module,
        columns: Columns,
        labels: Tensor | None,
        step: int,
        value: float,
    ) -> None:
        """Look for the cause in the order weights, rows, precision, loss.

        Raises:
            StageError: always; with step, rows and likely cause.
        """
        head = f"training step {self._name!r}: the loss is {value} at step {step + 1}"
        batch = self._name_rows(columns, range(_first_size(columns)))
        broken = first_broken_weight(self._model)
        if broken is not None:
            cause = (
                f"the weights of {broken} are no numbers since step {step}: lower the learning_rate"
                if step
                else f"the weights of {broken} are no numbers in the model that was given"
            )
            raise StageError(f"{head}; {cause}.\nIts batch: {batch}.")
        bad = self._bad_rows(columns, labels)
        size = _first_size(columns)
        if bad and len(bad) < size:
            batch = self._name_rows(columns, bad)
            head += f", because of {len(bad)} of the batch's {size} rows"
        if self._narrow and self._is_finite_in_full(loss, columns, labels):
            raise StageError(
                f"{head}; in float32 the same batch has a finite loss, so it is the precision.\n"
                f"Set training.precision to float32. Its batch: {batch}."
            )
        if bad and len(bad) < size:
            raise StageError(f"{head}: {batch}.\nMend or remove them and run again.")
        raise StageError(
            f"{head}; weights and precision are sound.\n"
            f"Raise its temperature or lower its learning_rate. Its batch: {batch}."
        )

    def blame(self, what: str, step: int, value: float) -> None:
        """Explain the loss of what goes along with a batch.

        Raises:
            StageError: always.
        """
        broken = first_broken_weight(self._model)
        cause = f"the weights of {broken} are no numbers" if broken else "the batch itself is fine"
        raise StageError(
            f"training step {self._name!r}: the loss of the {what} is {value} at step {step + 1}; "
            f"{cause}.\nLower its learning_rate, or train in float32 (training.precision)."
        )

    def require_finite_weights(self, step: int) -> None:
        """Refuse to judge a model whose weights are no numbers any more.

        Raises:
            StageError: one of them is not.
        """
        broken = first_broken_weight(self._model)
        if broken is None:
            return
        advice = (
            "Lower its learning_rate, or train in float32 (training.precision)."
            if step
            else "They were so in the model that was given, or as the step before it left it."
        )
        raise StageError(
            f"training step {self._name!r}: the weights of {broken} are no numbers after step "
            f"{step}.\n{advice}"
        )

    def _bad_rows(self, columns: Columns, labels: Tensor | None) -> list[int]:
        """Number the batch's rows whose embedding or label is not finite."""
        bad = torch.zeros(_first_size(columns), dtype=torch.bool)
        with torch.no_grad():
            for column in columns:
                embedded = self._model(dict(column))["sentence_embedding"]
                bad |= ~torch.isfinite(embedded.float()).all(-1).cpu()
        if labels is not None:
            bad |= ~torch.isfinite(labels.float().reshape(len(bad), -1)).all(-1).cpu()
        return [int(row) for row in bad.nonzero().flatten()]

    def _is_finite_in_full(self, loss: nn.Module, columns: Columns, labels: Tensor | None) -> bool:
        """Compute the batch's loss again in float32."""
        device = str(self._model.device).split(":")[0]
        wrapped = self._model.forward
        # Where precision is mixed, accelerate has put a forward of its own before the model's.
        self._model.forward = getattr(self._model, "_original_forward", wrapped)
        try:
            with torch.no_grad(), torch.autocast(device, enabled=False):
                again = loss([dict(column) for column in columns], labels)
        finally:
            self._model.forward = wrapped
        return bool(torch.isfinite(again))

    def _name_rows(self, columns: Columns, rows: Sequence[int]) -> str:
        """Show the first few of some of the batch's rows, with their place in the step's rows."""
        places = self._places(columns[0])
        read = self._model.tokenizer
        shown = []
        for row in list(rows)[:_NAMED]:
            text = read.decode(columns[0]["input_ids"][row], skip_special_tokens=True)
            place = places.get(row)
            group = "" if place is None else f" (row {place + 1}, group {self._rows.groups[place]})"
            known = text if place is None else next(iter(self._rows.columns.values()))[place]
            shown.append(f"{known[:_SHOWN]!r}{group}")
        more = len(rows) - len(shown)
        return "; ".join(shown) + (f"; and {more} more" if more > 0 else "")

    def _places(self, column: Mapping[str, Tensor]) -> dict[int, int]:
        """Find a batch's rows among the step's by what the model reads of their first text."""
        wanted: dict[tuple[int, ...], int] = {}
        mask = column.get("attention_mask", torch.ones_like(column["input_ids"])).bool()
        for row, (ids, real) in enumerate(zip(column["input_ids"], mask, strict=True)):
            wanted[tuple(ids[real].tolist())] = row
        places: dict[int, int] = {}
        for texts in list(self._rows.columns.values())[:2]:
            for start in range(0, len(texts), _CHUNK):
                found = self._model.tokenizer(
                    texts[start : start + _CHUNK],
                    truncation=True,
                    max_length=self._model.max_seq_length,
                ).input_ids
                for at, ids in enumerate(found, start):
                    if tuple(ids) in wanted:
                        places.setdefault(wanted[tuple(ids)], at)
            if places:
                break
        return places


def first_broken_weight(model: nn.Module) -> str | None:
    """Name the first tensor of a model that is not finite."""
    for name, tensor in model.state_dict().items():
        if tensor.is_floating_point() and not bool(torch.isfinite(tensor).all()):
            return str(name)
    return None


@contextmanager
def explaining_full_disk(folder: Path, name: str) -> Iterator[None]:
    """Say in words that the disk is full, and what is left to go on from.

    Args:
        folder: of the step's checkpoints.
        name: the step's.

    Raises:
        StageError: writing failed because the disk is full.
    """
    try:
        yield
    except NmixxError:
        raise
    except Exception as error:
        if not _is_full(error, folder):
            raise
        remove_leftovers(folder)
        whole = whole_checkpoints(folder)
        left = (
            f"{whole[-1].name} stands and the same command goes on from it"
            if whole
            else "no checkpoint had been written; the same command begins the step again"
        )
        raise StageError(
            f"training step {name!r}: the disk that holds {folder} is full.\n"
            f"Make room there; {left}."
        ) from error


def remove_leftovers(folder: Path) -> None:
    """Remove checkpoints that were cut short."""
    whole = whole_checkpoints(folder)
    for place in folder.glob("checkpoint-*"):
        if place not in whole:
            with contextlib.suppress(OSError):
                shutil.rmtree(place)


def _is_full(error: Exception, folder: Path) -> bool:
    """Tell whether an error comes from a full disk; libraries wrap it in types of their own."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return True
    if any(words in str(error).lower() for words in _FULL_WORDS):
        return True
    # torch's own archive writer does not say why it could not write; what it wrote is still there.
    near = next(place for place in (folder, *folder.parents) if place.exists())
    return isinstance(error, RuntimeError) and shutil.disk_usage(near).free < _FULL_BYTES


def _first_size(columns: Columns) -> int:
    """Count the rows of a batch."""
    return len(columns[0]["input_ids"])
