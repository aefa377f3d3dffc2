from __future__ import annotations

import numpy as np
import pytest

from nmixx.benchmark.features import FEATURES, find_cues, measure_features
from nmixx.benchmark.predictor import Prediction, area, predict_labels

NONE = np.zeros((300, 1))


def predict(cues: list[set[str]], labels: np.ndarray, groups: list[str]) -> Prediction:
    return predict_labels(NONE[: len(labels)], cues, labels, groups)


def test_area_is_the_share_of_won_comparisons() -> None:
    assert area(np.array([2.0, 3.0]), np.array([1.0, 0.0])) == 1
    assert area(np.array([1.0, 1.0]), np.array([1.0])) == 0.5
    assert area(np.array([0.0, 2.0]), np.array([1.0])) == 0.5


def test_a_cue_word_is_found_out_and_chance_is_not() -> None:
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 2, 300).astype(float)
    noise = [{f"w{at}" for at in rng.integers(0, 200, 6)} for _ in range(300)]
    groups = [str(at) for at in range(300)]
    auc = predict(noise, labels, groups).auc
    assert auc is not None
    assert 0.4 < auc < 0.6
    told = [
        some | ({"+not"} if label else set()) for some, label in zip(noise, labels, strict=True)
    ]
    found = predict(told, labels, groups)
    assert found.auc is not None
    assert found.auc > 0.95
    assert next(iter(found.cues)) == "+not"


def test_what_a_group_shares_helps_with_no_other_group() -> None:
    labels = np.repeat([0.0, 1.0], 100)
    cues = [{f"only in {at // 5}"} for at in range(200)]
    together = predict(cues, labels, [str(at // 5) for at in range(200)]).auc
    apart = predict(cues, labels, [str(at) for at in range(200)]).auc
    assert apart is not None
    assert together is not None
    assert apart > 0.95
    assert together < 0.7


def test_graded_labels_have_a_correlation_and_no_area() -> None:
    rng = np.random.default_rng(1)
    features = rng.normal(size=(200, 2))
    labels = np.round(features[:, 0] + 2)
    found = predict_labels(features, [set()] * 200, labels, [str(at) for at in range(200)])
    assert found.auc is None
    assert found.spearman > 0.8


def test_features_are_centred_within_each_language() -> None:
    pairs = [("a" * n, "b" * (n + 3)) for n in range(1, 9)] + [
        ("가" * n, "나") for n in range(1, 9)
    ]
    values = measure_features(pairs, ["en"] * 8 + ["ko"] * 8)
    assert values.shape == (16, len(FEATURES))
    assert np.abs(values[:8].mean(axis=0)).max() < 1e-9
    constant = list(FEATURES).index("length in characters")
    assert (values[:8, constant] == 0).all()


@pytest.mark.parametrize(
    ("one", "two", "cues"),
    [
        ("It rose", "It fell", {"-rose", "+fell"}),
        ("up 1,200.5%", "up 1,200.5%", set()),
        ("매출이 늘었다", "매출이 줄었다", {"-늘었다", "+줄었다"}),
        ("공시할 예정", "공시한 예정", {"-공시할", "+공시한", "-~시할", "+~시한"}),
    ],
)
def test_cues(one: str, two: str, cues: set[str]) -> None:
    assert find_cues(one, two) == cues
