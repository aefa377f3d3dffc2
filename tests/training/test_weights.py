import json

import pytest
import torch

from conftest import build_tiny_model
from nmixx.encoding import load_model
from nmixx.errors import DataError
from nmixx.training.weights import copy_weights, fit_rows, interpolate


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


def test_points_between_come_from_the_weights_after_whatever_stands_now(tiny_model):
    before = copy_weights(tiny_model)
    shift_all(tiny_model, 2.0)
    after = copy_weights(tiny_model)
    for keep in (1.0, 0.0, 0.5):
        interpolate(tiny_model, before, keep, after=after)
        for name, weight in tiny_model.named_parameters():
            expected = torch.full_like(weight, 2 * keep)
            torch.testing.assert_close(weight.detach() - before[name], expected)


@pytest.fixture
def grown(load_tiny):
    """The tiny model with two more tokens, one of them a row that the base does not have."""
    model = load_tiny()
    model.tokenizer.add_tokens(["영업이익", "배당"])
    bert = model[0].model
    bert.resize_token_embeddings(len(model.tokenizer), mean_resizing=False)
    return model


def table(model):
    return model[0].model.embeddings.word_embeddings.weight.detach()


@pytest.mark.parametrize("keep", [0.0, 0.25])
def test_grown_rows_stay_as_trained_and_the_others_go_towards_the_base(grown, load_tiny, keep):
    base = load_tiny()
    shift_all(grown, 2.0)
    after = copy_weights(grown)
    trained = table(grown).clone()
    interpolate(grown, fit_rows(grown, base, after), keep, after=after)
    old = len(table(base))
    torch.testing.assert_close(table(grown)[old:], trained[old:])
    torch.testing.assert_close(table(grown)[:old] - table(base), torch.full((old, 32), 2 * keep))


def test_rows_are_matched_by_token_and_not_by_number(load_tiny):
    model, base = load_tiny(), load_tiny()
    # Two tokens change places, as in a trimmed or rebuilt vocabulary.
    backend = json.loads(model.tokenizer.backend_tokenizer.to_str())
    vocabulary = backend["model"]["vocab"]
    first, second = list(vocabulary)[10:12]
    vocabulary[first], vocabulary[second] = vocabulary[second], vocabulary[first]
    model.tokenizer._tokenizer = type(model.tokenizer.backend_tokenizer).from_str(
        json.dumps(backend)
    )
    fitted = fit_rows(model, base, copy_weights(model))
    (name,) = (name for name in fitted if name.endswith("word_embeddings.weight"))
    old = table(base)
    torch.testing.assert_close(fitted[name][[10, 11]], old[[11, 10]])
    torch.testing.assert_close(fitted[name][12:], old[12:])


def test_another_architecture_is_refused(tiny_model, tmp_path):
    other = load_model(str(build_tiny_model(tmp_path)))
    after = copy_weights(tiny_model) | {"0.model.more": torch.zeros(2, 2)}
    with pytest.raises(DataError, match="has no like in the base model"):
        fit_rows(tiny_model, other, after)
