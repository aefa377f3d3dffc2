import numpy as np
import pytest
import torch

from nmixx.encoding import SentenceEncoder, load_model
from nmixx.encoding.tokens import tokenize
from nmixx.errors import DataError, ModelError
from nmixx.storage import hash_path
from nmixx.training import StepSettings, TrainingSettings, train_model
from nmixx.training import trainable as trainable_module
from nmixx.training.token_rows import TokenRows, find_new_rows, train_only
from nmixx.training.trainable import find_occurring


def table_of(model):
    return model[0].auto_model.get_input_embeddings()


def run(model, pairs, out, base=None, **options):
    defaults = {"objective": "pair_ranking", "epochs": 4, "batch_size": 4, "learning_rate": 1e-3}
    step = StepSettings(name="align", **{**defaults, **options})
    settings = TrainingSettings(steps=(step,), precision="float32", checkpoints=3)
    train_model(model, settings, out, pairs=pairs, base=base)
    return load_model(str(out / "model"))


def add_token(model, word="영업이익이"):
    """Give a model one more row, as growing does."""
    model.tokenizer.add_tokens([word])
    model[0].auto_model.resize_token_embeddings(len(model.tokenizer), mean_resizing=False)
    return model


def test_training_rows_apart_is_training_them_all(load_tiny, pairs, tmp_path, monkeypatch):
    apart = run(load_tiny(), pairs, tmp_path / "apart")
    monkeypatch.setattr(trainable_module, "_MOST", 0.0)
    whole = run(load_tiny(), pairs, tmp_path / "whole")
    start = load_tiny()
    moved = (table_of(whole).weight != table_of(start).weight).any(1)
    assert 0 < moved.sum() < len(moved)
    for (name, one), other in zip(
        apart.state_dict().items(), whole.state_dict().values(), strict=True
    ):
        torch.testing.assert_close(one, other, rtol=1e-4, atol=2e-6, msg=name)
    untouched = table_of(apart).weight[~moved]
    assert torch.equal(untouched, table_of(start).weight[~moved])


def test_only_new_rows_of_the_table_train_when_asked(load_tiny, pairs, tmp_path):
    base = SentenceEncoder(load_tiny())
    grown = add_token(load_tiny())
    before = table_of(grown).weight.detach().clone()
    new = len(before) - 1
    assert find_new_rows(grown, base) == [new]
    after = run(grown, pairs, tmp_path, base, train_rows="new")
    weight = table_of(after).weight
    assert torch.equal(weight[:new], before[:new])
    assert not torch.equal(weight[new], before[new])
    layer = "0.auto_model.encoder.layer.0.output.dense.weight"
    name = next(n for n in after.state_dict() if n.endswith(layer.removeprefix("0.auto_model.")))
    assert not torch.equal(after.state_dict()[name], load_tiny().state_dict()[name])


@pytest.mark.parametrize("rows", ["all", "new"])
def test_rows_alone_train_when_asked(load_tiny, pairs, tmp_path, rows):
    base = SentenceEncoder(load_tiny())
    grown = add_token(load_tiny())
    before = {name: tensor.clone() for name, tensor in grown.state_dict().items()}
    after = run(grown, pairs, tmp_path, base, train="rows", train_rows=rows).state_dict()
    changed = [name for name, tensor in after.items() if not torch.equal(tensor, before[name])]
    assert [name.split(".")[-2:] for name in changed] == [["word_embeddings", "weight"]]
    moved = (after[changed[0]] != before[changed[0]]).any(1)
    assert moved.sum() == 1 if rows == "new" else moved.sum() > 1


def test_no_rows_train_when_asked(load_tiny, pairs, tmp_path):
    before = table_of(load_tiny()).weight
    after = run(load_tiny(), pairs, tmp_path, train_rows="none")
    assert torch.equal(table_of(after).weight, before)
    assert hash_path(tmp_path / "model") != ""


@pytest.mark.parametrize(
    ("base", "said"), [(False, "which are new is not known"), (True, "the tokenizer has none")]
)
def test_new_rows_must_be_known_and_there(load_tiny, pairs, tmp_path, base, said):
    encoder = SentenceEncoder(load_tiny()) if base else None
    with pytest.raises(DataError, match=said):
        run(load_tiny(), pairs, tmp_path, encoder, train_rows="new")


TEXTS = ["profit rose", "영업이익", "zz qq 12"]


def test_a_split_table_gives_the_models_embeddings_and_takes_states(load_tiny):
    model, other = load_tiny(), load_tiny()
    expected = model.encode(TEXTS)
    with train_only(model, [5, 9, 200]):
        assert isinstance(table_of(model), TokenRows)
        assert list(model.state_dict()) == list(other.state_dict())
        np.testing.assert_allclose(model.encode(TEXTS), expected, atol=1e-6)
        with torch.no_grad():
            table_of(other).weight[9] += 1
            table_of(other).weight[10] += 1
        model.load_state_dict(other.state_dict())
        torch.testing.assert_close(table_of(model).rows[1], table_of(other).weight[9])
        with torch.no_grad():
            table_of(model).rows[2] = 7
        saved = model.state_dict()
        name = next(key for key in saved if key.endswith("word_embeddings.weight"))
        assert (saved[name][200] == 7).all()
        assert torch.equal(saved[name][10], table_of(other).weight[10])
    assert type(table_of(model)) is torch.nn.Embedding
    assert (table_of(model).weight[200] == 7).all()


def test_only_the_rows_apart_have_a_gradient(load_tiny):
    model = load_tiny()
    ids = torch.tensor([[2, 5, 9, 11]])
    with train_only(model, [5, 9]):
        table_of(model)(ids).sum().backward()
        assert table_of(model).weight.grad is None
        assert (table_of(model).rows.grad == 1).all()


def test_a_table_that_does_more_than_look_up_is_refused(load_tiny):
    class Scaled(torch.nn.Embedding):
        pass

    model = load_tiny()
    table = table_of(model)
    model[0].auto_model.set_input_embeddings(Scaled(*table.weight.shape))
    with pytest.raises(ModelError, match="Scaled"), train_only(model, [1]):
        pass


@pytest.mark.parametrize("training", [True, False])
def test_rows_that_stay_are_looked_up_beside_those_that_train(load_tiny, training):
    model = load_tiny()
    ids = torch.tensor([[2, 5, 9, 11], [3, 0, 0, 0]])
    expected = table_of(model)(ids).detach()
    with train_only(model, [0, 5, 9]):
        table = table_of(model).train(training)
        torch.testing.assert_close(table(ids), expected)
        torch.testing.assert_close(table(ids[:, 1:3]), expected[:, 1:3])
        assert table(torch.tensor([5, 0])).grad_fn is not None


def test_rows_of_further_texts_are_found_too(tiny_model):
    tokens = tokenize(tiny_model, ["profit"], [""], 16)
    few = find_occurring(tiny_model, tokens)
    more = find_occurring(tiny_model, tokens, ["zebra", "profit"])
    assert set(few) < set(more)
    assert tiny_model.tokenizer.pad_token_id in few
