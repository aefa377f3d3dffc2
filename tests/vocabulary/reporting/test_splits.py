import json

import pytest
from tests.vocabulary.tiny_kinds import TEXTS, train_bytes, train_unigram
from tokenizers import Tokenizer, models, pre_tokenizers

from conftest import ENGLISH, KOREAN
from nmixx.vocabulary.entries import read_vocabulary
from nmixx.vocabulary.reporting.splits import find_split_words, split_words, write_token

PIECES = {"[UNK]": 0, "a": 1, "ab": 2, "##c": 3, "##d": 4, "x": 5, "9": 6, "##9": 7, ",": 8}


@pytest.fixture
def tokenizer():
    made = Tokenizer(models.WordPiece(PIECES, unk_token="[UNK]"))
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return made


def test_words_come_by_the_tokens_that_they_cost(tokenizer):
    texts = ["abcd abcd, x", "abc abc abc (abc) x x x x", "99 99 99 99 99"]
    found = find_split_words(tokenizer, read_vocabulary(tokenizer), texts)
    assert [(split.word, split.count, split.pieces, split.cost) for split in found] == [
        ("abc", 4, ("ab", "##c"), 8),
        ("abcd", 2, ("ab", "##c", "##d"), 6),
    ]
    assert found[0].to_row()["pieces"] == ["ab", "##c"]


def test_at_most_so_many_are_given(tokenizer):
    vocabulary = read_vocabulary(tokenizer)
    assert len(find_split_words(tokenizer, vocabulary, ["abc abcd xc"], size=2)) == 2
    assert find_split_words(tokenizer, vocabulary, ["ab x 99", ""]) == []


@pytest.mark.parametrize("train", [train_bytes, train_unigram])
def test_words_are_split_as_in_the_midst_of_a_text(train):
    tokenizer = Tokenizer.from_str(json.dumps(train(TEXTS)))
    words = [word for text in (*ENGLISH, *KOREAN) for word in text.split()[1:-1]]
    for word, ids in zip(words, split_words(tokenizer, words), strict=True):
        assert ids == tokenizer.encode(f"a {word}", add_special_tokens=False).ids[-len(ids) :]
        whole = tokenizer.encode(f"a {word}", add_special_tokens=False)
        assert whole.offsets[-len(ids)][0] in (1, 2)


def test_bytes_are_written_as_figures_and_spaces_as_a_mark():
    tokenizer = Tokenizer.from_str(json.dumps(train_bytes(TEXTS)))
    vocabulary = read_vocabulary(tokenizer)
    ids = tokenizer.encode("뷁").ids
    assert " ".join(write_token(vocabulary, number) for number in ids).count("<") == len(ids)
    assert write_token(vocabulary, tokenizer.token_to_id("Ġ")) == "▁ "
    assert write_token(vocabulary, 10_000) == "#10000"
