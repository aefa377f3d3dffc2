"""A small grid: each point trained once, judged on development tasks, never on anything else."""

import pytest

from conftest import ENGLISH, KOREAN
from nmixx.errors import RecipeError
from nmixx.testing import HashEncoder
from nmixx.training import StepSettings, TrainingSettings
from nmixx.training import sweep as sweep_module
from nmixx.training.sweep import Sweep, best_point, expand, run_sweep
from nmixx.training.trainer import Material

RATES = [1e-5, 1e-3]


class Aligned:
    fingerprint = "aligned"
    tasks = ("near", "other")

    def __call__(self, encoder, tasks):
        near = float((encoder.encode(KOREAN) * encoder.encode(ENGLISH)).sum(1).mean())
        return {"near": near, "other": 0.5}


def make_training(**options):
    step = {"name": "align", "objective": "pair_ranking", "batch_size": 4, "epochs": 4}
    return TrainingSettings(steps=(StepSettings(**step, **options),), precision="float32")


@pytest.fixture
def make_sweep(load_tiny, pairs):
    def make(grid=None, **options):
        given = {
            "load": load_tiny,
            "training": make_training(),
            "grid": {"align.learning_rate": RATES} if grid is None else grid,
            "material": Material(pairs, (), (), HashEncoder(32), "en"),
            "judge": Aligned(),
            "tasks": ("near",),
            "seed": 0,
        }
        return Sweep(**{**given, **options})

    return make


def test_the_grid_is_every_combination_in_order():
    grid = {"align.epochs": [1, 2], "precision": ["float32", "bfloat16"]}
    points = list(expand(make_training(), grid))
    assert [changes for changes, _ in points] == [
        {"align.epochs": epochs, "precision": precision}
        for epochs in (1, 2)
        for precision in ("float32", "bfloat16")
    ]
    assert [settings.steps[0].epochs for _, settings in points] == [1, 1, 2, 2]
    assert [settings.precision for _, settings in points] == ["float32", "bfloat16"] * 2
    assert make_training() == make_training()


def test_settings_inside_settings_can_be_swept():
    points = expand(make_training(), {"align.watch.every": [5, 10]})
    assert [settings.steps[0].watch.every for _, settings in points] == [5, 10]


@pytest.mark.parametrize(
    ("grid", "words"),
    [
        ({}, "grid: 0 points"),
        ({"align.epochs": []}, "grid: 0 points"),
        ({"align.epochs": list(range(1, 66))}, "grid: 65 points; between 1 and 64"),
        ({"adapt.epochs": [1]}, "'adapt.epochs' names no step.\nSteps: align"),
        ({"align.epoch": [1]}, r"unknown key 'steps.0.epoch'. Did you mean 'epochs'"),
        ({"align.epochs": ["x"]}, "grid: steps.0.epochs"),
    ],
)
def test_a_grid_that_cannot_be_is_refused(grid, words):
    with pytest.raises(RecipeError, match=words):
        list(expand(make_training(), grid))


def test_the_point_with_the_best_figure_is_found(make_sweep, tmp_path):
    points = list(run_sweep(make_sweep(), tmp_path))
    assert [point.changes["align.learning_rate"] for point in points] == RATES
    best = best_point(points)
    assert best.figure == max(point.figure for point in points)
    assert best.figures == {"near": best.figure, "other": 0.5}
    assert (tmp_path / "points" / best.key[:16] / "model").is_dir()
    assert points[0].figure != points[1].figure


def test_a_finished_point_is_not_run_again_and_an_unfinished_one_is(
    make_sweep, tmp_path, monkeypatch
):
    first = list(run_sweep(make_sweep(), tmp_path))
    (tmp_path / "points" / first[1].key[:16] / "point.json").unlink()
    trained = []
    train = sweep_module.train_steps

    def count(model, settings, *rest, **options):
        trained.append(settings.steps[0].learning_rate)
        return train(model, settings, *rest, **options)

    monkeypatch.setattr(sweep_module, "train_steps", count)
    second = list(run_sweep(make_sweep(), tmp_path))
    assert trained == RATES[1:]
    assert second[0] == first[0]
    assert second[1].figures == first[1].figures


def test_what_changes_a_figure_makes_points_run_again(make_sweep, pairs, tmp_path):
    grid = {"align.epochs": [1]}
    other_judge = Aligned()
    other_judge.fingerprint = "other data"
    sweeps = [
        make_sweep(grid),
        make_sweep(grid, seed=1),
        make_sweep(grid, judge=other_judge),
        make_sweep(grid, tasks=()),
        make_sweep(grid, material=Material(pairs[1:], (), (), HashEncoder(32), "en")),
    ]
    keys = {next(run_sweep(sweep, tmp_path)).key for sweep in sweeps}
    assert len(keys) == len(sweeps)


def test_a_point_that_fails_is_told_and_the_others_go_on(make_sweep, tmp_path, caplog):
    grid = {"align.learning_rate": [1e38, 1e-4]}
    points = list(run_sweep(make_sweep(grid), tmp_path))
    assert points[0].figure is None
    assert "training step 'align'" in points[0].error
    assert best_point(points) is points[1]
    assert "align.learning_rate 1e+38: training step 'align'" in caplog.text
    assert not (tmp_path / "points" / points[0].key[:16] / "point.json").exists()


def test_nothing_judged_has_no_best():
    assert best_point([]) is None


def test_an_unknown_task_is_refused(make_sweep, tmp_path):
    with pytest.raises(RecipeError, match="figure: no development task is called 'korsts'"):
        list(run_sweep(make_sweep(tasks=("korsts",)), tmp_path))
