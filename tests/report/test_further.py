"""New figures in results.json show without a change to the page."""

from __future__ import annotations

from nmixx.report.further import Cell, Group, find_further


def task(**more: object) -> dict[str, object]:
    return {"kind": "new", "metric": "ap", "value": 0.5, "n": 9, "ci95": [0, 1], **more}


def test_figures_that_are_laid_out_elsewhere_are_no_further_ones() -> None:
    against = {"value": 0.4, "delta": 0.1, "p": 0.02, "p_holm": 0.04, "ci95": [0, 1]}
    assert find_further({"tasks": {"a": task(against=against)}}) == []


def test_any_single_figure_is_found() -> None:
    found = find_further({"tasks": {"a": task(smallest_gain=0.03, against={"test": "a test"})}})
    assert found == [
        Group("new", ["smallest_gain", "test"], {"a": [Cell(0.03), Cell("a test")]}),
    ]


def test_metrics_stand_first_and_beside_those_of_the_other_model() -> None:
    against = {"metrics": {"ap": 0.4, "mrr@10": 0.6}}
    metrics = {"ap": 0.5, "mrr@10": 0.7}
    found = find_further(
        {"tasks": {"a": task(smallest_gain=0.1, metrics=metrics, against=against)}}
    )
    assert found == [
        Group("new", ["mrr@10", "smallest_gain"], {"a": [Cell(0.7, 0.6), Cell(0.1)]}),
    ]


def test_tasks_of_a_kind_share_a_table_and_lack_what_they_have_not() -> None:
    tasks = {
        "a": task(kind="sts", metrics={"pearson": 0.6}),
        "b": task(kind="bitext", metrics={"f1": 0.3}),
        "c": task(kind="sts", smallest_gain=0.1),
    }
    similarity, translation = find_further({"tasks": tasks})
    assert (similarity.title, translation.title) == ("Similarity", "Translation")
    assert similarity.columns == ["pearson", "smallest_gain"]
    assert similarity.rows == {"a": [Cell(0.6), Cell(None)], "c": [Cell(None), Cell(0.1)]}
