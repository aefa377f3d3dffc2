import numpy as np
import pytest

from conftest import ENGLISH, KOREAN
from nmixx.errors import DataError
from nmixx.vocabulary.diagnosing.insertion import INSERTIONS, Frame, encode_ids
from nmixx.vocabulary.diagnosing.sticky import StickySettings, find_sticky
from nmixx.vocabulary.table import read_table
from nmixx.vocabulary.tokenizer_files import bare_tokenizer

TEXTS = [*ENGLISH, *KOREAN]
SETTINGS = StickySettings(references=8, verified_bases=6, shortlist=0.1, agreement=0.7)


@pytest.fixture
def sticky_model(tiny_model):
    """One token's vector is the sum of many others', and it drowns whatever stands beside it."""
    import torch

    table = read_table(tiny_model)
    with torch.no_grad():
        for layer in tiny_model[0].auto_model.encoder.layer:
            # Without attention and its normalisation the rows are pooled nearly as they are.
            for part in (layer.attention.output.dense, layer.output.dense):
                part.weight.zero_()
                part.bias.zero_()
        table[tiny_model.tokenizer.convert_tokens_to_ids("profit")] = table[5:].mean(dim=0) * 30
    return tiny_model


def search(model, tokens, texts=TEXTS, settings=SETTINGS, seed=0):
    return find_sticky(model, bare_tokenizer(model), tokens, texts, settings, seed=seed)


def candidates(model, size=40):
    ids = sorted(model.tokenizer.get_vocab().values())[5:]
    profit = model.tokenizer.convert_tokens_to_ids("profit")
    return sorted({profit, *ids[:: max(1, len(ids) // size)]})


def test_what_is_found_passed_both_trials(sticky_model):
    found = search(sticky_model, candidates(sticky_model))
    assert all(sticky.agreement >= SETTINGS.agreement for sticky in found.found)
    assert [s.pull for s in found.found] == sorted((s.pull for s in found.found), reverse=True)
    assert found.tried == len(candidates(sticky_model))
    assert found.shortlisted == round(0.1 * found.tried)


def test_the_same_seed_finds_the_same(sticky_model):
    tokens = candidates(sticky_model)
    assert search(sticky_model, tokens, seed=1) == search(sticky_model, tokens, seed=1)


def test_no_tokens_find_nothing(tiny_model):
    assert search(tiny_model, []).found == []


@pytest.mark.parametrize("texts", [[], ["profit rose"] * 9, ENGLISH[:3]])
def test_too_few_different_texts_are_refused(tiny_model, texts):
    with pytest.raises(DataError, match="different texts to insert tokens into"):
        search(tiny_model, candidates(tiny_model), texts)


def test_ids_are_encoded_as_the_model_encodes_their_texts(tiny_model):
    tokenizer = bare_tokenizer(tiny_model)
    frame = Frame.of(tokenizer)
    ids = [e.ids for e in tokenizer.encode_batch(list(ENGLISH), add_special_tokens=False)]
    assert [[*frame.before, *one, *frame.after] for one in ids] == [
        e.ids for e in tokenizer.encode_batch(list(ENGLISH))
    ]
    np.testing.assert_allclose(
        encode_ids(tiny_model, frame, ids), tiny_model.encode(list(ENGLISH)), atol=1e-5
    )


@pytest.mark.parametrize("way", INSERTIONS)
def test_insertion_adds_the_token_and_keeps_the_text_in_order(way):
    made = INSERTIONS[way]([1, 2, 3], 9, 4, np.random.default_rng(0))
    assert made.count(9) == 4
    assert [number for number in made if number != 9] == [1, 2, 3]
    ends = {"start": made[:4] == [9] * 4, "end": made[-4:] == [9] * 4, "random": True}
    assert ends[way]
