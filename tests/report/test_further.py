"""New figures in results.json show without a change to the page."""

from __future__ import annotations

from nmixx.report.further import find_further


def task(**more: object) -> dict[str, object]:
    return {"kind": "new", "metric": "ap", "value": 0.5, "n": 9, "ci95": [0, 1], **more}


def test_figures_that_are_laid_out_elsewhere_are_no_further_ones() -> None:
    against = {"value": 0.4, "delta": 0.1, "p": 0.02, "ci95": [0, 1], "value_ci95": [0, 1]}
    assert find_further({"tasks": {"a": task(against=against)}}) == {}


def test_any_single_figure_is_found_and_those_of_the_change_are_marked() -> None:
    found = find_further(
        {
            "tasks": {
                "a": task(pearson=0.61, smallest_gain=0.03, against={"p_holm": 0.04}),
                "b": task(by={}, warnings=[]),
            }
        }
    )
    assert found == {"a": {"pearson": 0.61, "smallest gain": 0.03, "p holm of the change": 0.04}}


def test_further_metrics_may_stand_in_a_mapping_of_their_own() -> None:
    found = find_further({"tasks": {"a": task(metrics={"ap": 0.5, "mrr@10": 0.7})}})
    assert found == {"a": {"mrr@10": 0.7}}
