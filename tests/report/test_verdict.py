from __future__ import annotations

from pathlib import Path

import pytest

from nmixx.evaluation import Results, read_results
from nmixx.evaluation.results import Against, TaskResult
from nmixx.report.verdict import state_verdict


def task(delta: float, low: float, high: float) -> TaskResult:
    against = Against(0.5, delta, (low, high), 0.01, (0.4, 0.6))
    return TaskResult("sts", "spearman", 0.5 + delta, (0.4, 0.6), 100, against=against)


@pytest.mark.parametrize(
    ("tasks", "said"),
    [
        ({"a": task(0.2, 0.1, 0.3)}, "a (+0.200) rose."),
        ({"a": task(-0.2, -0.3, -0.1)}, "a (−0.200) fell."),
        ({"a": task(0.2, -0.1, 0.5)}, "a (+0.200) is within noise."),
        (
            {"a": task(0.1, 0.05, 0.2), "b": task(0.3, 0.2, 0.4), "c": task(-0.1, -0.2, -0.01)},
            "b (+0.300) and a (+0.100) rose; c (−0.100) fell.",
        ),
    ],
)
def test_it_says_what_the_intervals_say(tasks: dict[str, TaskResult], said: str) -> None:
    assert state_verdict(Results("m", tasks, {}, "n")) == said


def test_a_fall_is_named_beside_a_rise(full_run: Path) -> None:
    said = state_verdict(read_results(full_run / "evaluation"))
    assert said == (
        "금융 유사도 (+0.292) rose; search $x^2$ (−0.100) fell; news (+0.010) is within noise."
    )


def test_without_a_second_model_nothing_is_claimed(minimal_run: Path) -> None:
    assert "nothing can be said" in state_verdict(read_results(minimal_run / "evaluation"))
