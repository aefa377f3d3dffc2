"""Each kind of base model, tiny and with random weights, from training to a plain reload."""

import json
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from conftest import ENGLISH, KOREAN, build_tiny_model
from model_kinds import build_kind
from nmixx.encoding import SentenceEncoder, load_model
from nmixx.records import Pair
from nmixx.storage import hash_path
from nmixx.training import StepSettings, TrainingSettings, train_model
from nmixx.training import objectives as objectives_module
from nmixx.training.kinds import KINDS, choose_prompts, fill_step, recognise_kind
from nmixx.training.settings import KindName
from nmixx.vocabulary import VocabularySettings
from nmixx.vocabulary.growing.growth import grow_model

PAIRS = [
    Pair(f"p{at:02}", korean, english, "ko", "en", "translation", "news", f"g{at:02}")
    for at, (korean, english) in enumerate(zip(KOREAN, ENGLISH, strict=True))
]
TEXTS = [*KOREAN, *ENGLISH, "", "가나다 abc"]
BUILDERS = {
    "bert": lambda folder: build_tiny_model(folder),
    "xlm-r": lambda folder: build_kind("unigram", folder, pooling="cls"),
    "mistral": lambda folder: build_kind("mistral", folder, pooling="lasttoken"),
    "qwen2": lambda folder: build_kind("qwen2", folder, pooling="lasttoken"),
}
EXPECTED = {
    "bert": "mean_encoder",
    "xlm-r": "cls_encoder",
    "mistral": "decoder",
    "qwen2": "decoder",
}


class Folders(dict):
    """Each kind's model, and the same with a grown vocabulary, built when first asked for."""

    def __init__(self, root):
        super().__init__()
        self.root = root

    def __missing__(self, name):
        before = BUILDERS[name](self.root / name)
        settings = VocabularySettings(size=60, min_frequency=1)
        model = load_model(str(before), device="cpu")
        grow_model(model, {"ko": list(KOREAN)}, PAIRS, settings, self.root / name / "grown")
        self[name] = before, self.root / name / "grown"
        return self[name]


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    return Folders(tmp_path_factory.mktemp("kinds"))


def make_step(**options):
    defaults = {"objective": "pair_ranking", "epochs": 8, "batch_size": 4, "learning_rate": 1e-3}
    return StepSettings(name="align", **{**defaults, **options})


def train(folders, name, out, *, seed=0, **options):
    before, grown = folders[name]
    train_model(
        load_model(str(grown), device="cpu"),
        TrainingSettings(steps=(make_step(**options),), precision="float32", checkpoints=3),
        out,
        pairs=PAIRS,
        base=SentenceEncoder(load_model(str(before), device="cpu")),
        seed=seed,
    )
    return out


def read_losses(out):
    return [loss for _, loss in json.loads((out / "log.json").read_text())[0]["loss"]]


every_kind = pytest.mark.parametrize("name", sorted(BUILDERS))


@every_kind
def test_a_kind_is_recognised_from_its_configuration(tmp_path, name):
    model = load_model(str(BUILDERS[name](tmp_path)), device="cpu")
    assert recognise_kind(model) is KINDS[EXPECTED[name]]


def load_anew(folders):
    """Embed with plain Sentence Transformers in a new process."""
    code = (
        "import json, sys; from sentence_transformers import SentenceTransformer\n"
        "texts, folders = json.load(sys.stdin)\n"
        "models = [SentenceTransformer(folder, device='cpu') for folder in folders]\n"
        "print(json.dumps([model.encode(texts).tolist() for model in models]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        input=json.dumps([TEXTS, [str(folder) for folder in folders]]),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def check_training(folders, out, cases):
    """Train models, and see that each learns and loads in a new process as it was."""
    trained = []
    for name, how in cases:
        folder = out / f"{name}-{how}"
        train(folders, name, folder, train=how, gradient_checkpointing=how == "lora")
        losses = read_losses(folder)
        assert np.mean(losses[-6:]) < np.mean(losses[:6])
        trained.append(folder / "model")
    for (name, _), folder, there in zip(cases, trained, load_anew(trained), strict=True):
        here = load_model(str(folder), device="cpu").encode(TEXTS)
        before = load_model(str(folders[name][1]), device="cpu").encode(TEXTS)
        assert np.abs(here - before).max() > 0.01
        np.testing.assert_allclose(there, here, atol=1e-6)
        assert not list(folder.rglob("adapter*"))


def test_an_encoder_and_a_decoder_train_and_load_as_they_were(folders, tmp_path):
    check_training(folders, tmp_path, [("bert", "lora"), ("qwen2", "all")])


@pytest.mark.slow
def test_every_kind_trains_fully_and_with_adapters_and_loads_as_it_was(folders, tmp_path):
    cases = [(name, how) for name in BUILDERS for how in ("all", "lora")]
    check_training(folders, tmp_path, cases)


def test_kinds_of_one_type_are_told_apart_by_name(tiny_model, monkeypatch):
    config = tiny_model[0].auto_model.config
    assert recognise_kind(tiny_model) is KINDS["mean_encoder"]
    monkeypatch.setattr(config, "_name_or_path", "intfloat/multilingual-e5-small")
    assert recognise_kind(tiny_model) is KINDS["e5"]


def test_what_no_row_describes_gets_plain_defaults(tiny_model, monkeypatch):
    monkeypatch.setattr(tiny_model[0].auto_model.config, "model_type", "rwkv")
    kind = recognise_kind(tiny_model)
    assert kind not in KINDS.values()
    step = fill_step(StepSettings(name="s", objective="triplet"), kind)
    assert (step.learning_rate, step.max_length) == (kind.learning_rate, kind.max_length)


def test_a_kind_can_be_named_and_every_name_of_the_settings_is_in_the_table(tiny_model):
    assert recognise_kind(tiny_model, "decoder") is KINDS["decoder"]
    assert set(KindName.__args__) == set(KINDS)


def test_a_step_keeps_what_it_says_and_takes_the_rest_from_its_kind():
    kind = KINDS["decoder"]
    said = StepSettings(name="s", objective="triplet", learning_rate=3e-4, max_length=99)
    assert fill_step(said, kind) == said
    open_step = StepSettings(name="s", objective="triplet", train="lora")
    assert fill_step(open_step, kind).learning_rate == kind.lora_learning_rate


def test_prompts_are_the_steps_own_or_the_kinds_on_all_columns():
    columns = ("anchor", "positive")
    plain = StepSettings(name="s", objective="triplet")
    own = StepSettings(name="s", objective="triplet", prompts={"anchor": "Q: "})
    assert choose_prompts(plain, KINDS["e5"], columns) == dict.fromkeys(columns, "query: ")
    assert choose_prompts(plain, KINDS["cls_encoder"], columns) == {}
    assert choose_prompts(own, KINDS["e5"], columns) == {"anchor": "Q: "}


class Interrupt(objectives_module.PairRankingLoss):
    """Stops as a person at the keyboard does, at a given call."""

    left = 0

    def forward(self, features, labels=None):
        type(self).left -= 1
        if type(self).left == 0:
            raise KeyboardInterrupt
        return super().forward(features, labels)


@pytest.mark.slow
@every_kind
@pytest.mark.parametrize("how", ["all", "lora"])
def test_every_kind_goes_on_from_a_checkpoint_to_the_same_weights(
    folders, tmp_path, monkeypatch, name, how
):
    train(folders, name, tmp_path / "whole", train=how)
    table = objectives_module.OBJECTIVES
    monkeypatch.setitem(table, "pair_ranking", replace(table["pair_ranking"], loss=Interrupt))
    Interrupt.left = 17
    with pytest.raises(KeyboardInterrupt):
        train(folders, name, tmp_path / "cut", train=how)
    assert list((tmp_path / "cut").rglob("checkpoint-10/trainer_state.json"))
    train(folders, name, tmp_path / "cut", train=how)
    assert hash_path(tmp_path / "cut" / "model") == hash_path(tmp_path / "whole" / "model")
