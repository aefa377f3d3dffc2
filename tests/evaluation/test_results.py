from __future__ import annotations

import json
from pathlib import Path

import pytest

from nmixx.errors import DataError
from nmixx.evaluation import Results, read_results, write_results
from nmixx.evaluation.results import Against, ExampleScore, Part, TaskResult
from nmixx.storage import read_records

ALONE = TaskResult("bitext", "accuracy@1", 0.5, (0.4, 0.6), 10)
COMPARED = TaskResult(
    kind="sts",
    metric="spearman",
    value=0.7,
    ci95=(0.65, 0.75),
    n=200,
    by={"lang": {"ko": Part(0.6, 90, 0.4), "en": Part(None, 110)}},
    surface={"word overlap": 0.3},
    warnings=("only 10 rows",),
    against=Against(0.5, 0.2, (0.1, 0.3), 0.001, (0.4, 0.6)),
)
RESULTS = Results(
    "after",
    {"한국어": COMPARED, "news": ALONE},
    {"seed": 0},
    "before",
    [ExampleScore("news", 1, 0.5, 0.0, float("nan"))],
)


def test_results_come_back_as_they_were(tmp_path: Path) -> None:
    write_results(RESULTS, tmp_path)
    assert read_results(tmp_path) == RESULTS
    assert read_results(tmp_path / "results.json") == RESULTS


def test_the_file_has_the_shape_of_the_contract(tmp_path: Path) -> None:
    write_results(RESULTS, tmp_path)
    row = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    assert {"model", "tasks", "manifest"} <= row.keys()
    task = row["tasks"]["한국어"]
    assert {"kind", "metric", "value", "ci95", "n", "by", "surface", "against"} <= task.keys()
    assert {"value", "delta", "ci95", "p"} <= task["against"].keys()
    assert "against" not in row["tasks"]["news"]
    assert task["by"]["lang"]["en"] == {"value": None, "n": 110}


def test_scores_are_a_table_of_their_own(tmp_path: Path) -> None:
    write_results(RESULTS, tmp_path)
    (score,) = read_records(tmp_path / "scores.parquet", ExampleScore)
    assert (score.task, score.row, score.value, score.against) == ("news", 1, 0.5, 0.0)


def test_a_foreign_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "results.json").write_text('{"tasks": {"a": {}}}')
    with pytest.raises(DataError, match="not a results file"):
        read_results(tmp_path)
    with pytest.raises(DataError, match="no such file"):
        read_results(tmp_path / "none")


def test_certain_means_that_zero_is_outside() -> None:
    def against(low: float, high: float) -> Against:
        return Against(0.5, 0.1, (low, high), 0.1, (0.4, 0.6))

    assert against(0.01, 0.2).certain
    assert against(-0.2, -0.01).certain
    assert not against(-0.01, 0.2).certain
