import numpy as np
import pytest
import torch

from nmixx.encoding import SentenceEncoder
from nmixx.errors import ModelError

TEXTS = ["Profit rose.", "영업이익이 늘었다.", "", "word " * 200]


def test_vectors_are_those_of_the_model_itself(tiny_model):
    vectors = SentenceEncoder(tiny_model).encode(TEXTS)
    assert vectors.dtype == np.float32
    expected = tiny_model.encode(TEXTS, normalize_embeddings=True)
    np.testing.assert_allclose(vectors, expected, atol=1e-6)


def test_vectors_have_length_one_even_when_the_model_does_not_normalise(tiny_model):
    del tiny_model[2]
    assert not np.allclose(np.linalg.norm(tiny_model.encode(TEXTS), axis=1), 1, atol=1e-2)
    vectors = SentenceEncoder(tiny_model).encode(TEXTS)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(4), abs=1e-5)


def test_no_texts_give_no_vectors(tiny_model):
    assert SentenceEncoder(tiny_model).encode([]).shape == (0, 32)


def test_the_prompt_goes_before_every_text(tiny_model):
    with_prompt = SentenceEncoder(tiny_model, prompt="query: ").encode(["profit", "loss"])
    by_hand = SentenceEncoder(tiny_model).encode(["query: profit", "query: loss"])
    np.testing.assert_allclose(with_prompt, by_hand, atol=1e-6)


def test_the_prompt_of_the_model_itself_serves_where_none_is_given(tiny_model):
    tiny_model.prompts = {"query": "query: "}
    tiny_model.default_prompt_name = "query"
    own = SentenceEncoder(tiny_model).encode(["profit", "loss"])
    without = SentenceEncoder(tiny_model, prompt="").encode(["query: profit", "query: loss"])
    np.testing.assert_allclose(own, without, atol=1e-6)


def test_vectors_are_cut_where_the_model_cuts_them(tiny_model):
    tiny_model.truncate_dim = 8
    vectors = SentenceEncoder(tiny_model).encode(TEXTS)
    expected = tiny_model.encode(TEXTS, normalize_embeddings=True)
    assert vectors.shape == (4, 8)
    np.testing.assert_allclose(vectors, expected, atol=1e-6)


def test_a_prompt_that_the_model_does_not_pool_is_not_pooled(tiny_model):
    tiny_model[1].include_prompt = False
    vectors = SentenceEncoder(tiny_model, prompt="query: ").encode(TEXTS)
    expected = tiny_model.encode(TEXTS, prompt="query: ", normalize_embeddings=True)
    np.testing.assert_allclose(vectors, expected, atol=1e-6)


def test_a_model_without_a_transformer_encodes_in_its_own_way(tiny_model):
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding

    table = StaticEmbedding(tiny_model.tokenizer.backend_tokenizer, embedding_dim=8)
    model = SentenceTransformer(modules=[table], device="cpu")
    texts = ["Profit rose.", "영업이익이 늘었다."]
    expected = model.encode(texts, normalize_embeddings=True)
    np.testing.assert_allclose(SentenceEncoder(model).encode(texts), expected, atol=1e-6)


def test_prompt_and_precision_are_in_the_fingerprint(tiny_model):
    names = {
        SentenceEncoder(tiny_model).fingerprint,
        SentenceEncoder(tiny_model, prompt="query: ").fingerprint,
        SentenceEncoder(tiny_model, precision="bfloat16").fingerprint,
    }
    assert len(names) == 3


def test_the_size_of_batches_is_not_in_the_fingerprint(tiny_model):
    small = SentenceEncoder(tiny_model, batch_tokens=8)
    assert small.fingerprint == SentenceEncoder(tiny_model).fingerprint
    np.testing.assert_allclose(
        small.encode(TEXTS), SentenceEncoder(tiny_model).encode(TEXTS), atol=1e-5
    )


def test_bfloat16_is_near_float32_and_comes_back_as_float32(tiny_model):
    exact = SentenceEncoder(tiny_model).encode(TEXTS)
    narrow = SentenceEncoder(tiny_model, precision="bfloat16").encode(TEXTS)
    assert narrow.dtype == np.float32
    assert not np.array_equal(exact, narrow)
    assert (exact * narrow).sum(axis=1) == pytest.approx(np.ones(4), abs=0.02)


def test_a_vector_that_is_not_finite_names_the_text(tiny_model):
    token = tiny_model.tokenizer.convert_tokens_to_ids("7")
    with torch.no_grad():
        tiny_model[0].auto_model.get_input_embeddings().weight[token] = float("nan")
    encoder = SentenceEncoder(tiny_model)
    assert np.isfinite(encoder.encode(["profit rose"])).all()
    with pytest.raises(ModelError, match="1 of 3 texts, first for 'a 7 is poison'"):
        encoder.encode(["profit rose", "a 7 is poison", "profit fell"])


def test_a_vector_of_zeros_has_no_direction_and_names_the_text(tiny_model):
    last = tiny_model[0].auto_model.encoder.layer[-1].output.LayerNorm
    with torch.no_grad():
        last.weight.zero_()
        last.bias.zero_()
    with pytest.raises(ModelError, match="nothing but zeros for 2 of 2 texts, first for 'profit'"):
        SentenceEncoder(tiny_model).encode(["profit", "loss"])


def test_load_takes_a_folder_and_a_prompt(tiny_model_path, tiny_model):
    loaded = SentenceEncoder.load(str(tiny_model_path), prompt="query: ")
    assert loaded.fingerprint == SentenceEncoder(tiny_model, prompt="query: ").fingerprint
