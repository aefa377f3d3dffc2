"""``nmixx report``: of one run, and of several on one page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Nmixx, assert_refused
from tests.report.conftest import RESULTS, write_run


@pytest.fixture
def runs(tmp_path: Path) -> list[Path]:
    return [
        write_run(tmp_path / name, RESULTS, name=name, seed=seed)
        for seed, name in enumerate(("one", "two"))
    ]


def test_several_runs_are_compared_for_people_and_for_programs(
    nmixx: Nmixx, tmp_path: Path, runs: list[Path]
) -> None:
    outcome = nmixx("report", *runs, "--out", tmp_path / "a.html", "--json")
    assert outcome.code == 0, outcome.err
    told = json.loads(outcome.out)
    assert told["runs"] == ["one", "two"]
    assert told["tasks"]["news"]["two"]["value"] == 0.8
    assert told["settings"] == {"seed": ["0", "1"]}
    assert Path(told["report"]).exists()
    shown = nmixx("report", *runs, "--out", tmp_path / "b.html", "--general", "news").out
    assert "0.714" in shown
    assert 'id="trade"' in (tmp_path / "b.html").read_text(encoding="utf-8")


def test_a_page_is_never_written_over(nmixx: Nmixx, tmp_path: Path, runs: list[Path]) -> None:
    page = tmp_path / "page.html"
    page.write_text("mine", encoding="utf-8")
    assert_refused(nmixx("report", *runs, "--out", page), "holds a page already")
    assert page.read_text(encoding="utf-8") == "mine"


def test_out_with_one_run_and_a_folder_that_is_no_run_are_refused(
    nmixx: Nmixx, tmp_path: Path, runs: list[Path]
) -> None:
    assert_refused(nmixx("report", runs[0], "--out", "x.html"), "lies in its folder")
    assert_refused(nmixx("report", runs[0], tmp_path / "no"), "no evaluation/results.json")


def test_a_general_task_that_no_run_has_is_refused(
    nmixx: Nmixx, tmp_path: Path, runs: list[Path]
) -> None:
    outcome = nmixx("report", *runs, "--out", tmp_path / "a.html", "--general", "new")
    assert_refused(outcome, "'new'", "Did you mean 'news'?")
    assert not (tmp_path / "a.html").exists()
