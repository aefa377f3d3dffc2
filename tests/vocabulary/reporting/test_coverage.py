import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.vocabulary.tiny_kinds import TEXTS, train_bytes, train_unigram
from tokenizers import Tokenizer, models, pre_tokenizers, processors

from nmixx.vocabulary.entries import read_vocabulary
from nmixx.vocabulary.reporting.coverage import measure_coverage, sample_evenly

MADE = {
    "bytes": Tokenizer.from_str(json.dumps(train_bytes(TEXTS))),
    "unigram": Tokenizer.from_str(json.dumps(train_unigram(TEXTS))),
}


@pytest.fixture
def tokenizer():
    """Knows ``ab``, ``c`` and the continuation ``##d``; puts two special tokens around a text."""
    vocabulary = {"[UNK]": 0, "[CLS]": 1, "[SEP]": 2, "ab": 3, "c": 4, "##d": 5}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 2), ("[CLS]", 1))
    return tokenizer


def test_the_figures_are_those_worked_out_by_hand(tokenizer):
    # "ab cd": ab | c ##d        2 words, 3 tokens, 1 whole
    # "x abdd ab": [UNK] | ab ##d ##d | ab    3 words, 5 tokens, 2 whole, 1 unknown
    row = measure_coverage(
        tokenizer, ["ab cd", "x abdd ab"], unknown="[UNK]", max_length=6
    ).to_row()
    assert row == {
        "texts": 2,
        "words": 5,
        "tokens": 8,
        "tokens_per_word": 8 / 5,
        "tokens_per_character": 8 / 14,
        "tokens_per_text": 8 / 2,
        "words_whole": 3 / 5,
        "unknown_share": 1 / 8,
        "byte_share": 0.0,
        "truncated_share": 1 / 8,  # 5 tokens and 2 special ones in 6 places: one is cut
    }


def test_nothing_is_cut_from_a_text_that_just_fits(tokenizer):
    assert measure_coverage(tokenizer, ["ab c ab"], unknown=None, max_length=5).truncated_share == 0
    assert measure_coverage(tokenizer, ["ab c ab"], unknown=None, max_length=4).truncated_share > 0


def test_bytes_of_half_a_character_are_counted():
    tokenizer = Tokenizer.from_str(json.dumps(train_bytes(["won won won"], size=260)))
    broken = read_vocabulary(tokenizer).broken()
    row = measure_coverage(
        tokenizer, ["won 원 won"], unknown=None, max_length=9, broken=broken
    ).to_row()
    # "won" | "Ġ" and three bytes of 원 | "Ġ" "won" or "Ġwon"
    tokens = tokenizer.encode("won 원 won").ids
    assert row["byte_share"] == 3 / len(tokens)
    assert row["words"] == 3


@pytest.mark.parametrize("kind", ["bytes", "unigram"])
@given(st.lists(st.text("가나 ab,.  \n\u3000é😀", max_size=25), max_size=5))
def test_every_token_belongs_to_one_word_in_any_kind_of_tokenizer(kind, texts):
    tokenizer = MADE[kind]
    row = measure_coverage(tokenizer, texts, unknown=None, max_length=512).to_row()
    words = sum(len(text.split()) for text in texts)
    tokens = sum(len(tokenizer.encode(text, add_special_tokens=False).ids) for text in texts)
    assert row["tokens"] == tokens
    assert row["words"] <= words
    assert row["tokens_per_word"] * row["words"] <= tokens + 1e-9
    assert 0 <= row["words_whole"] <= 1


def test_a_word_behind_a_space_counts_as_it_stands_in_the_text():
    tokenizer = Tokenizer.from_str(json.dumps(train_bytes(["the bank the bank"] * 9, size=300)))
    row = measure_coverage(tokenizer, ["the bank the"], unknown=None, max_length=9).to_row()
    # "Ġbank" and "Ġthe" are tokens; "the" without its space is none, or is.
    first = len(tokenizer.encode("the").ids)
    assert row["tokens_per_word"] == (first + 2) / 3


@pytest.mark.parametrize("texts", [[], [""], ["   "]])
def test_no_words_give_zeros_and_no_error(tokenizer, texts):
    row = measure_coverage(tokenizer, texts, unknown="[UNK]", max_length=6).to_row()
    assert (row["words"], row["tokens"], row["tokens_per_word"]) == (0, 0, 0)


@given(st.integers(0, 60), st.integers(1, 40))
def test_a_sample_is_spread_over_all_texts(total, size):
    texts = [str(number) for number in range(total)]
    sample = sample_evenly(iter(texts), size)
    places = [int(text) for text in sample]
    assert len(sample) == min(total, size)
    assert places == sorted(set(places))
    gaps = [after - before for before, after in itertools.pairwise(places)]
    assert not gaps or max(gaps) - min(gaps) <= 1
