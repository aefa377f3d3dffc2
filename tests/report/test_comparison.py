"""Several runs: a table, what differs, and doubts where figures do not compare."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.report.conftest import NOISE, RESULTS, ROSE, write_run

from nmixx.evaluation.results import Results, TaskResult
from nmixx.report import build_comparison
from nmixx.report.comparison import (
    compare_runs,
    differing_settings,
    name_runs,
    place_runs,
)
from nmixx.report.folder import read_run


@pytest.fixture
def runs(tmp_path: Path) -> list[Path]:
    other = {"금융 유사도": replace(ROSE, value=0.8), "news": replace(NOISE, value=0.7)}
    return [
        write_run(tmp_path / "a", RESULTS, name="one"),
        write_run(tmp_path / "b", replace(RESULTS, tasks=other), name="two", epochs=3),
    ]


def test_a_line_a_task_and_a_dash_where_a_run_lacks_it(runs: list[Path]) -> None:
    found = compare_runs([read_run(run) for run in runs])
    assert found.names == ["one", "two"]
    assert [line.name for line in found.tasks] == list(RESULTS.tasks)
    values = [[None if c is None else c.value for c in line.cells] for line in found.tasks]
    assert values == [[0.714, 0.8], [0.5, None], [0.8, 0.7]]
    assert [line.best for line in found.tasks] == [0.8, 0.5, 0.8]
    assert found.bases["금융 유사도"] == 0.422


def test_only_settings_that_differ_are_told(runs: list[Path]) -> None:
    found = compare_runs([read_run(run) for run in runs])
    assert found.settings == {"training.steps.0.epochs": ["1", "3"]}
    assert differing_settings([{"a": 1}, {"a": 1, "b": {"c": 2}}]) == {"b.c": ["–", "2"]}


def test_the_trade_off_counts_from_the_common_base(runs: list[Path]) -> None:
    found = compare_runs([read_run(run) for run in runs], general=["news"])
    base, one, two = place_runs(found)
    assert (base.general, base.domain) == (0, 0)
    assert one.general == pytest.approx(0.8 - 0.79)
    assert one.domain == pytest.approx(((0.714 - 0.422) + (0.5 - 0.6)) / 2)
    assert (two.general, two.domain) == (pytest.approx(-0.09), pytest.approx(0.378))


def test_other_data_or_another_base_is_said(tmp_path: Path, runs: list[Path]) -> None:
    manifest = {"data": {"news": "other"}}
    changed = replace(RESULTS, manifest=manifest, against="another base")
    third = write_run(tmp_path / "c", changed, name="three")
    found = compare_runs([read_run(run) for run in (*runs, third)])
    assert len(found.doubts) == 1
    assert found.doubts[0].startswith("news is not the same data")
    assert found.bases == {}
    assert place_runs(found) == []


def test_runs_of_one_name_go_by_their_folders(tmp_path: Path) -> None:
    folders = [write_run(tmp_path / name, RESULTS, name="same") for name in ("x", "y")]
    assert name_runs([read_run(folder) for folder in folders]) == ["x", "y"]
    twice = [read_run(folders[0])] * 2
    assert len(set(name_runs(twice))) == 2


def test_the_page_has_all_figures_and_no_trade_off_without_general_tasks(
    tmp_path: Path, runs: list[Path]
) -> None:
    page = tmp_path / "page.html"
    build_comparison(runs, page)
    text = page.read_text(encoding="utf-8")
    for shown in ("0.714", "0.800", "0.500", "training.steps.0.epochs"):
        assert shown in text
    assert 'id="trade"' not in text
    build_comparison(runs, page, general=["news"])
    assert 'id="trade"' in page.read_text(encoding="utf-8")


def test_runs_measured_alone_compare_too(tmp_path: Path) -> None:
    folders = []
    for number in (0.4, 0.6):
        task = TaskResult("pair_classification", "ap", number, (0.3, 0.7), 50)
        results = Results("m", {"new kind": task}, {})
        folders.append(write_run(tmp_path / str(number), results, name=str(number)))
    found = build_comparison(folders, tmp_path / "page.html")
    assert found.bases == {}
    assert found.tasks[0].best == 0.6
