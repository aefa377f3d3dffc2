import sys
from dataclasses import replace

import pytest
import torch

from nmixx.encoding import SentenceEncoder, load_model
from nmixx.errors import MissingExtraError
from nmixx.storage import hash_path
from nmixx.training import StepSettings, TrainingSettings, train_model
from nmixx.training import objectives as objectives_module
from nmixx.training.adapters import adapters
from nmixx.training.kinds import KINDS


def run(model, pairs, out, **options):
    step = StepSettings(
        name="align",
        objective="pair_ranking",
        epochs=12,
        batch_size=4,
        learning_rate=1e-3,
        train="lora",
        lora_rank=4,
        **options,
    )
    settings = TrainingSettings(steps=(step,), precision="float32", checkpoints=3)
    train_model(model, settings, out, pairs=pairs)


class Interrupt(objectives_module.PairRankingLoss):
    """Stops as a person at the keyboard does, at a given call."""

    calls = 0
    stop_at = 0

    def forward(self, features, labels=None):
        type(self).calls += 1
        if type(self).calls == type(self).stop_at:
            raise KeyboardInterrupt
        return super().forward(features, labels)


def test_an_interrupted_run_with_adapters_ends_as_a_whole_one(
    load_tiny, pairs, tmp_path, monkeypatch
):
    run(load_tiny(), pairs, tmp_path / "whole", save_adapter=True)
    Interrupt.calls, Interrupt.stop_at = 0, 23
    table = objectives_module.OBJECTIVES
    changed = replace(table["pair_ranking"], loss=Interrupt)
    monkeypatch.setitem(table, "pair_ranking", changed)
    with pytest.raises(KeyboardInterrupt):
        run(load_tiny(), pairs, tmp_path / "cut", save_adapter=True)
    run(load_tiny(), pairs, tmp_path / "cut", save_adapter=True)
    assert Interrupt.calls == 23 + 16  # from the checkpoint of step 20 of 36
    whole, cut = (hash_path(tmp_path / name / "model") for name in ("whole", "cut"))
    assert cut == whole
    kept = tmp_path / "cut" / "steps" / "1-align" / "adapter"
    assert (kept / "adapter_model.safetensors").exists()


def test_a_kept_adapter_on_the_model_before_gives_the_merged_one(load_tiny, pairs, tmp_path):
    run(load_tiny(), pairs, tmp_path, save_adapter=True)
    merged = load_model(str(tmp_path / "model"))
    again = load_tiny()
    assert abs(again.encode("profit") - merged.encode("profit")).max() > 1e-3
    again.load_adapter(str(tmp_path / "steps" / "1-align" / "adapter"))
    texts = [pair.anchor for pair in pairs]
    assert abs(again.encode(texts) - merged.encode(texts)).max() < 1e-5


def test_adapters_leave_the_table_and_what_has_none_as_it_was(load_tiny, pairs, tmp_path):
    run(load_tiny(), pairs, tmp_path)
    before, after = load_tiny().state_dict(), load_model(str(tmp_path / "model")).state_dict()
    assert list(before) == list(after)
    changed = {name for name in after if not torch.equal(before[name], after[name])}
    assert changed
    assert all(
        part in KINDS["mean_encoder"].lora_targets
        for part in {name.split(".")[-2] for name in changed}
    )


def test_weights_are_merged_and_trainable_again_after_a_failure(load_tiny):
    model = load_tiny()
    names = [name for name, _ in model.named_parameters()]
    step = StepSettings(name="s", objective="triplet", train="lora")
    with (
        pytest.raises(KeyboardInterrupt),
        adapters(model, step, KINDS["mean_encoder"], rows=[5], seed=0),
    ):
        trained = [name for name, p in model.named_parameters() if p.requires_grad]
        assert trained
        assert all("lora" in name or "token" in name for name in trained)
        raise KeyboardInterrupt
    assert [name for name, p in model.named_parameters() if p.requires_grad] == names


def test_without_peft_the_extra_is_named(load_tiny, pairs, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "peft", None)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match=r"nmixx\[lora\]"):
        run(load_tiny(), pairs, tmp_path)


def test_new_rows_train_beside_adapters(load_tiny, pairs, tmp_path):
    grown = load_tiny()
    grown.tokenizer.add_tokens(["영업이익이"])
    grown[0].auto_model.resize_token_embeddings(len(grown.tokenizer), mean_resizing=False)
    before = grown[0].auto_model.get_input_embeddings().weight.detach().clone()
    grown.save(str(tmp_path / "grown"), create_model_card=False)
    grown = load_model(str(tmp_path / "grown"), device="cpu")
    step = StepSettings(
        name="s", objective="pair_ranking", batch_size=4, learning_rate=1e-2, train="lora"
    )
    base = SentenceEncoder(load_tiny())
    train_model(grown, TrainingSettings(steps=(step,)), tmp_path, pairs=pairs, base=base)
    after = load_model(str(tmp_path / "model"))[0].auto_model.get_input_embeddings().weight
    assert (after != before).any(1).nonzero().flatten().tolist() == [len(before) - 1]
