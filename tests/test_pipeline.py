"""The whole pipeline on a tiny real model: every stage, skipping, resuming after a kill."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml
from sentence_transformers import SentenceTransformer

from nmixx.errors import OutputError
from nmixx.pipeline import run_recipe
from nmixx.recipe import Recipe, read_recipe
from nmixx.storage import hash_path

pytest.importorskip("kiwipiepy", reason="Korean triplets need the extra ko")

STAGES = ["corpus", "vocabulary", "triplets", "mining", "training", "evaluation", "report"]
MINED = ("run", "queries", "documents", "similarities", "negatives", "dropped")
STEP = {"batch_size": 16, "max_length": 32}
GUARDED = {
    "watch": {"tasks": ["dev-ko"]},
    "keep": "auto",
    "guard": {"tasks": ["dev-en"], "most_lost": 0.5, "shares": [0, 0.5, 1]},
}


def write_recipe(folder: Path, model: Path, **changes: object) -> Path:
    content: dict[str, object] = {
        "name": "tiny",
        "model": str(model),
        "corpus": {
            "pairs": [{"path": "sample:pairs/train", "name": "sample", "limit": 120}],
            "documents": [{"path": "sample:documents", "name": "texts", "limit": 40}],
        },
        "vocabulary": {"size": 5200, "min_frequency": 2},
        "triplets": {"maximum": 40},
        "mining": {"negatives": 1},
        "training": {
            "steps": [
                {"name": "align", "objective": "pair_ranking", "anchoring": 1.0, **STEP},
                {"name": "adapt", "objective": "triplet", "mined": 20, **GUARDED, **STEP},
            ]
        },
        "evaluation": {
            "bootstrap": 50,
            "development": {
                "sts": {
                    f"dev-{lang}": {"path": "sample:benchmark", "lang": lang}
                    for lang in ("ko", "en")
                }
            },
            "test": {
                "sts": {"benchmark": {"path": "sample:benchmark"}},
                "bitext": {"pairs": {"path": "sample:pairs/test"}},
                "retrieval": {"search": {"path": "sample:pairs/test"}},
            },
        },
    }
    path = folder / "recipe.yaml"
    path.write_text(yaml.safe_dump(content | changes), "utf-8")
    return path


@pytest.fixture
def recipe(tmp_path: Path, tiny_model_path: Path) -> Recipe:
    return read_recipe(write_recipe(tmp_path, tiny_model_path))


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory, tiny_model_path: Path) -> Path:
    folder = tmp_path_factory.mktemp("finished")
    recipe = read_recipe(write_recipe(folder, tiny_model_path))
    reports = list(run_recipe(recipe, folder / "run"))
    assert [report.name for report in reports] == STAGES
    assert not any(report.skipped for report in reports)
    return folder / "run"


def data_files(run: Path) -> dict[str, str]:
    """Hash what an interrupted run must give again, byte for byte."""
    names = (
        "corpus/pairs.parquet",
        "corpus/dropped.parquet",
        "vocabulary/model",
        "triplets/triplets.parquet",
        *(f"mining/{name}.parquet" for name in MINED),
        "mining/report.json",
    )
    return {name: hash_path(run / name) for name in names}


def test_leaves_a_model_anybody_can_load(finished: Path) -> None:
    model = SentenceTransformer(str(finished / "model"), device="cpu")
    assert model.encode(["기준금리 인상"]).shape == (1, 32)
    assert "기준" in "".join(model.tokenizer.tokenize("기준금리"))


def test_every_stage_has_a_manifest(finished: Path) -> None:
    for stage in STAGES:
        manifest = json.loads((finished / stage / "manifest.json").read_text("utf-8"))
        assert manifest["stage"] == stage
        assert manifest["fingerprint"]
        assert manifest["libraries"]["torch"]


def test_a_guarded_step_is_judged_on_development_tasks(finished: Path) -> None:
    align, adapt = json.loads((finished / "training" / "log.json").read_text("utf-8"))
    assert align["judged"] == []
    assert align["kept"] is None
    assert all(judged["figures"].keys() == {"dev-ko"} for judged in adapt["judged"])
    assert [point["keep"] for point in adapt["kept"]["curve"]] == [0, 0.5, 1]
    assert all(p["figures"].keys() == {"dev-ko", "dev-en"} for p in adapt["kept"]["curve"])
    manifest = json.loads((finished / "training" / "manifest.json").read_text("utf-8"))
    assert "development" in manifest["inputs"]


def test_results_hold_before_and_after(finished: Path) -> None:
    tasks = json.loads((finished / "evaluation" / "results.json").read_text("utf-8"))["tasks"]
    assert {task["metric"] for task in tasks.values()} == {"spearman", "accuracy@1", "ndcg@10"}
    for task in tasks.values():
        low, high = task["ci95"]
        assert low <= task["value"] <= high
        assert {"value", "delta", "ci95", "p"} <= task["against"].keys()


def test_report_is_one_page(finished: Path) -> None:
    page = (finished / "report.html").read_text("utf-8")
    assert "benchmark" in page
    assert "http-equiv" not in page
    assert (finished / "README.md").exists()


def test_nothing_of_the_test_set_is_trained_on(finished: Path) -> None:
    from nmixx.corpus.clean import normalise_key
    from nmixx.corpus.shapes import read_pairs
    from nmixx.records import Pair
    from nmixx.storage import read_records

    held_out = {
        normalise_key(text)
        for pair in read_pairs("sample:pairs/test")
        for text in (pair.anchor, pair.positive)
    }
    trained = read_records(finished / "corpus" / "pairs.parquet", Pair)
    assert not held_out & {normalise_key(pair.anchor) for pair in trained}
    assert not held_out & {normalise_key(pair.positive) for pair in trained}


def test_second_run_skips_everything(finished: Path, tiny_model_path: Path) -> None:
    recipe = read_recipe(finished.parent / "recipe.yaml")
    before = hash_path(finished / "model")
    assert all(report.skipped for report in run_recipe(recipe, finished))
    assert hash_path(finished / "model") == before


def test_changed_setting_runs_its_stage_and_later_ones_again(finished: Path) -> None:
    recipe = read_recipe(finished.parent / "recipe.yaml", ["evaluation.bootstrap=60"])
    done = [report.name for report in run_recipe(recipe, finished) if not report.skipped]
    assert done == ["evaluation", "report"]


def test_another_seed_of_training_leaves_the_stages_before_it(
    finished: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "run"
    shutil.copytree(finished, copy)
    recipe = read_recipe(finished.parent / "recipe.yaml", ["training.seed=1"])
    done = [report.name for report in run_recipe(recipe, copy) if not report.skipped]
    assert done == ["training", "evaluation", "report"]
    assert hash_path(copy / "model") != hash_path(finished / "model")


def test_folder_of_another_recipe_is_refused(finished: Path) -> None:
    recipe = read_recipe(finished.parent / "recipe.yaml", ["name=other"])
    before = hash_path(finished)
    with pytest.raises(OutputError, match="other"):
        list(run_recipe(recipe, finished))
    assert hash_path(finished) == before


def stop_at(words: list[str], mark: Path, with_signal: signal.Signals) -> tuple[int, str]:
    """Start a run and stop it as soon as a stage's folder is there."""
    process = subprocess.Popen(
        words, start_new_session=True, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    )
    deadline = time.monotonic() + 300
    while not mark.exists():
        assert process.poll() is None, "the run ended before it could be stopped"
        assert time.monotonic() < deadline
        os.sched_yield()
    os.killpg(process.pid, with_signal)
    _, err = process.communicate()
    return process.returncode, err


def command(recipe: Path, out: Path) -> list[str]:
    return [sys.executable, "-m", "nmixx", "run", str(recipe), "--out", str(out)]


@pytest.mark.slow
@pytest.mark.parametrize("mark", ["vocabulary", "triplets", "mining", "training"])
def test_killed_run_gives_the_same_files(
    finished: Path, tmp_path: Path, tiny_model_path: Path, mark: str
) -> None:
    out = tmp_path / "run"
    words = command(write_recipe(tmp_path, tiny_model_path), out)
    stop_at(words, out / mark, signal.SIGKILL)
    subprocess.run(words, check=True, capture_output=True)
    assert data_files(out) == data_files(finished)


@pytest.mark.slow
def test_interrupted_run_says_how_to_go_on(tmp_path: Path, tiny_model_path: Path) -> None:
    out = tmp_path / "run"
    words = command(write_recipe(tmp_path, tiny_model_path), out)
    code, err = stop_at(words, out / "triplets", signal.SIGINT)
    assert code == 130
    assert "The same command goes on" in err
    assert "Traceback" not in err
