"""`nmixx train --sweep`: the table, the JSON, and what is refused."""

import json

import pytest
import yaml
from tests.cli.conftest import PAIRS, write_lines

from conftest import ENGLISH, KOREAN
from nmixx.cli.train_tables import alarms_table
from nmixx.storage import write_json


@pytest.fixture
def sweep_file(tmp_path, tiny_model_path):
    def write(**changes):
        pairs = write_lines(tmp_path / "pairs.jsonl", PAIRS)
        scored = [
            {"sentence1": one, "sentence2": ENGLISH[at - at % 2], "score": at, "lang": "en"}
            for at, one in enumerate([*ENGLISH, *KOREAN])
            for at in [at % 12]
        ]
        sts = write_lines(tmp_path / "dev.jsonl", scored)
        step = {"name": "align", "objective": "pair_ranking", "batch_size": 4}
        settings = {
            "name": "rates",
            "model": str(tiny_model_path),
            "pairs": [str(pairs)],
            "training": {"steps": [step], "precision": "float32"},
            "grid": {"align.learning_rate": [1e-5, 1e-3]},
            "development": {"sts": {"dev": str(sts)}},
            **changes,
        }
        path = tmp_path / "sweep.yaml"
        path.write_text(yaml.safe_dump(settings), encoding="utf-8")
        return path

    return write


def test_a_sweep_ends_with_its_best_point_and_the_second_time_reads_it(nmixx, sweep_file, tmp_path):
    call = ("train", "--sweep", sweep_file(), "--out", tmp_path / "out", "--json")
    first, second = (json.loads(nmixx(*call).out) for _ in range(2))
    assert first == second
    assert first["figure"] == ["dev"]
    assert [p["changes"] for p in first["points"]] == [
        {"align.learning_rate": 1e-5},
        {"align.learning_rate": 1e-3},
    ]
    assert first["best"]["figure"] == max(p["figure"] for p in first["points"])
    shown = nmixx(*call[:-1])
    assert shown.code == 0
    (marked,) = (line for line in shown.out.splitlines() if line.rstrip().endswith("best"))
    assert str(first["best"]["changes"]["align.learning_rate"]) in marked


@pytest.mark.parametrize("key", ["test", "evaluation"])
def test_there_is_no_place_for_a_test_set(nmixx, sweep_file, tmp_path, key):
    path = sweep_file(**{key: {"sts": {"korsts": "korsts/test.jsonl"}}})
    outcome = nmixx("train", "--sweep", path, "--out", tmp_path / "out")
    assert outcome.code == 2
    assert f"unknown key '{key}'" in outcome.err
    assert not (tmp_path / "out").exists()


def test_a_model_or_a_sweep_is_needed(nmixx, tmp_path):
    outcome = nmixx("train", "--out", tmp_path / "out")
    assert outcome.code == 2
    assert "no model to train" in outcome.err


def test_alarms_are_laid_out_and_none_is_nothing(tmp_path):
    assert alarms_table(tmp_path) == []
    write_json(tmp_path / "log.json", [{"name": "align"}, {"name": "adapt", "alarms": []}])
    assert alarms_table(tmp_path) == []
    alarm = {"step": 7, "name": "rising loss", "words": "the loss rises."}
    write_json(tmp_path / "log.json", [{"name": "adapt", "alarms": [alarm]}])
    (table,) = alarms_table(tmp_path)
    assert table.row_count == 1


def test_pairs_without_groups_can_be_trained_on(nmixx, tiny_model_path, tmp_path):
    pairs = write_lines(tmp_path / "pairs.jsonl", PAIRS)
    call = ("train", tiny_model_path, "--pairs", pairs, "--batch-size", 4, "--out", tmp_path / "o")
    outcome = nmixx(*call, "--json")
    assert outcome.code == 0, outcome.err
    assert json.loads(outcome.out)["rows"] == {"align": 12}
