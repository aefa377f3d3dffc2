"""The whole description: every figure finite, the same again, mends measured beside the space."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np

from nmixx.evaluation.settings import Suite
from nmixx.evaluation.space import describe_space
from nmixx.evaluation.space.choice import Choice, choose_samples
from nmixx.records import Pair
from nmixx.testing import HashEncoder


def choice() -> Choice:
    pairs = [
        Pair(f"p{at}", f"이익 {at} 증가", f"profit up {at}", "ko", "en", "translation", "news", "g")
        for at in range(60)
    ]
    found = choose_samples(Suite(), Suite(), pairs, seed=0)
    assert found is not None
    return found


def figures(value: Any) -> list[float]:
    if isinstance(value, dict):
        return [figure for inner in value.values() for figure in figures(inner)]
    if isinstance(value, list):
        return [figure for inner in value for figure in figures(inner)]
    return [value] if isinstance(value, float) else []


def test_everything_is_finite_json_and_the_same_again() -> None:
    encoders = {"before": HashEncoder(16), "after": HashEncoder(16, seed=1)}
    found = describe_space(encoders, choice(), bootstrap=50)
    assert json.loads(json.dumps(found)) == found
    assert all(math.isfinite(figure) for figure in figures(found))
    assert describe_space(encoders, choice(), bootstrap=50) == found
    assert list(found["models"]) == ["before", "after"]
    assert found["trained_on"] is True
    assert found["measured_on"] == {"name": "training pairs", "pairs": 30}
    assert len(found["texts"]) == len(found["models"]["after"]["map"]["first"]) == 30


class Shifted:
    """Gives translations the same vector, but Korean ones a shift of their own."""

    fingerprint = "shifted"

    def encode(self, texts: list[str]) -> np.ndarray:
        rows = []
        for text in texts:
            number = int("".join(mark for mark in text if mark.isdigit()))
            row = np.random.default_rng(number).standard_normal(24)
            row /= np.linalg.norm(row)
            row[0] += 1.5 if "이익" in text else -1.5
            rows.append(row / np.linalg.norm(row))
        return np.array(rows, dtype=np.float32)


def test_a_shifted_language_is_told_and_centring_mends_it() -> None:
    model = describe_space({"it": Shifted()}, choice(), bootstrap=200)["models"]["it"]
    assert model["language_gap"]["probe_accuracy"] == 1
    assert model["language_gap"]["mean_distance"] > 1
    mends = model["mends"]
    assert mends["as it is"]["delta"] == 0
    assert mends["centred by language"]["probe_accuracy"] < 0.8
    assert mends["centred by language"]["accuracy@1"] >= mends["as it is"]["accuracy@1"]
    assert measured_low(mends["centred by language"]) <= mends["centred by language"]["accuracy@1"]


def measured_low(row: dict[str, Any]) -> float:
    low, high = row["ci95"]
    assert low <= high
    return float(low)
