"""What a tokenizer costs in encoding time, measured on this machine."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from nmixx.vocabulary.reporting.coverage import sample_evenly

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

SAMPLE = 96
_WARM_UP = 8


def time_encoding(model: SentenceTransformer, texts: Sequence[str], *, size: int = SAMPLE) -> float:
    """Measure the seconds that a model takes for 1,000 texts like these.

    Args:
        model: on the device that is to be timed.
        texts: of one language, at least one.
        size: at most so many of them, at even distances, are encoded, in batches of 32.
    """
    sample = sample_evenly(texts, size)
    model.encode(sample[:_WARM_UP], show_progress_bar=False)
    start = time.perf_counter()
    model.encode(sample, show_progress_bar=False)
    return (time.perf_counter() - start) * 1_000 / len(sample)
