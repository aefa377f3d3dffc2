"""A batch's texts, each distinct one once, in chunks of like length."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from nmixx.encoding import FloatArray
from nmixx.encoding.tokens import IntArray, Tokens, tokenize
from nmixx.training.rows import TrainingRows
from nmixx.training.settings import StepSettings

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

NEGATIVE = "negative"
"""What columns of negatives begin with: their texts are not of their row's group."""

_CHUNK_COST = {"cpu": 160, "cuda": 16_384}
"""What one more forward pass costs, in tokens' worth of time, by kind of device."""


@dataclass(frozen=True)
class StepTexts:
    """The distinct texts of a step's rows.

    Attributes:
        texts: each once.
        prompts: what is put before each.
        places: each row's texts by number, -1 where it lacks one, shape (rows, columns).
        groups: each row's group by number, shape (rows,).
        members: the groups that each text is known to mean the same as.
    """

    texts: Sequence[str]
    prompts: Sequence[str]
    places: IntArray
    groups: IntArray
    members: Sequence[tuple[int, ...]]


def gather_texts(
    columns: Mapping[str, Sequence[str]], groups: Sequence[str], prompts: Mapping[str, str]
) -> StepTexts:
    """Number the distinct texts of columns.

    Args:
        columns: of rows; an empty text is one that the row lacks.
        groups: of rows.
        prompts: by column; none where it is not named.
    """
    numbers: dict[tuple[str, str], int] = {}
    names: dict[str, int] = {}
    group_numbers = [names.setdefault(group, len(names)) for group in groups]
    places = np.full((len(groups), len(columns)), -1, dtype=np.int64)
    members: dict[str, dict[int, None]] = {}
    for at, (name, texts) in enumerate(columns.items()):
        prompt = prompts.get(name, "")
        for row, text in enumerate(texts):
            if text:
                places[row, at] = numbers.setdefault((prompt, text), len(numbers))
                if not name.startswith(NEGATIVE):
                    members.setdefault(text, {})[group_numbers[row]] = None
    return StepTexts(
        [text for _, text in numbers],
        [prompt for prompt, _ in numbers],
        places,
        np.asarray(group_numbers, dtype=np.int64),
        [tuple(members.get(text, ())) for _, text in numbers],
    )


@dataclass(frozen=True)
class Collator:
    """Turns row numbers into what an objective's loss reads.

    A batch is one set of features a chunk; the first also has ``places`` (of each column's texts
    among the distinct ones), ``related`` (whether a text belongs to a row's group) and, where there
    is one, the ``guide``'s embedding of each text. Padding is what chunks save: a text that is met
    in several rows or columns is embedded once, beside texts of its length.
    """

    step: StepTexts
    tokens: Tokens
    labels: FloatArray | None = None
    guide: FloatArray | None = None
    chunk_cost: int = _CHUNK_COST["cpu"]
    most: int | None = None
    valid_label_columns: list[str] = field(default_factory=lambda: ["label"])

    @property
    def row_lengths(self) -> list[int]:
        """Count the tokens of each row's longest text, which is what batches are sorted by."""
        lengths = np.append(self.tokens.lengths, 0)  # the last stands for a text that is missing
        longest: list[int] = lengths[self.step.places].max(axis=1).tolist()
        return longest

    def __call__(self, features: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """Make a batch of rows, given as ``{"row": number}``."""
        rows = [int(feature["row"]) for feature in features]
        places = self.step.places[rows]
        distinct = np.unique(places[places >= 0])
        lengths = self.tokens.lengths[distinct]
        order = np.lexsort((distinct, lengths, self.tokens.prompts[distinct]))
        distinct = distinct[order]
        batch: dict[str, Any] = {}
        for number, chunk in enumerate(self._cut(distinct)):
            padded = self.tokens.pad(chunk.tolist())
            batch |= {f"texts{number}_{key}": value for key, value in padded.items()}
        found = {int(text): position for position, text in enumerate(distinct)}
        positions = [[found.get(int(text), -1) for text in row] for row in places]
        batch["texts0_places"] = torch.tensor(positions).T.contiguous()
        batch["texts0_related"] = self._relate(rows, distinct)
        if self.guide is not None:
            batch["texts0_guide"] = torch.from_numpy(np.asarray(self.guide[distinct]))
        if self.labels is not None:
            batch["label"] = torch.from_numpy(self.labels[rows])
        return batch

    def _relate(self, rows: Sequence[int], distinct: IntArray) -> torch.Tensor:
        """Tell which texts belong to which rows' groups, shape (rows, texts)."""
        row_of = {int(self.step.groups[row]): at for at, row in enumerate(rows)}
        related = torch.zeros(len(rows), len(distinct), dtype=torch.bool)
        for position, text in enumerate(distinct):
            for group in self.step.members[int(text)]:
                if group in row_of:
                    related[row_of[group], position] = True
        return related

    def _cut(self, distinct: IntArray) -> list[IntArray]:
        """Cut texts, sorted by length, where that saves more padding than it costs."""
        lengths = self.tokens.lengths[distinct]
        prompts = self.tokens.prompts[distinct]
        bounds = [0, *(np.flatnonzero(np.diff(prompts)) + 1).tolist(), len(distinct)]
        chunks: list[IntArray] = []
        for start, end in pairwise(bounds):
            cuts = cut_by_length(lengths[start:end], self.chunk_cost, self.most)
            chunks += np.split(distinct[start:end], cuts)
        return chunks


def cut_by_length(lengths: IntArray, cost: int, most: int | None = None) -> list[int]:
    """Find where to cut sorted lengths into chunks, for the least padded tokens in sum.

    Args:
        lengths: in rising order.
        cost: what a chunk costs beside its tokens, in tokens.
        most: the largest chunk.

    Returns:
        Where chunks but the first begin.
    """
    ends = [*(np.flatnonzero(np.diff(lengths)) + 1).tolist(), len(lengths)]
    if most is not None:
        ends = sorted({*ends, *range(most, len(lengths), most)})
    points = [0, *ends]
    best = np.full(len(points), np.inf)
    best[0], back = 0, [0] * len(points)
    starts = np.asarray(points)
    for at in range(1, len(points)):
        width = lengths[points[at] - 1]
        sizes = points[at] - starts[:at]
        costs = best[:at] + sizes * width + cost
        if most is not None:
            costs = np.where(sizes > most, np.inf, costs)
        back[at] = int(np.argmin(costs))
        best[at] = costs[back[at]]
    cuts: list[int] = []
    at = back[-1]
    while at:
        cuts.append(points[at])
        at = back[at]
    return cuts[::-1]


def make_collator(
    model: SentenceTransformer,
    rows: TrainingRows,
    columns: Sequence[str],
    step: StepSettings,
    *,
    labels: FloatArray | None = None,
    guide: Callable[[Sequence[str]], FloatArray] | None = None,
    prompts: Mapping[str, str] | None = None,
) -> Collator:
    """Tokenise a step's texts and make what collates its batches.

    Args:
        model: the one to be trained.
        rows: the step's.
        columns: those of the rows that the objective reads; all when empty.
        step: its settings.
        labels: for the rows, shape (rows, dimensions).
        guide: what embeds texts for the guided objectives.
        prompts: by column.
    """
    chosen = {name: rows.columns[name] for name in columns or rows.columns}
    texts = gather_texts(chosen, rows.groups, prompts or {})
    lengths = [length for length in (step.max_length, model.max_seq_length) if length]
    tokens = tokenize(model, texts.texts, texts.prompts, min(lengths, default=None))
    return Collator(
        texts,
        tokens,
        labels,
        guide(texts.texts) if guide else None,
        chunk_cost=_CHUNK_COST.get(model.device.type, _CHUNK_COST["cuda"]),
        most=step.mini_batch,
    )
