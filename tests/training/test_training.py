"""Whole training runs of the tiny model."""

import json
import signal
import subprocess
import sys
import textwrap
from dataclasses import replace

import numpy as np
import pytest
import torch
from sentence_transformers import SentenceTransformer

from conftest import ENGLISH, KOREAN
from nmixx.encoding import load_model, model_fingerprint
from nmixx.errors import DataError, StageError
from nmixx.records import Triplet
from nmixx.storage import hash_path, read_json
from nmixx.testing import HashEncoder
from nmixx.training import StepSettings, TrainingSettings, train_model
from nmixx.training import objectives as objectives_module

TEXTS = [*ENGLISH, *KOREAN]


def make_settings(*steps, **options):
    defaults = {"objective": "pair_ranking", "batch_size": 4, "learning_rate": 1e-3}
    made = tuple(
        StepSettings(**{"name": f"s{at}", **defaults, **step}) for at, step in enumerate(steps)
    )
    return TrainingSettings(steps=made, **{"precision": "float32", **options})


def make_triplets():
    rest = ("news", "en", "en", "en", "paraphrase", "intensity", 1.0)
    return [
        Triplet(text, f"{text} So it said.", ENGLISH[at - 1], *rest, f"g{at}", "rule")
        for at, text in enumerate(ENGLISH)
    ]


def encode(model):
    return model.encode(TEXTS)


@pytest.mark.parametrize(
    ("objective", "options"),
    [
        ("pair_ranking", {"anchoring": 0.0}),
        ("pair_ranking", {"anchoring": 1.0}),
        ("distillation", {}),
        ("triplet", {}),
        ("triplet_in_batch", {}),
    ],
)
def test_the_loss_falls_and_the_model_loads_as_it_was_saved(
    tiny_model, pairs, tmp_path, capsys, objective, options
):
    settings = make_settings({"objective": objective, "epochs": 24, **options})
    counts = train_model(
        tiny_model,
        settings,
        tmp_path,
        pairs=pairs,
        triplets=make_triplets(),
        base=HashEncoder(32),
    )
    assert counts == {"s0": 12}
    assert capsys.readouterr().out == ""
    (log,) = read_json(tmp_path / "log.json")
    losses = [loss for _, loss in log["loss"]]
    assert log["steps"] == 72
    # An epoch's batches are other ones each time; several epochs even that out.
    assert np.mean(losses[-12:]) < np.mean(losses[:12])
    plain = SentenceTransformer(str(tmp_path / "model"), device="cpu")
    np.testing.assert_allclose(encode(plain), encode(tiny_model), atol=1e-6)


def test_what_training_switches_off_is_as_before_afterwards(tiny_model, pairs, tmp_path):
    def shares():
        return [m.p for m in tiny_model.modules() if isinstance(m, torch.nn.Dropout)]

    before = shares()
    assert max(before) > 0
    train_model(tiny_model, make_settings({"max_length": 16}), tmp_path, pairs=pairs)
    assert shares() == before
    assert tiny_model.max_seq_length == 64
    assert not tiny_model.training
    assert load_model(str(tmp_path / "model")).max_seq_length == 64


def test_what_training_switches_off_is_as_before_after_a_failure_too(tiny_model, pairs, tmp_path):
    with torch.no_grad():
        next(tiny_model.parameters())[:] = float("nan")
    with pytest.raises(StageError):
        train_model(tiny_model, make_settings({"max_length": 16}), tmp_path, pairs=pairs)
    assert tiny_model.max_seq_length == 64
    assert max(m.p for m in tiny_model.modules() if isinstance(m, torch.nn.Dropout)) > 0


def test_half_of_a_change_is_the_midpoint_of_the_weights(load_tiny, pairs, tmp_path):
    start = load_tiny().state_dict()
    ends = {}
    for keep in (1.0, 0.5):
        model = load_tiny()
        train_model(model, make_settings({"keep": keep}), tmp_path / str(keep), pairs=pairs)
        ends[keep] = load_model(str(tmp_path / str(keep) / "model")).state_dict()
    changed = 0
    for name, first in start.items():
        torch.testing.assert_close(ends[0.5][name], (first + ends[1.0][name]) / 2)
        changed += not torch.equal(first, ends[1.0][name])
    assert changed


def test_steps_follow_each_other_and_each_is_saved(tiny_model, pairs, tmp_path):
    settings = make_settings({"name": "align"}, {"name": "adapt", "objective": "triplet"})
    counts = train_model(tiny_model, settings, tmp_path, pairs=pairs, triplets=make_triplets())
    assert counts == {"align": 12, "adapt": 12}
    first, second = (tmp_path / "steps" / name / "model" for name in ("1-align", "2-adapt"))
    assert hash_path(first / "model.safetensors") != hash_path(second / "model.safetensors")
    assert hash_path(second) == hash_path(tmp_path / "model")
    assert not list((tmp_path / "steps").rglob("checkpoint-*"))


def test_no_steps_leave_the_model_as_it_is(tiny_model, tmp_path):
    before = model_fingerprint(tiny_model)
    assert train_model(tiny_model, TrainingSettings(), tmp_path) == {}
    assert model_fingerprint(load_model(str(tmp_path / "model"))) == before


def test_the_same_run_twice_gives_the_same_bytes(load_tiny, pairs, tmp_path):
    settings = make_settings({"epochs": 3}, {"objective": "triplet"})
    for name in ("one", "other"):
        train_model(
            load_tiny(), settings, tmp_path / name, pairs=pairs, triplets=make_triplets(), seed=5
        )
    assert hash_path(tmp_path / "one" / "model") == hash_path(tmp_path / "other" / "model")


def stamps(folder):
    return {path.name: path.stat().st_mtime_ns for path in (folder / "model").iterdir()}


def run_two_steps(model, pairs, folder, second=None, **options):
    settings = make_settings({"name": "align"}, {"name": "again", **(second or {})})
    train_model(model, settings, folder, pairs=pairs, **options)


def test_a_finished_step_is_skipped(load_tiny, pairs, tmp_path):
    run_two_steps(load_tiny(), pairs, tmp_path)
    folders = [tmp_path / "steps" / name for name in ("1-align", "2-again")]
    before, published = [stamps(folder) for folder in folders], hash_path(tmp_path / "model")
    run_two_steps(load_tiny(), pairs, tmp_path)
    assert [stamps(folder) for folder in folders] == before
    assert hash_path(tmp_path / "model") == published


def test_a_changed_step_runs_again_and_those_before_it_stand(load_tiny, pairs, tmp_path):
    run_two_steps(load_tiny(), pairs, tmp_path)
    folders = [tmp_path / "steps" / name for name in ("1-align", "2-again")]
    first, second = (stamps(folder) for folder in folders)
    run_two_steps(load_tiny(), pairs, tmp_path, {"learning_rate": 2e-3})
    assert stamps(folders[0]) == first
    assert stamps(folders[1]) != second
    whole = tmp_path / "whole"
    run_two_steps(load_tiny(), pairs, whole, {"learning_rate": 2e-3})
    assert hash_path(tmp_path / "model") == hash_path(whole / "model")


def change_a_text(model, pairs):
    return [replace(pairs[0], anchor="다른 문장이다."), *pairs[1:]], {}


def change_a_group(model, pairs):
    return [replace(pairs[0], group=pairs[1].group), *pairs[1:]], {}


def change_the_seed(model, pairs):
    return pairs, {"seed": 1}


def change_the_model(model, pairs):
    with torch.no_grad():
        next(model.parameters()).mul_(1.01)
    return pairs, {}


@pytest.mark.parametrize(
    "change", [change_a_text, change_a_group, change_the_seed, change_the_model]
)
def test_whatever_changes_the_weights_makes_a_step_run_again(load_tiny, pairs, tmp_path, change):
    settings = make_settings({"name": "align"})
    train_model(load_tiny(), settings, tmp_path, pairs=pairs)
    before = stamps(tmp_path / "steps" / "1-align")
    model = load_tiny()
    others, options = change(model, pairs)
    train_model(model, settings, tmp_path, pairs=others, **options)
    assert stamps(tmp_path / "steps" / "1-align") != before


def test_another_base_model_makes_an_anchored_step_run_again(load_tiny, pairs, tmp_path):
    settings = make_settings({"name": "align", "anchoring": 1.0})
    for seed in (0, 1):
        base = HashEncoder(32, seed=seed)
        train_model(load_tiny(), settings, tmp_path, pairs=pairs, base=base)
    whole = tmp_path / "whole"
    train_model(load_tiny(), settings, whole, pairs=pairs, base=HashEncoder(32, seed=1))
    assert hash_path(tmp_path / "model") == hash_path(whole / "model")


def test_a_step_without_rows_says_what_there_is(tiny_model, pairs, tmp_path):
    settings = make_settings({"name": "adapt", "objective": "triplet"})
    with pytest.raises(DataError, match=r"'adapt' \(triplet\): 0 rows[\s\S]*12 pairs, 0 triplets"):
        train_model(tiny_model, settings, tmp_path, pairs=pairs)


def test_rows_that_are_all_of_one_group_are_refused(tiny_model, pairs, tmp_path):
    same = [replace(pair, group="g") for pair in pairs]
    with pytest.raises(DataError, match=r"'s0': all 12 rows are of the group 'g'"):
        train_model(tiny_model, make_settings({}), tmp_path, pairs=same)


def test_a_step_that_holds_on_to_the_base_needs_it(tiny_model, pairs, tmp_path):
    settings = make_settings({"name": "align", "anchoring": 1.0})
    with pytest.raises(DataError, match=r"'align'.*holds on to the base model"):
        train_model(tiny_model, settings, tmp_path, pairs=pairs)


LONG = {"name": "align", "epochs": 12, "anchoring": 1.0, "keep": 0.5}


def run_long(model, pairs, folder):
    settings = make_settings(LONG, checkpoints=3)
    train_model(model, settings, folder, pairs=pairs, base=HashEncoder(32))


class Interrupt(objectives_module.PairRankingLoss):
    """Stops as a person at the keyboard does, at a given call."""

    calls = 0
    stop_at = 0

    def forward(self, features, labels=None):
        type(self).calls += 1
        if type(self).calls == type(self).stop_at:
            raise KeyboardInterrupt
        return super().forward(features, labels)


@pytest.fixture
def interrupt_at(monkeypatch):
    """Make the pair ranking loss stop at a call, in the middle of an epoch or anywhere."""

    def install(call):
        Interrupt.calls, Interrupt.stop_at = 0, call
        table = objectives_module.OBJECTIVES
        changed = replace(table["pair_ranking"], loss=Interrupt)
        monkeypatch.setitem(table, "pair_ranking", changed)

    yield install


@pytest.mark.parametrize("call", [5, 23, 36])
def test_an_interrupted_run_ends_with_the_weights_of_a_whole_one(
    load_tiny, pairs, tmp_path, interrupt_at, call
):
    run_long(load_tiny(), pairs, tmp_path / "whole")
    interrupt_at(call)
    with pytest.raises(KeyboardInterrupt):
        run_long(load_tiny(), pairs, tmp_path / "cut")
    Interrupt.calls, Interrupt.stop_at = 0, 0
    run_long(load_tiny(), pairs, tmp_path / "cut")
    assert Interrupt.calls == 36 - (call - 1) // 10 * 10
    whole, cut = (hash_path(tmp_path / name / "model") for name in ("whole", "cut"))
    assert cut == whole
    logs = [read_json(tmp_path / name / "log.json")[0] for name in ("whole", "cut")]
    assert logs[0]["steps"] == logs[1]["steps"] == 36


def test_a_checkpoint_that_was_cut_short_is_passed_over(load_tiny, pairs, tmp_path, interrupt_at):
    run_long(load_tiny(), pairs, tmp_path / "whole")
    interrupt_at(15)
    with pytest.raises(KeyboardInterrupt):
        run_long(load_tiny(), pairs, tmp_path / "cut")
    partial = tmp_path / "cut" / "steps" / "1-align" / "checkpoints" / "checkpoint-20"
    partial.mkdir()
    (partial / "model.safetensors").write_bytes(b"half")
    Interrupt.calls, Interrupt.stop_at = 0, 0
    run_long(load_tiny(), pairs, tmp_path / "cut")
    assert Interrupt.calls == 26
    assert hash_path(tmp_path / "cut" / "model") == hash_path(tmp_path / "whole" / "model")


KILLED = """
    import os, signal, sys, threading, time
    from pathlib import Path
    sys.path[:0] = [sys.argv[1], str(Path(sys.argv[1]) / "training")]
    import conftest, test_training, torch
    torch.set_num_threads(1)  # as here: another number of threads adds up in another order
    from nmixx.encoding import load_model
    from nmixx.records import Pair
    out = Path(sys.argv[3])

    def watch():
        while not list(out.rglob("checkpoint-*/trainer_state.json")):
            time.sleep(0.001)
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=watch, daemon=True).start()
    pairs = [Pair(**row) for row in __import__("json").load(sys.stdin)]
    test_training.run_long(load_model(sys.argv[2], device="cpu"), pairs, out)
"""


@pytest.mark.slow
def test_a_killed_run_ends_with_the_weights_of_a_whole_one(
    load_tiny, tiny_model_path, pairs, tmp_path, request
):
    run_long(load_tiny(), pairs, tmp_path / "whole")
    tests = request.config.rootpath / "tests"
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(KILLED), tests, tiny_model_path, tmp_path / "cut"],
        input=json.dumps([pair.to_row() for pair in pairs]),
        text=True,
        capture_output=True,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    step = tmp_path / "cut" / "steps" / "1-align"
    assert list(step.rglob("checkpoint-*/trainer_state.json"))
    assert not (step / "step.json").exists()
    run_long(load_tiny(), pairs, tmp_path / "cut")
    assert hash_path(tmp_path / "cut" / "model") == hash_path(tmp_path / "whole" / "model")
