from types import SimpleNamespace

import pytest

from nmixx.errors import ModelError, StageError
from nmixx.vocabulary.growing.wordpiece import add_pieces
from nmixx.vocabulary.tokenizer_files import bare_tokenizer, verify_reload


def test_a_bare_tokenizer_neither_pads_nor_cuts(tiny_model):
    tiny_model.encode(["short", "longer " * 200])
    encoded = bare_tokenizer(tiny_model).encode_batch(["profit", "profit " * 200])
    assert len(encoded[0].ids) == 3
    assert len(encoded[1].ids) == 202


def test_a_model_without_a_tokenizer_of_the_library_is_refused():
    model = SimpleNamespace(tokenizer=SimpleNamespace())
    with pytest.raises(ModelError, match="SimpleNamespace is not of the tokenizers library"):
        bare_tokenizer(model)


def test_a_tokenizer_that_loads_otherwise_is_noticed_with_the_text(tiny_model_path, tiny_model):
    tokenizer = bare_tokenizer(tiny_model)
    verify_reload(tiny_model_path, tokenizer, ["profit rose", "x" * 300])
    other = add_pieces(tokenizer, ["영업이익"])
    with pytest.raises(StageError, match="'영업이익' has"):
        verify_reload(tiny_model_path, other, ["profit rose", "영업이익"])
