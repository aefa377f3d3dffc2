from __future__ import annotations

from pathlib import Path

import pytest

from nmixx.errors import DataError
from nmixx.evaluation import Suite, evaluate
from nmixx.evaluation.leaks import find_leaks, read_training_texts, training_files
from nmixx.evaluation.settings import StsTask
from nmixx.evaluation.sts import StsData
from nmixx.testing import HashEncoder


@pytest.fixture
def task(write_rows, scored_rows) -> StsData:
    return StsData.load("task", StsTask(path=str(write_rows("task.jsonl", scored_rows))))


def test_rows_seen_whole_and_in_part_are_counted(task, write_rows, scored_rows) -> None:
    trained = [
        {"anchor": scored_rows[0]["sentence1"].upper(), "positive": scored_rows[0]["sentence2"]},
        {"anchor": scored_rows[2]["sentence1"], "positive": "Something else."},
        {"anchor": "Nothing of the kind.", "positive": ["A list.", "Of texts."]},
    ]
    training = read_training_texts([write_rows("train.jsonl", trained)])
    assert find_leaks(task, training) == [
        "leaked: 1 of 12 rows stand in the training data as they are, 1 with one of their texts"
    ]


def test_both_texts_in_different_training_rows_are_a_part(task, write_rows, scored_rows) -> None:
    apart = [{"text": scored_rows[0][side]} for side in ("sentence1", "sentence2")]
    (said,) = find_leaks(task, read_training_texts([write_rows("train.jsonl", apart)]))
    assert said.startswith("leaked: 0 of 12 rows stand in the training data as they are, 1 with")


def test_no_training_texts_no_warning(task) -> None:
    assert find_leaks(task, read_training_texts([])) == []


def test_a_file_without_texts_is_refused(write_rows) -> None:
    with pytest.raises(DataError, match=r"no texts of training"):
        read_training_texts([write_rows("train.jsonl", [{"number": 1}])])


def test_a_runs_files_are_found_beside_its_model(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "pairs.parquet").touch()
    assert training_files(str(tmp_path / "model")) == [tmp_path / "corpus" / "pairs.parquet"]
    assert training_files("owner/model") == []


def test_the_warning_reaches_the_results(write_rows, scored_rows) -> None:
    path = str(write_rows("task.jsonl", scored_rows))
    suite = Suite.parse({"sts": {"task": path}}, "suite")
    results = evaluate(HashEncoder(16), suite, model_name="m", bootstrap=10, training=[path])
    assert results.tasks["task"].warnings[0].startswith("leaked: 12 of 12 rows")
