from __future__ import annotations

from pathlib import Path

import pytest

from nmixx.errors import RecipeError
from nmixx.evaluation.suites import read_suite, shipped_suites


@pytest.fixture
def suite_file(tmp_path: Path) -> Path:
    path = tmp_path / "suite.yaml"
    path.write_text('sts:\n  korsts: "{data}/korsts.jsonl"\n  own: {path: own.jsonl, lang: ko}\n')
    return path


def test_the_data_folder_is_filled_in(suite_file: Path) -> None:
    suite = read_suite(suite_file, ["data=/big/"])
    assert suite.sts["korsts"].path == "/big/korsts.jsonl"
    assert suite.sts["own"].lang == "ko"


def test_a_missing_data_folder_is_said(suite_file: Path) -> None:
    with pytest.raises(RecipeError, match="no data folder is given"):
        read_suite(suite_file)


def test_other_changes_are_refused(suite_file: Path) -> None:
    with pytest.raises(RecipeError, match="unknown key 'seed'"):
        read_suite(suite_file, ["data=here", "seed=1"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- a list", "not a mapping"),
        ("", "not a mapping"),
        ("sts: [unclosed", "not YAML"),
        ("stss: {}", "Did you mean 'sts'"),
    ],
)
def test_a_broken_file_is_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text(text)
    with pytest.raises(RecipeError, match=said):
        read_suite(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match=r"none\.yaml: no such file"):
        read_suite(tmp_path / "none.yaml")


@pytest.mark.parametrize("name", shipped_suites())
def test_every_shipped_suite_is_valid(name: str) -> None:
    suite = read_suite(name, ["data=/d"])
    assert suite.tasks
    assert all(":" in path or path.startswith("/d/") for path in suite.paths)


def test_the_paper_suite_names_its_sources_by_id() -> None:
    suite = read_suite("nmixx-paper")
    assert len(suite.sts) == 8
    assert all(path.startswith("hf:") and "@" in path for path in suite.paths)


def test_an_unknown_suite_is_answered_with_near_names() -> None:
    with pytest.raises(RecipeError, match="Did you mean nmixx-paper"):
        read_suite("nmix-paper")


def test_a_file_of_a_shipped_name_comes_first(tmp_path, monkeypatch) -> None:
    (tmp_path / "sample").write_text("sts: {own: own.jsonl}")
    monkeypatch.chdir(tmp_path)
    assert list(read_suite("sample").tasks) == ["own"]
