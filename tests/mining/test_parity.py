"""On the same vectors: the negatives of Sentence Transformers where its window does not starve."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from datasets import Dataset
from sentence_transformers.util import (
    cos_sim,
    pairwise_cos_sim,
)
from sentence_transformers.util import (
    mine_hard_negatives as mine_as_peer,
)

from nmixx.mining import MiningSettings, mine_hard_negatives
from nmixx.mining.teachers.dense import DenseTeacher
from nmixx.records import Document, Pair

Vectors = dict[str, np.ndarray]


@dataclass(frozen=True)
class Case:
    """Queries with one to three positives each, other documents, and a vector for each text."""

    pairs: list[tuple[str, str]]
    corpus: list[str]
    vectors: Vectors
    negatives: int
    window: int

    @classmethod
    def draw(cls, seed: int) -> Case:
        chooser = np.random.default_rng(seed)
        count, size = int(chooser.integers(2, 12)), int(chooser.integers(20, 120))
        pairs = [(f"ask {n}", f"say {n}.{at}") for n in range(count) for at in range(1 + n % 3)]
        corpus = [f"text {n}" for n in range(size)]
        texts = [*dict(pairs), *(positive for _, positive in pairs), *corpus]
        rows = chooser.standard_normal((len(texts), 6))
        names = {text: row for row, text in enumerate(texts)}
        for anchor, positive in pairs:  # mostly near, sometimes on the other side
            rows[names[positive]] = rows[names[anchor]] + chooser.normal(0, 1.5, 6)
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        negatives = int(chooser.integers(1, 5))
        window = negatives + int(chooser.integers(1, 100))
        vectors = dict(zip(texts, rows.astype(np.float32), strict=True))
        return cls(pairs, corpus, vectors, negatives, window)

    def by_hand(self) -> dict[str, list[str]]:
        """Every score, sorted; the best below the lowest positive's share."""
        known, mined = defaultdict(list), {}
        for anchor, positive in self.pairs:
            known[anchor].append(positive)
        pool = [*self.corpus, *(positive for _, positive in self.pairs)]
        for anchor, positives in known.items():
            query = self.vectors[anchor].astype(np.float64)
            scores = {text: float(self.vectors[text] @ query) for text in pool}
            lowest = min(scores[positive] for positive in positives)
            ceiling = lowest - abs(lowest) * 0.05
            fit = [t for t in pool if t not in positives and scores[t] < ceiling]
            mined[anchor] = sorted(fit, key=lambda text: -scores[text])[: self.negatives]
        return mined


@dataclass(frozen=True)
class TableModel:
    """What the peer asks of a model, answered from a table of vectors."""

    vectors: Vectors
    device: torch.device = torch.device("cpu")  # noqa: RUF009 - immutable

    def encode_query(self, texts: list[str], **options: Any) -> np.ndarray:
        return np.stack([self.vectors[text] for text in texts])

    encode_document = encode_query
    similarity = staticmethod(cos_sim)
    similarity_pairwise = staticmethod(pairwise_cos_sim)


@dataclass(frozen=True)
class TableEncoder:
    vectors: Vectors
    fingerprint: str = "table"

    def encode(self, texts: list[str]) -> np.ndarray:
        rows = [self.vectors[text] for text in texts]
        return np.array(rows, dtype=np.float32).reshape(len(texts), 6)


def mine_theirs(case: Case) -> dict[str, list[str]]:
    mined = mine_as_peer(
        Dataset.from_list([{"anchor": anchor, "positive": text} for anchor, text in case.pairs]),
        TableModel(case.vectors),
        corpus=case.corpus,
        relative_margin=0.05,
        num_negatives=case.negatives,
        range_max=case.window,
        sampling_strategy="top",
        output_format="triplet",
        verbose=False,
    )
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for row in mined:
        found[row["anchor"]][row["negative"]] = None
    return {anchor: list(found[anchor]) for anchor, _ in case.pairs}


def mine_ours(case: Case, folder: Path) -> dict[str, list[str]]:
    encoder = TableEncoder(case.vectors)
    pairs = [
        Pair(f"p{n}", anchor, positive, "ko", "en", "qa", "general", "")
        for n, (anchor, positive) in enumerate(case.pairs)
    ]
    result = mine_hard_negatives(
        pairs,
        [Document(text, text, "en", "general", "", "test") for text in case.corpus],
        DenseTeacher("table", encoder, encoder, folder / "store"),
        MiningSettings(margin=0.95, negatives=case.negatives, near_duplicates=None),
        folder / "mined",
    )
    found: dict[str, dict[str, None]] = {anchor: {} for anchor, _ in case.pairs}
    for row in result.negatives:
        found[row.anchor][row.negative] = None
    return {anchor: list(texts) for anchor, texts in found.items()}


@pytest.mark.parametrize("seed", range(50))
def test_the_negatives_are_those_of_brute_force_and_of_the_peer(seed: int, tmp_path: Path) -> None:
    case = Case.draw(seed)
    ours, theirs, by_hand = mine_ours(case, tmp_path), mine_theirs(case), case.by_hand()
    assert ours == by_hand
    for anchor, found in theirs.items():
        if len(found) == case.negatives:
            assert found == ours[anchor]
        else:  # its window of best candidates starved: what it has is the beginning of ours
            assert found == ours[anchor][: len(found)]


def test_the_cases_are_of_both_kinds() -> None:
    """Windows that starve where the corpus holds enough, and windows that do not."""
    starved = []
    for case in map(Case.draw, range(10)):
        theirs = mine_theirs(case)
        starved += [len(theirs[anchor]) < len(some) for anchor, some in case.by_hand().items()]
    assert 10 < sum(starved) < len(starved) - 10
