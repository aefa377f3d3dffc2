"""Steps that are watched: judged on the way, stopped early, their best weights kept."""

import logging
from dataclasses import replace

import numpy as np
import pytest
import torch
from pydantic import ValidationError

from conftest import ENGLISH, KOREAN
from nmixx.encoding import load_model
from nmixx.errors import RecipeError, StageError
from nmixx.storage import hash_path, read_json
from nmixx.testing import HashEncoder
from nmixx.training import StepSettings, TrainingSettings, train_model
from nmixx.training import objectives as objectives_module


class Scripted:
    """A judge that gives figures from a list, whatever the model."""

    fingerprint = "scripted"
    tasks = ("sts", "other")

    def __init__(self, *figures):
        self.figures = list(figures)
        self.asked = []
        self.lengths = []
        self.vectors = []

    def __call__(self, encoder, tasks):
        self.vectors.append(encoder.encode(["Operating profit rose."]))
        self.lengths.append(encoder._model.max_seq_length)
        self.asked.append(tuple(tasks))
        return {"sts": self.figures[len(self.asked) - 1], "other": 0.0}


class Aligned:
    """Judges by how near translations lie to each other."""

    fingerprint = "aligned"
    tasks = ("near",)

    def __call__(self, encoder, tasks):
        korean, english = encoder.encode(KOREAN), encoder.encode(ENGLISH)
        return {"near": float((korean * english).sum(1).mean())}


def make(*steps, **options):
    defaults = {"objective": "pair_ranking", "batch_size": 4, "learning_rate": 1e-3}
    made = tuple(
        StepSettings(**{"name": f"s{at}", **defaults, **step}) for at, step in enumerate(steps)
    )
    return TrainingSettings(steps=made, **{"precision": "float32", **options})


def watched(every=3, **options):
    return make({"epochs": 4, "watch": {"every": every, "tasks": ["sts"], **options}})


def read_log(folder):
    (log,) = read_json(folder / "log.json")
    return log


def test_the_best_judged_weights_are_kept(load_tiny, pairs, tmp_path):
    judge = Scripted(0.1, 0.2, 0.5, 0.4, 0.3)
    train_model(load_tiny(), watched(), tmp_path, pairs=pairs, judge=judge)
    log = read_log(tmp_path)
    assert [(j["step"], j["figure"]) for j in log["judged"]] == [
        (0, 0.1), (3, 0.2), (6, 0.5), (9, 0.4), (12, 0.3),
    ]  # fmt: skip
    assert (log["best"], log["steps"]) == (6, 12)
    assert judge.asked == [("sts",)] * 5
    kept = load_model(str(tmp_path / "model")).encode(["Operating profit rose."])
    np.testing.assert_allclose(kept, judge.vectors[2], atol=1e-6)
    assert not np.allclose(kept, judge.vectors[4], atol=1e-4)
    assert not list(tmp_path.rglob("best-*"))


def test_a_judge_reads_texts_in_full(load_tiny, pairs, tmp_path):
    judge = Scripted(*[0.1] * 5)
    settings = make({"epochs": 4, "max_length": 8, "watch": {"every": 3}})
    model = load_tiny()
    train_model(model, settings, tmp_path, pairs=pairs, judge=judge)
    assert judge.lengths == [64] * 5


def test_judging_does_not_change_the_training(load_tiny, pairs, tmp_path):
    rising = Scripted(*range(5))
    train_model(load_tiny(), watched(), tmp_path / "watched", pairs=pairs, judge=rising)
    train_model(load_tiny(), make({"epochs": 4}), tmp_path / "plain", pairs=pairs)
    assert hash_path(tmp_path / "watched" / "model") == hash_path(tmp_path / "plain" / "model")


def test_a_step_stops_when_its_patience_is_over(load_tiny, pairs, tmp_path, caplog):
    judge = Scripted(0.1, 0.5, 0.4, 0.5, 0.9)
    settings = watched(patience=2)
    train_model(load_tiny(), settings, tmp_path, pairs=pairs, judge=judge)
    log = read_log(tmp_path)
    assert (log["best"], log["steps"]) == (3, 9)
    assert "stopped at step 9 of 12" in caplog.text


def test_a_step_that_gains_nothing_leaves_the_weights_and_says_so(
    load_tiny, pairs, tmp_path, caplog
):
    model = load_tiny()
    before = model.encode(["Operating profit rose."])
    train_model(model, watched(), tmp_path, pairs=pairs, judge=Scripted(0.5, 0.4, 0.3, 0.2, 0.1))
    kept = load_model(str(tmp_path / "model")).encode(["Operating profit rose."])
    np.testing.assert_allclose(kept, before, atol=1e-6)
    (alarm,) = (a for a in read_log(tmp_path)["alarms"] if a["name"] == "no gain")
    assert alarm["words"] in caplog.text


def test_figures_come_into_the_log_lines(load_tiny, pairs, tmp_path, caplog):
    with caplog.at_level(logging.INFO):
        train_model(load_tiny(), watched(), tmp_path, pairs=pairs, judge=Scripted(*[0.25, 0.5] * 3))
    assert "s0: step 3, sts 0.5000, other 0.0000" in caplog.text
    assert "the weights of step 3 are kept" in caplog.text


@pytest.mark.parametrize(
    ("settings", "judge", "words"),
    [
        ({"watch": {}}, None, "'s0', watch: needs development tasks, and none were given"),
        ({"watch": {"tasks": ["stsb"]}}, Aligned(), "no development task is called 'stsb'"),
        ({"keep": "auto", "guard": {"tasks": ["stsb"]}}, Aligned(), "guard: no development task"),
    ],
)
def test_unknown_development_tasks_are_refused_before_any_training(
    tiny_model, pairs, tmp_path, settings, judge, words
):
    with pytest.raises(RecipeError, match=words):
        train_model(tiny_model, make(settings), tmp_path, pairs=pairs, judge=judge)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("step", [{"keep": "auto"}, {"guard": {"tasks": ["x"]}}, {"keep": 0}])
def test_keep_and_guard_go_together(step):
    with pytest.raises(ValidationError):
        make(step)


def test_another_judge_makes_a_watched_step_run_again(load_tiny, pairs, tmp_path):
    settings = make({"watch": {"every": 3}})
    train_model(load_tiny(), settings, tmp_path, pairs=pairs, judge=Aligned())
    done = tmp_path / "steps" / "1-s0" / "step.json"
    before = done.stat().st_mtime_ns
    train_model(load_tiny(), settings, tmp_path, pairs=pairs, judge=Aligned())
    assert done.stat().st_mtime_ns == before
    other = Aligned()
    other.fingerprint = "other data"
    train_model(load_tiny(), settings, tmp_path, pairs=pairs, judge=other)
    assert done.stat().st_mtime_ns != before


class Interrupt(objectives_module.PairRankingLoss):
    calls = 0
    stop_at = 0

    def forward(self, features, labels=None):
        type(self).calls += 1
        if type(self).calls == type(self).stop_at:
            raise KeyboardInterrupt
        return super().forward(features, labels)


@pytest.mark.parametrize("call", [13, 25])
def test_an_interrupted_watched_run_ends_as_a_whole_one(
    load_tiny, pairs, tmp_path, monkeypatch, call
):
    step = {
        "epochs": 12,
        "anchoring": 1.0,
        "replay": 0.5,
        "drift": 1.0,
        "drift_texts": 2,
        "general": ["news"],
        "watch": {"every": 4, "tasks": ["near"]},
        "keep": "auto",
        "guard": {"tasks": ["near"], "most_lost": 1.0, "shares": [0, 0.5]},
    }

    def run(folder):
        settings = make(step, checkpoints=3)
        others = {"pairs": pairs, "judge": Aligned(), "base": HashEncoder(32)}
        train_model(load_tiny(), settings, folder, **others)

    run(tmp_path / "whole")
    table = objectives_module.OBJECTIVES
    changed = replace(table["pair_ranking"], loss=Interrupt)
    monkeypatch.setitem(table, "pair_ranking", changed)
    Interrupt.calls, Interrupt.stop_at = 0, call
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path / "cut")
    Interrupt.calls, Interrupt.stop_at = 0, 0
    run(tmp_path / "cut")
    assert Interrupt.calls == 36 - (call - 1) // 10 * 10
    logs = [read_log(tmp_path / name) for name in ("whole", "cut")]
    assert logs[0] == logs[1]
    assert hash_path(tmp_path / "whole" / "model") == hash_path(tmp_path / "cut" / "model")


def test_a_model_without_numbers_is_refused_at_once(tiny_model, pairs, tmp_path):
    with torch.no_grad():
        next(tiny_model.parameters())[:] = float("nan")
    with pytest.raises(StageError, match=r"word_embeddings.*are no numbers after step 0"):
        train_model(tiny_model, make({}), tmp_path, pairs=pairs)
    assert not (tmp_path / "model").exists()
