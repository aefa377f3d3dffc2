from __future__ import annotations

import numpy as np
import pytest

from nmixx.evaluation.accuracy import nearest_f1
from nmixx.evaluation.margin import margin_f1


def unit(rows: np.ndarray) -> np.ndarray:
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def brute(sources: np.ndarray, targets: np.ndarray, k: int = 4) -> float:
    """The paper's equations, written out without blocks."""
    scores = sources @ targets.T
    near = np.sort(scores, axis=1)[:, -k:].mean(1)[:, None]
    back = np.sort(scores, axis=0)[-k:].mean(0)[None]
    margins = scores / np.maximum((near + back) / 2, 1e-6)
    count = len(scores)
    candidates = [(margins[i].max(), i, int(margins[i].argmax())) for i in range(count)]
    candidates += [(margins[:, j].max(), int(margins[:, j].argmax()), j) for j in range(count)]
    taken: list[tuple[int, int]] = []
    for _, i, j in sorted(candidates, key=lambda each: -each[0]):
        if i not in {a for a, _ in taken} and j not in {b for _, b in taken}:
            taken.append((i, j))
    right = np.cumsum([i == j for i, j in taken])
    return float(max(2 * hit / (at + count) for at, hit in enumerate(right, 1)))


@pytest.mark.parametrize("seed", range(4))
def test_it_is_what_the_equations_say(seed: int) -> None:
    generator = np.random.default_rng(seed)
    sources = unit(generator.standard_normal((40, 8)) + 0.5)
    targets = unit(sources + generator.standard_normal((40, 8)) * 0.35)
    numbers = np.arange(40)
    assert margin_f1(sources, targets, numbers, numbers) == pytest.approx(
        brute(sources, targets), abs=1e-6
    )


def test_a_hub_loses_to_the_margin() -> None:
    sources = unit(np.eye(6) + 0.05)
    assert margin_f1(sources, sources, np.arange(6), np.arange(6)) == 1.0


def test_an_equal_sentence_is_right() -> None:
    sources = unit(np.eye(3)[[0, 1, 2]])
    targets = unit(np.eye(3)[[1, 0, 2]])
    assert margin_f1(sources, targets, np.array([0, 0, 1]), np.arange(3)) == 1.0


def test_nearest_f1_is_the_weighted_one_of_scikit_learn() -> None:
    from sklearn.metrics import f1_score

    forward = np.random.default_rng(0).integers(0, 30, 30)
    expected = f1_score(np.arange(30), forward, average="weighted", zero_division=0)
    assert nearest_f1(forward) == pytest.approx(expected, abs=1e-12)
