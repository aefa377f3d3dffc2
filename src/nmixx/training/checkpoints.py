"""Checkpoints of a step: which are whole, and the best weights beside them."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import TYPE_CHECKING

from nmixx.storage import atomic_file

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

logger = logging.getLogger(__name__)

_STATE = "trainer_state.json"


def whole_checkpoints(folder: Path) -> list[Path]:
    """List the checkpoints that were written to their end, the oldest first."""
    found = [state.parent for state in folder.glob(f"checkpoint-*/{_STATE}") if _reads(state)]
    return sorted(found, key=lambda path: int(path.name.removeprefix("checkpoint-")))


def last_checkpoint(folder: Path) -> str | None:
    """Find the checkpoint to go on from, if there is a whole one."""
    whole = whole_checkpoints(folder)
    if not whole:
        return None
    logger.info("going on from %s", whole[-1].name)
    return str(whole[-1])


def _reads(state: Path) -> bool:
    """Tell whether a checkpoint's state, which the trainer writes last, is all there."""
    try:
        json.loads(state.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return True


class BestWeights:
    """The best judged weights of a step, in files beside its checkpoints.

    The file before the last is kept until a checkpoint knows of the newer one, so that a run that
    goes on from the checkpoint before it finds what was best then.
    """

    def __init__(self, folder: Path) -> None:
        """Use a folder; made when the first weights are written."""
        self._folder = folder

    def write(self, model: SentenceTransformer, step: int) -> None:
        """Write a model's weights as those of a step."""
        from safetensors.torch import save_model

        with atomic_file(self._path(step)) as temporary:
            save_model(model, str(temporary))

    def load(self, model: SentenceTransformer, step: int) -> None:
        """Put the weights of a step back into the model."""
        from safetensors.torch import load_model

        load_model(model, str(self._path(step)), device=str(model.device))

    def keep_only(self, step: int) -> None:
        """Remove the weights of all other steps."""
        for path in self._folder.glob("best-*.safetensors"):
            if path != self._path(step):
                path.unlink(missing_ok=True)

    def _path(self, step: int) -> Path:
        """Where a step's weights lie."""
        return self._folder / f"best-{step}.safetensors"
