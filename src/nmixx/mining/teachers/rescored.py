"""Rescored teachers: a cross-encoder reads the best of another teacher again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from nmixx.encoding import FloatArray, choose_device, locate_model
from nmixx.errors import ModelError
from nmixx.mining.rules import FREE, IntArray, Rules
from nmixx.mining.runs import Run, distinct_pairs
from nmixx.mining.teachers.protocol import Query, Teacher
from nmixx.mining.teachers.shortlist import WINDOW, list_best, list_positives
from nmixx.mining.teachers.table import TableScorer
from nmixx.progress import track
from nmixx.records import Document

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

BATCH_SIZE = 32
CHUNK = 64 * BATCH_SIZE


@dataclass(frozen=True)
class RescoredTeacher:
    """Scores another teacher's best, and all positives, by the logits of a cross-encoder.

    Logits have no bounds; the normalisation ``sigmoid`` turns them into what the model was
    trained to give.

    Attributes:
        first: the teacher whose best are read.
        model: a cross-encoder that gives one score a pair.
        model_name: stands in the files beside the first teacher's.
        window: candidates a query.
    """

    first: Teacher
    model: CrossEncoder = field(repr=False)
    model_name: str
    window: int = WINDOW
    bounded: bool = False

    @property
    def name(self) -> str:
        """The model, and the first teacher in brackets."""
        return f"{self.model_name}({self.first.name})"

    @classmethod
    def load(cls, first: Teacher, model_name: str, *, window: int = WINDOW) -> RescoredTeacher:
        """Load a cross-encoder by name; see :func:`load_cross_encoder`."""
        return cls(first, load_cross_encoder(model_name), model_name, window)

    def open(
        self, queries: Sequence[Query], documents: Sequence[Document], rules: Rules = FREE
    ) -> TableScorer:
        """Let the first teacher find its best, and read them with the cross-encoder.

        Raises:
            ModelError: the model gave a score that is not finite.
        """
        scorer = self.first.open(queries, documents, rules)
        best = list_best(scorer, queries, self.window, rules)
        rows, positives = list_positives(queries)
        query_rows, document_rows = distinct_pairs(
            np.append(best.queries, rows), np.append(best.documents, positives)
        )
        scores = self._read(queries, documents, query_rows, document_rows)
        run = Run.build(query_rows, document_rows, scores, count=len(queries))
        return TableScorer(self.name, run, queries, scorer.similarity)

    def _read(
        self,
        queries: Sequence[Query],
        documents: Sequence[Document],
        query_rows: IntArray,
        document_rows: IntArray,
    ) -> FloatArray:
        """Score pairs in order of their length, so that batches carry little padding."""
        from torch.nn import Identity

        query_lengths = np.array([len(query.text) for query in queries], dtype=np.int64)
        lengths = np.array([len(document.text) for document in documents], dtype=np.int64)
        order = np.argsort(-query_lengths[query_rows] - lengths[document_rows], kind="stable")
        scores: FloatArray = np.empty(len(order), dtype=np.float32)
        chunks = [order[at : at + CHUNK] for at in range(0, len(order), CHUNK)]
        for chunk in track(chunks, "rescoring", size=len(order)):
            texts = [
                (queries[query_rows[at]].text, documents[document_rows[at]].text) for at in chunk
            ]
            scores[chunk] = self.model.predict(
                texts, batch_size=BATCH_SIZE, show_progress_bar=False, activation_fn=Identity()
            )
        if not np.isfinite(scores).all():
            at = int(np.argmin(np.isfinite(scores)))
            raise ModelError(
                f"model {self.model_name!r}: gave a score that is not finite, first for the query "
                f"{queries[query_rows[at]].text[:60]!r}.\nTake another cross-encoder."
            )
        return scores


def load_cross_encoder(name: str, *, device: str | None = None) -> CrossEncoder:
    """Load a cross-encoder in float32, from safetensors only.

    Args:
        name: a folder or a Hugging Face id; see :func:`nmixx.encoding.locate_model`.
        device: ``cpu``, ``cuda`` or ``mps``; chosen when not given.

    Raises:
        ModelError: the model is not found where it was looked for, has no safetensors, or is no
            reranker.
    """
    import torch
    from safetensors import SafetensorError
    from sentence_transformers import CrossEncoder

    located = locate_model(name)
    try:
        model: CrossEncoder = CrossEncoder(
            located,
            device=device or choose_device(),
            model_kwargs={"use_safetensors": True, "dtype": torch.float32},
        )
    except (OSError, ValueError, SafetensorError) as error:
        where = "that folder" if Path(located).is_dir() else "the Hugging Face cache and the Hub"
        reason = str(error).strip().splitlines()[0]
        raise ModelError(
            f"cross-encoder {name!r}: could not be loaded from {where}.\n{reason[:300]}"
        ) from error
    _require_reranker(name, model)
    return model


def _require_reranker(name: str, model: CrossEncoder) -> None:
    """Refuse what gives other than one score a pair, or has no trained layer that gives it."""
    if model.num_labels != 1:
        raise ModelError(
            f"cross-encoder {name!r}: gives {model.num_labels} scores a pair; one was expected, "
            "as rerankers give."
        )
    made_for = str((getattr(model.config, "architectures", None) or ["nothing"])[0])
    if len(model) == 1 and not made_for.endswith("ForSequenceClassification"):
        # The library would put a layer of random weights on top and go on.
        raise ModelError(
            f"cross-encoder {name!r}: is a {made_for} and has no layer that scores pairs.\n"
            "Expected a reranker, such as BAAI/bge-reranker-v2-m3."
        )
