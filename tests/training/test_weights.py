import pytest
import torch

from nmixx.training.weights import copy_weights, interpolate


def shift_all(model, by):
    with torch.no_grad():
        for weight in model.parameters():
            weight += by


@pytest.mark.parametrize("keep", [0.0, 0.25, 0.5, 1.0])
def test_the_share_asked_for_is_kept(tiny_model, keep):
    before = copy_weights(tiny_model)
    shift_all(tiny_model, 2.0)
    interpolate(tiny_model, before, keep)
    for name, weight in tiny_model.named_parameters():
        torch.testing.assert_close(
            weight.detach() - before[name], torch.full_like(weight, 2 * keep)
        )


def test_a_copy_is_a_copy(tiny_model):
    before = copy_weights(tiny_model)
    name, weight = next(tiny_model.named_parameters())
    shift_all(tiny_model, 1.0)
    assert not torch.equal(before[name], weight)
