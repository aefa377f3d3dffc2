"""The evaluation stage beyond the tasks: space, other wording, training steps."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from nmixx.errors import RecipeError
from nmixx.evaluation.settings import EvaluationSettings, Suite
from nmixx.evaluation.steps import measure_steps
from nmixx.recipe import Recipe
from nmixx.records import Pair
from nmixx.stages import STAGES
from nmixx.storage import read_json, write_json, write_records
from nmixx.testing import HashEncoder
from nmixx.workspace import Workspace


def suite(write_rows: Any, scored_rows: list[dict[str, Any]], name: str) -> dict[str, Any]:
    return {"sts": {name: str(write_rows(f"{name}.jsonl", scored_rows))}}


def test_steps_are_measured_one_after_the_other(
    write_rows: Any, scored_rows: list[dict[str, Any]]
) -> None:
    loaded: list[int] = []

    def load(seed: int) -> HashEncoder:
        loaded.append(seed)
        return HashEncoder(32, seed=seed)

    development = Suite.parse(suite(write_rows, scored_rows, "own"), "test")
    encoders = {"before": lambda: load(0), "1 align": lambda: load(1)}
    rows = measure_steps(encoders, development)
    assert loaded == [0, 1]
    assert [row["name"] for row in rows] == ["before", "1 align"]
    assert rows[0]["tasks"].keys() == {"own"}
    assert rows[0]["tasks"]["own"] != rows[1]["tasks"]["own"]


@pytest.fixture
def workspace(
    tmp_path: Path,
    tiny_model_path: Path,
    pairs: list[Pair],
    write_rows: Any,
    scored_rows: list[dict[str, Any]],
) -> Workspace:
    """Give a run that has been trained in three steps, to a model that is what it was."""
    recipe = Recipe.parse(
        {
            "name": "tiny",
            "model": str(tiny_model_path),
            "corpus": {"pairs": [{"path": "sample:pairs/train", "name": "sample"}]},
            "evaluation": {
                "bootstrap": 20,
                "test": suite(write_rows, scored_rows, "held"),
                "development": suite(write_rows, scored_rows, "own"),
                "robustness": ["typos", "width"],
                "draws": 2,
                "steps": True,
            },
        },
        "test",
    )
    out = tmp_path / "run"
    shutil.copytree(tiny_model_path, out / "model")
    for name in ("1-align", "2-adapt", "10-last"):
        shutil.copytree(tiny_model_path, out / "training" / "steps" / name / "model")
    more = [
        Pair(f"q{p.id}", f"{p.anchor} 끝", f"{p.positive} End", *(p.anchor_lang, p.positive_lang),
             p.kind, p.category, f"q{p.group}")
        for p in pairs
    ]  # fmt: skip
    write_records(out / "corpus" / "pairs.parquet", Pair, [*pairs, *more])
    return Workspace(recipe, out)


def test_the_stage_leaves_what_its_settings_ask_for(workspace: Workspace) -> None:
    stage = next(stage for stage in STAGES if stage.name == "evaluation")
    folder = workspace.out / "evaluation"
    assert stage.work(workspace, folder) == {"tasks": 1}
    assert all((folder / name).exists() for name in stage.outputs)
    space = read_json(folder / "space.json")
    assert space["trained_on"] is True
    assert space["models"]["before"] == space["models"]["after"]
    robustness = read_json(folder / "robustness.json")
    assert list(robustness["models"]["after"]["held"]) == ["as it is", "typos", "width"]
    assert robustness["changed"]["held"]["width"] == 1
    steps = read_json(folder / "steps.json")
    assert [row["name"] for row in steps] == ["before", "1 align", "2 adapt", "10 last"]
    assert steps[0]["tasks"] == steps[3]["tasks"]
    assert not (folder / "embeddings").exists()


def test_the_data_of_development_tasks_counts_where_they_are_looked_at(
    workspace: Workspace,
) -> None:
    stage = next(stage for stage in STAGES if stage.name == "evaluation")
    names = {Path(path).name for path in stage.inputs(workspace)}
    assert names == {"held.jsonl", "own.jsonl"}
    settings = workspace.recipe.evaluation.model_copy(update={"steps": False})
    recipe = workspace.recipe.model_copy(update={"evaluation": settings})
    without = stage.inputs(Workspace(recipe, workspace.out))
    assert {Path(path).name for path in without} == {"held.jsonl"}


def test_nothing_outlives_the_settings_that_asked_for_it(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    import nmixx.evaluation as evaluation

    monkeypatch.setattr(evaluation, "write_results", lambda results, folder: None)
    folder = workspace.out / "evaluation"
    for name in ("space.json", "robustness.json", "steps.json", "results.json"):
        write_json(folder / name, {"tasks": {}})
    off = {"space": False, "steps": False, "robustness": ()}
    settings = workspace.recipe.evaluation.model_copy(update=off)
    recipe = workspace.recipe.model_copy(update={"evaluation": settings})
    stage = next(stage for stage in STAGES if stage.name == "evaluation")
    stage.work(Workspace(recipe, workspace.out), folder)
    assert [path.name for path in folder.iterdir()] == ["results.json"]


def test_a_general_task_that_does_not_exist_is_refused() -> None:
    with pytest.raises(RecipeError, match="general: no task 'stsb'; there are: own"):
        EvaluationSettings.parse(
            {"general": ["stsb"], "development": {"sts": {"own": "file.jsonl"}}}, "recipe.yaml"
        )
