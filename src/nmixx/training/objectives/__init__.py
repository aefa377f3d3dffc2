"""Objectives as table rows; each turns a model and a step's settings into a loss module."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from torch import nn

from nmixx.training.objectives.guided import GuidedLoss
from nmixx.training.objectives.loss import Embedded, EmbeddingLoss
from nmixx.training.objectives.ranking import DistillationLoss, LexicalLoss, PairRankingLoss
from nmixx.training.objectives.triplets import InBatchNegativesLoss, TemperatureTripletLoss
from nmixx.training.settings import StepSettings

__all__ = [
    "OBJECTIVES",
    "DistillationLoss",
    "Embedded",
    "EmbeddingLoss",
    "GuidedLoss",
    "InBatchNegativesLoss",
    "LexicalLoss",
    "Objective",
    "PairRankingLoss",
    "TemperatureTripletLoss",
]

RowKind = Literal["pairs", "triplets", "negatives", "glossary"]


def _holds_on(step: StepSettings) -> bool:
    """Tell whether a step holds texts where, or beside what, the base model has them."""
    return step.anchoring > 0 or step.relations > 0


@dataclass(frozen=True)
class Objective:
    """What an objective reads, and the loss it trains with.

    Attributes:
        rows: how its rows are made, a key of the table in ``training/rows.py``.
        loss: from a model and a step's settings.
        columns: those of the rows that it reads; all when empty.
        needs_labels: whether a step needs the base model's embeddings.
        needs_guide: whether it needs a guide's.
    """

    rows: RowKind
    loss: Callable[[Any, StepSettings], nn.Module]
    columns: tuple[str, ...] = ()
    needs_labels: Callable[[StepSettings], bool] = _holds_on
    needs_guide: bool = False


OBJECTIVES: Mapping[str, Objective] = {
    "pair_ranking": Objective("pairs", PairRankingLoss),
    "distillation": Objective(
        "pairs", DistillationLoss, columns=("other",), needs_labels=lambda step: True
    ),
    "guided_pairs": Objective("pairs", GuidedLoss, needs_guide=True),
    "lexical": Objective("glossary", LexicalLoss),
    "triplet": Objective("triplets", TemperatureTripletLoss),
    "triplet_in_batch": Objective("triplets", InBatchNegativesLoss),
    "multiple_negatives": Objective("negatives", InBatchNegativesLoss),
    "guided": Objective("negatives", GuidedLoss, needs_guide=True),
}
