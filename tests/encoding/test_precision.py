import pytest
import torch

from nmixx.encoding import choose_device, choose_precision
from nmixx.encoding.precision import has_fast_bfloat16, torch_dtype


@pytest.mark.parametrize("wanted", ["float32", "bfloat16"])
@pytest.mark.parametrize("device", ["cpu", "cuda", "mps"])
def test_a_named_precision_is_taken_at_its_word(wanted, device):
    assert choose_precision(wanted, device) == wanted


@pytest.mark.parametrize(
    ("capabilities", "expected"),
    [
        ({"avx512_bf16": True}, "bfloat16"),
        ({"amx_bf16": True, "avx512_bf16": False}, "bfloat16"),
        ({"avx512_f": True, "avx512_bf16": False}, "float32"),
        ({}, "float32"),
    ],
)
def test_auto_takes_bfloat16_where_the_processor_has_it(monkeypatch, capabilities, expected):
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: capabilities)
    assert choose_precision("auto", "cpu") == expected


def test_auto_stays_exact_on_other_devices():
    assert not has_fast_bfloat16("mps")
    assert choose_precision("auto", "mps") == "float32"


def test_the_device_is_one_that_is_there():
    device = choose_device()
    assert torch.zeros(1, device=device).device.type == device


def test_types_have_the_same_names_in_torch():
    assert torch_dtype("float32") is torch.float32
    assert torch_dtype("bfloat16") is torch.bfloat16
