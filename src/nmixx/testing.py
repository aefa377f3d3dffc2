"""Test doubles that ship with nmixx, so that users test their own code without a model."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from nmixx.encoding.encoder import FloatArray
from nmixx.storage import read_journal
from nmixx.triplets.llm.answers import ANSWERED
from nmixx.triplets.llm.exchange import Answer, RejectedError, Request, Usage


class ReplayLLM:
    """Answers requests as a function says, or as a model did that was asked once for real.

    ``requests`` holds what it was asked, in that order.
    """

    def __init__(self, answer: Callable[[Request], Answer | str]) -> None:
        """Choose what answers; a plain text stands for a whole answer, four characters a token."""
        self._answer = answer
        self.requests: list[Request] = []

    @classmethod
    def from_journal(cls, path: Path) -> ReplayLLM:
        """Answer as the journal of an earlier run says (``answers.jsonl``), and nothing else.

        Raises:
            DataError: it is no journal.
        """
        answers: dict[str, list[Answer]] = {}
        for name, value in read_journal(path).items():
            if value["state"] == ANSWERED:
                key = name.rpartition(".")[0]
                answers.setdefault(key, []).append(Answer.from_json(value["answer"]))

        def recorded(request: Request) -> Answer:
            if not answers.get(request.key):
                raise RejectedError("not in the journal that is replayed")
            return answers[request.key].pop(0)

        return cls(recorded)

    async def complete(self, request: Request) -> Answer:
        """Answer a request."""
        self.requests.append(request)
        answer = self._answer(request)
        if isinstance(answer, Answer):
            return answer
        asked = sum(len(message.content) for message in request.messages)
        return Answer(answer, usage=Usage(asked // 4, len(answer) // 4))


class HashEncoder:
    """Encodes a text as the normalised sum of fixed random vectors of its character trigrams.

    Similar spelling gives similar vectors; the same text gives the same vector in every process.
    """

    def __init__(self, dimension: int = 64, *, seed: int = 0) -> None:
        """Choose the length of the vectors and the seed of the trigram vectors."""
        self._dimension = dimension
        self._seed = seed

    @property
    def fingerprint(self) -> str:
        """Name of the encoder's kind, dimension and seed."""
        return f"hash-{self._dimension}-{self._seed}"

    def encode(self, texts: Sequence[str]) -> FloatArray:
        """Encode texts to unit vectors of shape (texts, dimension)."""
        rows = np.zeros((len(texts), self._dimension), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            padded = f"  {text} "
            for at in range(len(padded) - 2):
                row += self._vector(padded[at : at + 3])
        norms = np.linalg.norm(rows, axis=1, keepdims=True)
        unit: FloatArray = rows / np.maximum(norms, np.float32(1e-9))
        return unit

    def _vector(self, trigram: str) -> FloatArray:
        """Give the fixed vector of a trigram."""
        digest = hashlib.sha256(f"{self._seed}{trigram}".encode()).digest()
        generator = np.random.default_rng(int.from_bytes(digest[:8], "little"))
        return generator.standard_normal(self._dimension).astype(np.float32)
