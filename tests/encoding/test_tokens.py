import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nmixx.encoding.tokens import batch_by_tokens, tokenize

TEXTS = ["영업이익이 늘었다.", "Profit rose.", "", "word " * 200]


@given(st.lists(st.integers(0, 50), max_size=40), st.integers(1, 120))
def test_every_text_stands_in_one_batch_within_the_budget(lengths: list[int], budget: int) -> None:
    batches = [batch.tolist() for batch in batch_by_tokens(np.array(lengths, dtype=int), budget)]
    assert sorted(at for batch in batches for at in batch) == list(range(len(lengths)))
    for batch in batches:
        longest = max(lengths[at] for at in batch)
        assert len(batch) == 1 or longest * len(batch) <= budget
    flat = [lengths[at] for batch in batches for at in batch]
    assert flat == sorted(lengths, reverse=True)


def test_padded_tokens_are_what_the_model_makes_of_the_texts(tiny_model):
    expected = tiny_model.preprocess(TEXTS)
    padded = tokenize(tiny_model, TEXTS, [""] * 4, None).pad([0, 1, 2, 3])
    for key in ("input_ids", "token_type_ids", "attention_mask"):
        assert padded[key].tolist() == expected[key].tolist()


def test_texts_are_padded_on_the_side_of_the_tokenizer(tiny_model):
    tiny_model.tokenizer.padding_side = "left"
    expected = tiny_model.preprocess(TEXTS)
    padded = tokenize(tiny_model, TEXTS, [""] * 4, None).pad([0, 1, 2, 3])
    assert padded["input_ids"].tolist() == expected["input_ids"].tolist()
    assert padded["attention_mask"].tolist() == expected["attention_mask"].tolist()


@pytest.mark.parametrize("limit", [3, 8])
def test_a_text_is_cut_at_the_limit(tiny_model, limit):
    tokens = tokenize(tiny_model, TEXTS, [""] * 4, limit)
    assert tokens.lengths.max() == limit
