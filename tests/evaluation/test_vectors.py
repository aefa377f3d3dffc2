from __future__ import annotations

import numpy as np
import pytest

from nmixx.errors import ModelError
from nmixx.evaluation.vectors import PromptedEncoder, Vectors, open_vectors
from nmixx.testing import HashEncoder


class Recorder(HashEncoder):
    """Remembers what it was asked for, and puts NaN or too few rows where it is told to."""

    def __init__(self, bad: str = "", drop: int = 0, seed: int = 0) -> None:
        super().__init__(8, seed=seed)
        self.asked: list[str] = []
        self._bad, self._drop = bad, drop

    def encode(self, texts):
        self.asked += texts
        rows = super().encode(texts)
        if self._bad in texts:
            rows[list(texts).index(self._bad)] = np.nan
        return rows[self._drop :]


def test_new_texts_are_encoded_when_they_are_asked_for() -> None:
    encoder = Recorder()
    vectors = Vectors(encoder, ["one", "two"], store=None, label="")
    found = vectors(["three", "one", "three"])
    assert np.array_equal(found, HashEncoder(8).encode(["three", "one", "three"]))
    assert encoder.asked == ["one", "two", "three"]


def test_the_text_with_a_broken_vector_is_shown() -> None:
    with pytest.raises(ModelError, match="NaN or infinity for 1 of 2 texts, first for '순이익'"):
        Vectors(Recorder(bad="순이익"), ["순이익", "profit"], store=None, label="")


def test_too_few_vectors_are_refused() -> None:
    with pytest.raises(ModelError, match=r"shape \(1, 8\) for 2 texts"):
        Vectors(Recorder(drop=1), ["one", "two"], store=None, label="")


def test_roles_have_their_own_prompts() -> None:
    usual, query, document = (Recorder(seed=seed) for seed in range(3))
    encoder = PromptedEncoder(usual, query, document)
    vectors = open_vectors(encoder, ["never asked"], store=None, label="")
    vectors(["a question"], "query")
    vectors(["an answer"], "document")
    vectors(["a sentence"])
    asked = (usual.asked, query.asked, document.asked)
    assert asked == (["a sentence"], ["a question"], ["an answer"])
    assert encoder.fingerprint != PromptedEncoder(usual, document, query).fingerprint
