from __future__ import annotations

from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from nmixx.errors import DataError, RecipeError
from nmixx.evaluation import Results, Suite
from nmixx.evaluation.baselines import (
    BaselineTable,
    baselines_table,
    measure_baselines,
    read_baselines,
)
from nmixx.evaluation.vectors import PromptedEncoder

SHIPPED = Path(__file__).parents[2] / "recipes" / "baselines.yaml"
PUBLISHED = {
    "task": "task",
    "metric": "spearman",
    "model": "theirs",
    "value": 0.9,
    "source": "p. 7",
}


@pytest.fixture
def suite(write_rows, scored_rows) -> Suite:
    path = str(write_rows("task.jsonl", scored_rows))
    return Suite.parse({"sts": {"task": path}}, "suite")


def test_the_shipped_table_is_valid_and_every_figure_has_a_source() -> None:
    table = read_baselines(SHIPPED)
    assert len(table.models) == 13
    assert all(each.source for each in table.published)
    assert {each.task for each in table.published} == {"finsts-en"}


def test_what_loads_is_measured_and_what_does_not_is_said(
    suite: Suite, tiny_model_path: Path, tmp_path: Path
) -> None:
    table = BaselineTable.parse(
        {
            "models": {
                "tiny": str(tiny_model_path),
                "prompted": {"model": str(tiny_model_path), "query_prompt": "query: "},
                "absent": "nobody/absent",
            },
            "published": [PUBLISHED, {**PUBLISHED, "task": "another"}],
        },
        "table",
    )
    measured = measure_baselines(table, suite, tmp_path / "out", bootstrap=10)
    assert list(measured.results) == ["tiny", "prompted"]
    assert list(measured.missing) == ["absent"]
    assert [each.task for each in measured.published] == ["task"]
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "out" / "measured").iterdir()}
    again = measure_baselines(table, suite, tmp_path / "out", bootstrap=10)
    assert again.results == measured.results
    after = {path: path.stat().st_mtime_ns for path in (tmp_path / "out" / "measured").iterdir()}
    assert before == after
    console = Console(width=90, file=StringIO(), color_system=None)
    console.print(baselines_table(measured))
    text = console.file.getvalue()  # type: ignore[attr-defined]
    for shown in ("published: p. 7", "surface, no model", "not loaded", "absent"):
        assert shown in text
    assert text.index("theirs") < text.index("tiny")
    assert "beats every model" not in text
    surface = measured.results["tiny"].tasks["task"].surface
    lower = replace(measured, published=(), results={"low": _lowered(measured.results["tiny"])})
    console.print(baselines_table(lower))
    best = max(surface, key=lambda name: abs(surface[name]))
    assert f"{best} beats every model here" in console.file.getvalue()  # type: ignore[attr-defined]


def _lowered(results: Results) -> Results:
    """The same results of a model that understood nothing."""
    tasks = {name: replace(task, value=0.0) for name, task in results.tasks.items()}
    return replace(results, tasks=tasks)


def test_pooling_is_that_of_the_table(tiny_model_path: Path) -> None:
    table = BaselineTable.parse(
        {"models": {"cls": {"model": str(tiny_model_path), "pooling": "cls", "prompt": "p: "}}}, ""
    )
    encoder = table.models["cls"].open("float32")
    assert isinstance(encoder, PromptedEncoder)
    assert encoder.usual.model[1].pooling_mode == "cls"  # type: ignore[attr-defined]
    wrong = table.models["cls"].model_copy(update={"pooling": "median"})
    with pytest.raises(RecipeError, match="pooling 'median'"):
        wrong.open("float32")


def test_no_model_at_all_is_an_error(suite: Suite, tmp_path: Path) -> None:
    table = BaselineTable.parse({"models": {"absent": "nobody/absent"}}, "table")
    with pytest.raises(DataError, match="none of 1 models could be loaded"):
        measure_baselines(table, suite, tmp_path / "out")
