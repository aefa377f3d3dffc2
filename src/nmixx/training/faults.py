"""What a training step died of when its loss is no number: weights, rows or precision."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from nmixx.errors import StageError
from nmixx.training.companions import Features
from nmixx.training.rows import TrainingRows

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_SHOWN = 80
_NAMED = 3
_CHUNK = 10_000
_ABOUT_THE_BATCH = frozenset({"places", "related", "guide"})
"""Features that are not for the model."""

Read = tuple[int, ...]
"""The tokens that the model reads of a text."""


class LossFaults:
    """Explains a loss that is no number: which batch, which of its texts, and why."""

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
        features: Features,
        labels: Tensor | None,
        step: int,
        value: float,
    ) -> None:
        """Look for the cause in the order weights, rows, precision, loss.

        Raises:
            StageError: always; with step, rows and likely cause.
        """
        head = f"training step {self._name!r}: the loss is {value} at step {step + 1}"
        texts = _read(features)
        batch = self._show(texts)
        broken = first_broken_weight(self._model)
        if broken is not None:
            cause = (
                f"the weights of {broken} are no numbers since step {step}: lower the learning_rate"
                if step
                else f"the weights of {broken} are no numbers in the model that was given"
            )
            raise StageError(f"{head}; {cause}.\nIts batch: {batch}.")
        bad = self._bad_texts(features)
        some = 0 < len(bad) < len(texts)
        if some:
            batch = self._show([texts[at] for at in bad])
            head += f", because of {len(bad)} of the batch's {len(texts)} texts"
        if self._narrow and self._is_finite_in_full(loss, features, labels):
            raise StageError(
                f"{head}; in float32 the same batch has a finite loss, so it is the precision.\n"
                f"Set training.precision to float32. Its batch: {batch}."
            )
        if some:
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

    def _bad_texts(self, features: Features) -> list[int]:
        """Number the batch's texts whose embedding is not finite."""
        bad = []
        with torch.no_grad():
            for chunk in features:
                embedded = self._model(_for_model(chunk))["sentence_embedding"]
                bad.append(~torch.isfinite(embedded.float()).all(-1).cpu())
        return [int(at) for at in torch.cat(bad).nonzero().flatten()]

    def _is_finite_in_full(
        self, loss: nn.Module, features: Features, labels: Tensor | None
    ) -> bool:
        """Compute the batch's loss again in float32."""
        model: Any = self._model
        device = str(model.device).split(":")[0]
        wrapped = model.forward
        # Where precision is mixed, accelerate has put a forward of its own before the model's.
        model.forward = getattr(model, "_original_forward", wrapped)
        try:
            with torch.no_grad(), torch.autocast(device, enabled=False):
                again = loss([dict(chunk) for chunk in features], labels)
        finally:
            model.forward = wrapped
        return bool(torch.isfinite(again))

    def _show(self, texts: Sequence[Read]) -> str:
        """Show the first few of some texts, with their place in the step's rows."""
        shown = []
        places = self._find(texts[:_NAMED])
        for read in texts[:_NAMED]:
            if read in places:
                column, row = places[read]
                text = self._rows.columns[column][row]
                shown.append(
                    f"{text[:_SHOWN]!r} ({column} of row {row + 1}, group {self._rows.groups[row]})"
                )
            else:
                decoded = self._model.tokenizer.decode(list(read), skip_special_tokens=True)
                shown.append(repr(decoded[:_SHOWN]))
        more = len(texts) - len(shown)
        return "; ".join(shown) + (f"; and {more} more" if more > 0 else "")

    def _find(self, texts: Sequence[Read]) -> dict[Read, tuple[str, int]]:
        """Find where texts stand in the step's rows, by what the model reads of those.

        All rows are tokenised until they are found; nothing is left to train by then.
        """
        wanted = set(texts)
        places: dict[Read, tuple[str, int]] = {}
        for name, column in self._rows.columns.items():
            for start in range(0, len(column), _CHUNK):
                found = self._model.tokenizer(
                    list(column[start : start + _CHUNK]),
                    truncation=True,
                    max_length=self._model.max_seq_length,
                ).input_ids
                for row, ids in enumerate(found, start):
                    if tuple(ids) in wanted:
                        places.setdefault(tuple(ids), (name, row))
                if len(places) == len(wanted):
                    return places
        return places


def first_broken_weight(model: nn.Module) -> str | None:
    """Name the first tensor of a model that is not finite."""
    for name, tensor in model.state_dict().items():
        if tensor.is_floating_point() and not bool(torch.isfinite(tensor).all()):
            return str(name)
    return None


def _read(features: Features) -> list[Read]:
    """List what the model reads of each text of a batch, without padding."""
    texts: list[Read] = []
    for chunk in features:
        ids = chunk["input_ids"]
        mask = chunk.get("attention_mask", torch.ones_like(ids)).bool()
        texts += [tuple(row[real].tolist()) for row, real in zip(ids, mask, strict=True)]
    return texts


def _for_model(chunk: dict[str, Any]) -> dict[str, Any]:
    """Leave out of a batch's features what the model does not read."""
    return {name: value for name, value in chunk.items() if name not in _ABOUT_THE_BATCH}
