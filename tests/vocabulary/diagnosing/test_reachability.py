import json

import pytest
from tests.vocabulary.tiny_kinds import TEXTS, train_bytes, train_unigram
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from nmixx.vocabulary.diagnosing.reachability import find_unreachable
from nmixx.vocabulary.entries import read_vocabulary
from nmixx.vocabulary.tokenizer_files import bare_tokenizer


def unreachable(tokenizer):
    vocabulary = read_vocabulary(tokenizer)
    return {vocabulary.entries[number].token for number in find_unreachable(tokenizer, vocabulary)}


def wordpiece(*pieces):
    vocabulary = {piece: number for number, piece in enumerate(["[UNK]", *pieces])}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.add_special_tokens(["[UNK]"])
    return tokenizer


def test_what_the_normaliser_or_the_borders_of_words_rule_out_is_found():
    tokenizer = wordpiece("a", "abc", "##b", "##.", ".", "...", "A", "[unused1]", "##bcd", "b c")
    assert unreachable(tokenizer) == {"##.", "...", "A", "[unused1]", "b c"}


def test_a_continuing_piece_is_reached_behind_a_word_that_nothing_continues():
    # Behind a single letter "##bc" is always taken into a longer entry.
    letters = [f"{one}bc" for one in "abcdefghijklmnopqrstuvwxyz0123456789"]
    tokenizer = wordpiece("a", "x", "zzzzzz", "##bc", *letters)
    assert unreachable(tokenizer) == set()


def test_a_unigram_piece_that_its_parts_always_beat_is_found():
    rows = [("<unk>", 0.0), ("▁", -1.0), ("a", -1.0), ("b", -1.0), ("ab", -9.0), ("▁a", -1.5)]
    tokenizer = Tokenizer(models.Unigram(rows, unk_id=0))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.add_special_tokens(["<unk>"])
    assert unreachable(tokenizer) == {"ab"}


@pytest.mark.parametrize("train", [train_bytes, train_unigram])
def test_entries_that_texts_use_are_never_called_unreachable(train):
    tokenizer = Tokenizer.from_str(json.dumps(train(TEXTS)))
    used = {token for text in TEXTS for token in tokenizer.encode(text).tokens}
    assert not used & unreachable(tokenizer)


def test_bytes_and_added_tokens_are_left_aside():
    state = train_bytes(TEXTS)
    tokenizer = Tokenizer.from_str(json.dumps(state))
    tokenizer.add_special_tokens(["<|end|>"])
    found = find_unreachable(tokenizer, read_vocabulary(tokenizer))
    broken = read_vocabulary(tokenizer).broken()
    assert not set(found) & broken
    assert tokenizer.token_to_id("<|end|>") not in found


def test_the_given_model_has_hangul_letters_and_they_are_reached(tiny_model):
    tokenizer = bare_tokenizer(tiny_model)
    assert not {token for token in unreachable(tokenizer) if "\u1100" <= token[-1] <= "\u11ff"}
