"""Arms of an ablation: what they train on, and a whole one of the tiny model."""

import json
from collections import Counter

import numpy as np
import pytest

from nmixx.errors import DataError
from nmixx.evaluation.examples import Examples
from nmixx.training import StepSettings
from nmixx.triplets.taxonomy import SHIFTS

STEP = StepSettings(name="adapt", objective="triplet_in_batch", triplets=60, mined=20)


@pytest.fixture
def arms(script):
    return script("ablation_arms")


@pytest.fixture
def parts(arms, triplets, mined):
    return arms.sort_parts(triplets, [negative.to_triplet() for negative in mined])


def test_every_shift_of_the_taxonomy_is_in_one_family(arms):
    listed = [shift for shifts in arms.FAMILIES.values() for shift in shifts]
    assert sorted(listed) == sorted(SHIFTS)


def test_a_left_out_family_gives_its_rows_to_others_and_the_rest_stay(arms, parts):
    caps = arms.find_caps(STEP, parts)
    whole, without = (
        arms.draw_rows(arm, parts, caps, 60, 0)
        for arm in (arms.Arm("all"), arms.Arm("w", without=frozenset({"detail_added"})))
    )
    assert {name: len(rows) for name, rows in whole.items()} == {
        name: len(rows) for name, rows in without.items()
    }
    kept = {t.negative for t in whole["shifted"] if t.negative_kind != "detail_added"}
    assert kept < {t.negative for t in without["shifted"]}
    assert "detail_added" not in {t.negative_kind for t in without["shifted"]}
    assert whole["mined"] == without["mined"]
    assert whole["given"] == without["given"]


def test_rows_are_shared_out_as_the_recipe_draws_them(arms, parts):
    caps = arms.find_caps(STEP, parts)
    assert caps == {"shifted": 60, "mined": 20, "given": 40}
    drawn = arms.draw_rows(arms.Arm("all"), parts, caps, 61, 0)
    assert sum(map(len, drawn.values())) == 61
    assert len(drawn["shifted"]) in (30, 31)
    one = arms.draw_rows(arms.Arm("rules only", ("shifted",)), parts, caps, 61, 0)
    assert {name: len(rows) for name, rows in one.items()} == {"shifted": 61}


def test_another_seed_draws_other_rows(arms, parts):
    caps = arms.find_caps(STEP, parts)
    one, other = (arms.draw_rows(arms.Arm("all"), parts, caps, 60, seed) for seed in (0, 1))
    assert one["shifted"] != other["shifted"]


def test_too_few_rows_are_an_error_that_counts_them(arms, parts):
    caps = arms.find_caps(STEP, parts)
    with pytest.raises(DataError, match="mined only: 41 mined triplets wanted, the run has 40"):
        arms.draw_rows(arms.Arm("mined only", ("mined",)), parts, caps, 41, 0)


def test_arms_without_rows_or_the_same_as_the_whole_are_not_wanted(arms, parts):
    caps = arms.find_caps(STEP, parts | {"given": []})
    listed = arms.choose_arms("family", {t.negative_kind for t in parts["shifted"]}, [])
    wanted = [arm.name for arm in listed if arms.is_wanted(arm, parts, caps)]
    assert wanted == [
        "all",
        "without sentiment",
        "without detail",
        "without own_shift",
        "rules only",
        "mined only",
    ]


def test_arms_by_shift_and_by_name(arms):
    listed = arms.choose_arms("shift", {"detail_added"}, ["without detail_added"])
    assert [arm.name for arm in listed] == ["all", "without detail_added"]
    with pytest.raises(DataError, match="no arm 'without detail'"):
        arms.choose_arms("shift", {"detail_added"}, ["without detail"])


def test_a_step_without_shifted_triplets_is_refused(arms, parts):
    with pytest.raises(DataError, match="no shifted triplets"):
        arms.find_caps(STEP.model_copy(update={"triplets": 0}), parts)


def test_the_change_of_means_is_that_of_the_figures_and_zero_against_itself(script):
    compare_means = script("experiment").compare_means
    generator = np.random.default_rng(0)
    labels = generator.standard_normal(200)
    clear, dull = (
        [Examples(labels + spread * generator.standard_normal(200), labels) for _ in range(2)]
        for spread in (0.3, 3.0)
    )
    found = compare_means(clear, dull)
    expected = np.mean([e.figure for e in clear]) - np.mean([e.figure for e in dull])
    assert found.delta == pytest.approx(expected)
    assert 0 < found.ci95[0] < found.delta < found.ci95[1]
    assert compare_means(clear, clear).ci95 == (0.0, 0.0)


def test_a_cut_set_reaches_from_its_beginning_to_its_end(script, tmp_path):
    (tmp_path / "whole").write_text("".join(f"{at}\n" for at in range(1498)), "utf-8")
    cut = script("experiment").cut_file(tmp_path / "whole", tmp_path / "cut", 500)
    rows = [int(line) for line in cut.read_text("utf-8").splitlines()]
    assert len(rows) == 500
    assert rows[0] < 3
    assert rows[-1] > 1494


@pytest.mark.slow
def test_a_whole_ablation_and_nothing_trained_again(call, run, data, tiny_model_path, tmp_path):
    out = tmp_path / "out"
    arguments = ["--run", run, "--start", tiny_model_path, "--data", data, "--out", out]
    arguments += ["--rows", 32, "--seeds", "0,1", "--arms", "without detail,mined only"]
    found = call("ablation", *arguments)
    by_name = {arm["name"]: arm for arm in found["arms"]}
    assert list(by_name) == ["start", "all", "without detail", "mined only"]
    assert by_name["without detail"]["replaced"] == 0.5
    change = by_name["without detail"]["change"]["finsts-en"]
    figures = [by_name[name]["figures"]["finsts-en"] for name in ("without detail", "all")]
    assert change["delta"] == pytest.approx(figures[0] - figures[1])
    assert np.mean(change["by_seed"]) == pytest.approx(change["delta"])
    assert found["for_the_finding_only"] == ["finsts-en"]
    assert by_name["start"]["figures"] != by_name["all"]["figures"]
    assert (out / "ablation.svg").read_text("utf-8").startswith("<?xml")
    stamps = {path: path.stat().st_mtime_ns for path in out.rglob("arm.json")}
    assert Counter(path.parent.name for path in stamps) == {"seed-0": 3, "seed-1": 3, "start": 1}
    assert not list(out.rglob("model.safetensors"))

    again = call("ablation", *arguments)
    assert again["arms"] == found["arms"]
    assert {path: path.stat().st_mtime_ns for path in out.rglob("arm.json")} == stamps

    arguments[arguments.index(32)] = 36
    call("ablation", *arguments)
    changed = {path for path, stamp in stamps.items() if path.stat().st_mtime_ns != stamp}
    assert Counter(path.parent.name for path in changed) == {"seed-0": 3, "seed-1": 3}
    assert json.loads((out / "ablation.json").read_text("utf-8"))["rows"] == 36
