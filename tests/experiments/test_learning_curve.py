"""Shares of pairs, the line through their figures, and a whole curve of the tiny model."""

from dataclasses import replace

import pytest

from nmixx.errors import DataError
from nmixx.recipe import read_recipe


@pytest.fixture
def curve(script):
    return script("learning_curve")


def test_shares_lie_within_each_other_and_keep_a_pair_that_was_drawn_twice(curve, pairs):
    drawn = sorted([*pairs, pairs[3]], key=lambda pair: pair.id)
    ids = [{pair.id for pair in curve.nest(drawn, share, 0)} for share in (0.25, 0.5, 1)]
    assert [len(each) for each in ids] == [3, 6, 12]
    assert ids[0] < ids[1] < ids[2]
    assert [pair.id for pair in curve.nest(drawn, 1, 0)].count(pairs[3].id) == 2
    assert curve.nest(drawn, 0.5, 1) != curve.nest(drawn, 0.5, 0)


def test_weights_were_used_when_the_pairs_were_drawn(curve, pairs):
    heavy = [replace(pair, extra={"weight": 2.0, "unit": "term"}) for pair in pairs]
    extras = [pair.extra for pair in curve.nest(heavy, 1, 0)]
    assert all(extra == {"weight": 1.0, "unit": "term"} for extra in extras)


def test_a_line_is_found_again_and_says_where_a_new_point_lies(script):
    fit_line = script("curve_fit").fit_line
    exact = fit_line([1000, 2000, 4000], [0.5, 0.6, 0.7])
    assert exact.per_doubling == pytest.approx(0.1)
    assert exact.at(8000) == pytest.approx(0.8)
    assert exact.largest_deviation == pytest.approx(0, abs=1e-12)
    # By hand: residuals 0.025, -0.05, 0.025 and s = 0.0612; away from the mean by 2, spread 2.
    bent = fit_line([1, 2, 4], [0.0, 0.0, 0.15])
    low, high = bent.interval(8)
    assert bent.at(8) == pytest.approx(0.2)
    assert (high - low) / 2 == pytest.approx(12.706 * 0.061237 * (1 + 1 / 3 + 2) ** 0.5, rel=1e-3)


def test_two_points_leave_no_interval_and_one_no_line(script):
    fit_line = script("curve_fit").fit_line
    assert fit_line([1, 2], [0.1, 0.2]).interval(4) is None
    assert fit_line([2, 2], [0.1, 0.2]) is None


def test_a_step_that_trains_on_no_pairs_is_refused(curve, run):
    recipe = read_recipe(run / "recipe.yaml")
    assert curve.find_step(recipe, None).name == "align"
    with pytest.raises(DataError, match="no step adapt that trains on pairs"):
        curve.find_step(recipe, "adapt")


@pytest.mark.slow
def test_a_whole_curve(call, run, data, tmp_path):
    out = tmp_path / "out"
    arguments = ["--run", run, "--data", data, "--out", out, "--shares", "0.34,0.67,1"]
    found = call("learning_curve", *arguments)
    assert found["pairs"] == 12
    by_name = {(curve["arm"], curve["task"]): curve for curve in found["curves"]}
    assert len(by_name) == 8
    passes, steps = (by_name[arm, "korsts-dev"]["points"] for arm in ("same passes", "same steps"))
    assert [(point["pairs"], point["steps"]) for point in passes] == [(4, 1), (8, 2), (12, 3)]
    assert [(point["pairs"], point["steps"]) for point in steps] == [(4, 3), (8, 3), (12, 3)]
    assert passes[-1] == steps[-1]
    assert passes[0] != steps[0]
    beyond = by_name["same passes", "korsts-dev"]["extrapolated"]
    assert {key: point["pairs"] for key, point in beyond.items()} == {"2x": 24, "10x": 120}
    assert (out / "learning-curve.svg").exists()
    stamps = {path: path.stat().st_mtime_ns for path in out.rglob("arm.json")}
    assert call("learning_curve", *arguments)["curves"] == found["curves"]
    assert {path: path.stat().st_mtime_ns for path in out.rglob("arm.json")} == stamps
