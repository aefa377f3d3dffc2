from __future__ import annotations

import numpy as np
import pytest

from nmixx.evaluation.surface import (
    BASELINES,
    find_doubts,
    score_surface,
    warn_of_surface,
)
from nmixx.records import ScoredPair


def scored(first: str, second: str, score: float = 0.0) -> ScoredPair:
    return ScoredPair(first, second, score, "en")


@pytest.mark.parametrize("name", BASELINES)
def test_no_baseline_ranks_anything_above_equal_texts(name: str) -> None:
    baseline = BASELINES[name]
    text = "Profit rose 12 percent."
    for other in ("Sales fell.", "", "12", "Profit rose 12 percent"):
        assert baseline(text, text) >= baseline(text, other)
        assert baseline(text, other) == baseline(other, text)


def test_figures_are_compared_as_figures() -> None:
    same = BASELINES["same figures"]
    assert same("up 1,200.5 to 3", "3, then 1,200.5") == 1
    assert same("up 12", "up 13") == 0
    assert same("up", "down") == 1


def test_labels_that_follow_length_are_found_out() -> None:
    pairs = [scored("a" * 10, "a" * (10 + gap), -gap) for gap in range(12)]
    labels = np.array([pair.score for pair in pairs])
    assert score_surface(pairs, labels)["length in characters"] == pytest.approx(1)


def test_a_baseline_without_order_is_left_out() -> None:
    pairs = [scored("one two", "three four"), scored("five six", "seven eight")]
    assert "word overlap" not in score_surface(pairs, np.array([0.0, 1.0]))


def test_the_warning_names_the_best_baseline_and_both_figures() -> None:
    surface = {"length in characters": 0.46, "word overlap": 0.3}
    (warning,) = warn_of_surface(surface, 0.27)
    assert warning.startswith("length in characters scores 0.46, the model 0.27:")
    assert warn_of_surface(surface, 0.5) == []
    assert warn_of_surface({}, -0.1) == []


def test_a_baseline_that_goes_the_other_way_counts() -> None:
    assert warn_of_surface({"word overlap": -0.6}, 0.5)


def test_doubts() -> None:
    rising = [scored(f"text {at}", "other", at) for at in range(120)]
    labels = np.arange(120.0)
    assert find_doubts(rising, labels) == [
        "the rows are sorted by score: shuffle them before taking a part"
    ]
    shuffled = np.random.default_rng(0).permutation(labels)
    assert find_doubts(rising, shuffled) == []
    twice = [*rising, scored("other", "text 0")]
    assert find_doubts(twice, np.append(shuffled, 3)) == ["1 of 121 rows repeat an earlier pair"]
    assert find_doubts(rising[:12], shuffled[:12]) == ["only 12 rows: the interval is wide"]
    (few,) = find_doubts(rising[:9], labels[:9])
    assert few.startswith("only 9 rows: too few for an interval or a test")
