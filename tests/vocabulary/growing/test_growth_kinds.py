"""Models of every kind of tokenizer: what is saved is what was made."""

import json
import subprocess
import sys

import numpy as np
import pytest

from conftest import ENGLISH, KOREAN
from model_kinds import TOKENIZERS, build_kind
from nmixx.encoding import load_model
from nmixx.records import Pair
from nmixx.vocabulary import VocabularySettings
from nmixx.vocabulary.growing.growth import grow_model, token_table
from nmixx.vocabulary.tokenizer_files import bare_tokenizer

KINDS = list(TOKENIZERS)
SPARE = 40
MIXED = ("3Q 영업익 87억원", "S&P500지수", "營業利益 증가 😀", "매출 １２３억원", "", "가" * 10_000)
TEXTS = [*KOREAN, *ENGLISH, *MIXED]
SETTINGS = VocabularySettings(size=150, min_frequency=1)


def make_pairs():
    return [
        Pair(f"p{at}", korean, english, "ko", "en", "translation", "news", f"g{at}")
        for at, (korean, english) in enumerate(zip(KOREAN, ENGLISH, strict=True))
    ]


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    """For each kind: the folder before, the folder after, and what was grown."""
    made = {}
    for kind in KINDS:
        folder = tmp_path_factory.mktemp(kind)
        before = build_kind(kind, folder, spare_rows=SPARE)
        model = load_model(str(before), device="cpu")
        growth = grow_model(model, {"ko": KOREAN}, make_pairs(), SETTINGS, folder / "grown")
        made[kind] = before, folder / "grown", growth
    return made


@pytest.fixture(scope="module")
def reloaded(models):
    """Ids and embeddings as plain Sentence Transformers gives them in a new process."""
    code = (
        "import json, sys; from sentence_transformers import SentenceTransformer\n"
        "texts, folders = json.load(sys.stdin)\n"
        "for folder in folders:\n"
        "    model = SentenceTransformer(folder, device='cpu')\n"
        "    ids = model.tokenizer(texts, truncation=False)['input_ids']\n"
        "    print(json.dumps([ids, model.encode(texts).tolist()]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        input=json.dumps([TEXTS, [str(after) for _, after, _ in models.values()]]),
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(zip(models, map(json.loads, done.stdout.splitlines()), strict=True))


every_kind = pytest.mark.parametrize("kind", KINDS)


@every_kind
def test_a_new_process_sees_the_same_ids_and_embeddings(models, reloaded, kind):
    _, after, _ = models[kind]
    there_ids, there_vectors = reloaded[kind]
    here = load_model(str(after), device="cpu")
    tokenizer = bare_tokenizer(here)
    assert there_ids == [tokenizer.encode(text).ids for text in TEXTS]
    vectors = here.encode(TEXTS)
    assert np.isfinite(vectors).all()
    np.testing.assert_allclose(there_vectors, vectors, atol=1e-5)


@every_kind
def test_the_tokens_are_those_of_the_grown_tokenizer(models, kind):
    before, after, growth = models[kind]
    old, new = (bare_tokenizer(load_model(str(path), device="cpu")) for path in (before, after))
    assert len(growth.initial.rows) == 150
    assert new.get_vocab_size() == old.get_vocab_size() + 150
    for text in ENGLISH:
        assert new.encode(text).ids == old.encode(text).ids
    for text in KOREAN:
        assert len(new.encode(text).ids) < len(old.encode(text).ids)


@every_kind
def test_new_rows_take_spare_rows_first_and_old_ones_stay(models, kind):
    before, after, growth = models[kind]
    old, new = (load_model(str(path), device="cpu") for path in (before, after))
    first = bare_tokenizer(old).get_vocab_size()
    old_table, new_table = (token_table(model).detach().numpy() for model in (old, new))
    assert len(old_table) == first + SPARE
    assert len(new_table) == first + 150
    np.testing.assert_array_equal(new_table[:first], old_table[:first])
    np.testing.assert_array_equal(new_table[first:], growth.initial.rows)
    np.testing.assert_allclose(new.encode(list(ENGLISH)), old.encode(list(ENGLISH)), atol=1e-6)


def test_a_table_with_room_enough_keeps_its_length(tmp_path):
    model = load_model(str(build_kind("qwen2", tmp_path, spare_rows=300)), device="cpu")
    before = token_table(model).detach().numpy().copy()
    first = bare_tokenizer(model).get_vocab_size()
    growth = grow_model(model, {"ko": KOREAN}, [], SETTINGS, tmp_path / "grown")
    after = token_table(load_model(str(tmp_path / "grown"), device="cpu")).detach().numpy()
    assert after.shape == before.shape
    np.testing.assert_array_equal(after[first : first + 150], growth.initial.rows)
    np.testing.assert_array_equal(after[:first], before[:first])
    np.testing.assert_array_equal(after[first + 150 :], before[first + 150 :])


@pytest.mark.parametrize("kind", ["qwen2", "llama3", "mistral"])
def test_tied_output_rows_are_the_new_input_rows(models, kind):
    from transformers import AutoModelForCausalLM

    _, after, _ = models[kind]
    model = AutoModelForCausalLM.from_pretrained(after)
    rows = token_table(load_model(str(after), device="cpu")).detach().numpy()
    output = model.get_output_embeddings().weight.detach().numpy()
    np.testing.assert_array_equal(output, rows)
    assert model.config.vocab_size == len(rows)


@every_kind
def test_pairs_make_the_rows(models, kind):
    _, _, growth = models[kind]
    assert growth.initial.arm == "aligned"
    assert growth.initial.made_by["aligned"] > 20


@pytest.mark.parametrize("kind", ["unigram", "qwen2"])
def test_an_adapter_on_a_grown_model_loads_again(models, kind, tmp_path):
    peft = pytest.importorskip("peft", reason="LoRA needs the package peft")
    import torch
    from sentence_transformers import SentenceTransformer

    _, after, _ = models[kind]
    model = SentenceTransformer(str(after), device="cpu")
    names = {"unigram": ["query", "value"], "qwen2": ["q_proj", "v_proj"]}
    plain = model.encode(list(KOREAN))
    model.add_adapter(peft.LoraConfig(r=4, target_modules=names[kind]))
    with torch.no_grad():
        for name, weights in model.named_parameters():
            if "lora_B" in name:
                weights.normal_(generator=torch.Generator().manual_seed(0))
    adapted = model.encode(list(KOREAN))
    assert not np.allclose(adapted, plain, atol=1e-3)
    model.save(str(tmp_path / "adapter"), create_model_card=False)
    assert not list((tmp_path / "adapter").rglob("model.safetensors"))
    loaded = SentenceTransformer(str(tmp_path / "adapter"), device="cpu")
    np.testing.assert_allclose(loaded.encode(list(KOREAN)), adapted, atol=1e-5)
