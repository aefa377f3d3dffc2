"""The protocol on tasks of several kinds: means, spreads, shares changed, same draws for all."""

from __future__ import annotations

import json
import statistics
from pathlib import Path
from typing import Any

import pytest
from tests.evaluation.conftest import WriteRows

from nmixx.errors import RecipeError
from nmixx.evaluation.robustness import measure_robustness
from nmixx.evaluation.runner import load_tasks
from nmixx.evaluation.settings import BitextTask, EvaluationSettings, StsTask, Suite
from nmixx.evaluation.tasks import Task
from nmixx.testing import HashEncoder


@pytest.fixture
def tasks(write_rows: WriteRows, scored_rows: list[dict[str, Any]]) -> list[Task]:
    pairs = [
        {"ko": f"{n}분기 영업이익이 증가했다", "en": f"profit rose in Q{n}"} for n in (1, 2, 3)
    ]
    return load_tasks(
        Suite(
            sts={"similar": StsTask(path=str(write_rows("sts.jsonl", scored_rows)))},
            bitext={"found": BitextTask(path=str(write_rows("pairs.jsonl", pairs)))},
        )
    )


def test_every_task_model_and_perturbation_has_a_mean_and_a_spread(tasks: list[Task]) -> None:
    encoders = {"before": HashEncoder(32), "after": HashEncoder(32, seed=1)}
    found = measure_robustness(encoders, tasks, ["typos", "width"], draws=4)
    assert json.loads(json.dumps(found)) == found
    for model in encoders:
        for task in ("similar", "found"):
            rows = found["models"][model][task]
            assert list(rows) == ["as it is", "typos", "width"]
            values = rows["typos"]["values"]
            assert len(values) == 4
            assert rows["typos"]["mean"] == pytest.approx(statistics.mean(values))
            assert rows["typos"]["spread"] == pytest.approx(statistics.stdev(values))
            assert len(set(rows["width"]["values"])) == 1


def test_the_figure_as_it_is_is_the_tasks_own(tasks: list[Task]) -> None:
    encoder = HashEncoder(32)
    rows = measure_robustness({"m": encoder}, tasks, [])["models"]["m"]
    for task in tasks:
        assert rows[task.name] == {
            "as it is": {
                "mean": pytest.approx(task.measure(encoder.encode).figure, abs=1e-6),
                "spread": 0,
                "values": [pytest.approx(task.measure(encoder.encode).figure, abs=1e-6)],
            }
        }


def test_texts_that_nothing_was_done_to_are_counted(tasks: list[Task]) -> None:
    found = measure_robustness({}, tasks, ["code-switching", "width"], draws=2)
    assert found["changed"]["found"]["code-switching"] == 0.5
    assert found["changed"]["similar"]["code-switching"] == 0
    assert found["changed"]["found"]["width"] == 1


def test_the_seed_decides(tasks: list[Task]) -> None:
    def run(seed: int) -> dict[str, Any]:
        return measure_robustness({"m": HashEncoder(32)}, tasks, ["typos"], draws=2, seed=seed)

    assert run(0) == run(0) != run(1)


def test_an_unknown_perturbation_is_refused_by_name() -> None:
    with pytest.raises(RecipeError, match="no perturbation 'typo'; there are: rewording, typos"):
        EvaluationSettings.parse({"robustness": ["typo"]}, "recipe.yaml")


def test_vectors_are_kept_for_a_killed_run(tasks: list[Task], tmp_path: Path) -> None:
    encoder = HashEncoder(32)
    kept = measure_robustness({"m": encoder}, tasks, ["typos"], draws=1, store=tmp_path / "kept")
    assert any((tmp_path / "kept").iterdir())
    assert kept == measure_robustness({"m": encoder}, tasks, ["typos"], draws=1)
