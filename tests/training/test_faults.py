"""What a step died of is said in words: the step, the batch, the rows, the cause."""

from dataclasses import replace

import pytest
import torch

from conftest import ENGLISH
from nmixx.errors import StageError
from nmixx.testing import HashEncoder
from nmixx.training import StepSettings, TrainingSettings, train_model
from nmixx.training import objectives as objectives_module
from nmixx.training.faults import first_broken_weight


def train(model, pairs, folder, precision="float32", **options):
    settings = {"name": "align", "objective": "pair_ranking", "batch_size": 4, "epochs": 4}
    step = StepSettings(**{**settings, **options})
    train_model(
        model,
        TrainingSettings(steps=(step,), precision=precision),
        folder,
        pairs=pairs,
        base=HashEncoder(32),
    )


def spoil(model, text):
    """Make the model give NaN for the rows that hold a text."""
    wanted = model.tokenizer(text).input_ids

    def hook(module, inputs, output):
        for row, ids in enumerate(inputs[0]["input_ids"].tolist()):
            if ids[: len(wanted)] == wanted:
                output["token_embeddings"] = output["token_embeddings"].clone()
                output["token_embeddings"][row] = float("nan")
        return output

    model[0].register_forward_hook(hook)


def test_a_bad_row_is_named_with_its_text_and_group(tiny_model, pairs, tmp_path):
    spoil(tiny_model, ENGLISH[7])
    with pytest.raises(StageError) as error:
        # The probe, which looks at the rows before the first step, must not be what fails.
        train(tiny_model, pairs, tmp_path)
    said = str(error.value)
    assert "training step 'align': the loss is nan at step" in said
    assert "because of 1 of the batch's 8 texts" in said
    assert f"{ENGLISH[7]!r} (pivot of row 8, group g07)" in said
    assert len(said.splitlines()) <= 3
    assert not (tmp_path / "model").exists()


def test_a_learning_rate_that_breaks_the_weights_is_blamed(tiny_model, pairs, tmp_path):
    with pytest.raises(StageError, match=r"(since|after) step \d+[\s\S]*learning_rate"):
        train(tiny_model, pairs, tmp_path, learning_rate=1e38, warmup=0)


def install(monkeypatch, forward):
    class Spoilt(objectives_module.PairRankingLoss):
        calls = 0

        def forward(self, features, labels=None):
            type(self).calls += 1
            return forward(self, super().forward(features, labels), type(self).calls)

    table = objectives_module.OBJECTIVES
    monkeypatch.setitem(table, "pair_ranking", replace(table["pair_ranking"], loss=Spoilt))


def test_a_loss_that_is_nan_between_logged_steps_stops_at_that_step(
    tiny_model, pairs, tmp_path, monkeypatch
):
    install(monkeypatch, lambda self, loss, call: loss * (float("nan") if call == 70 else 1))
    with pytest.raises(StageError) as error:
        train(tiny_model, pairs, tmp_path, epochs=60)  # logged every third step
    said = str(error.value)
    assert "the loss is nan at step 70; weights and precision are sound" in said
    assert "Its batch: " in said
    assert "; and 5 more" in said


@pytest.mark.parametrize("rows", [1, 4])
def test_the_precision_is_blamed_when_float32_gives_a_number(tiny_model, pairs, tmp_path, rows):
    def hook(module, inputs, output):
        if torch.is_autocast_enabled("cpu") and module.training:
            output["token_embeddings"] = output["token_embeddings"] * 1.0
            output["token_embeddings"][:rows] = float("nan")
        return output

    tiny_model[0].register_forward_hook(hook)
    with pytest.raises(
        StageError, match=r"nan at step 1[^;]*; in float32 the same batch has a fini"
    ):
        train(tiny_model, pairs, tmp_path, precision="bfloat16")


def test_the_first_broken_weight_is_named(tiny_model):
    assert first_broken_weight(tiny_model) is None
    name, weight = list(tiny_model.named_parameters())[5]
    with torch.no_grad():
        weight[0] = float("inf")
    assert first_broken_weight(tiny_model) == name
