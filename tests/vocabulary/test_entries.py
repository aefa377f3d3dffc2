import json

import pytest
from tests.vocabulary.tiny_kinds import TEXTS, train_bytes, train_unigram
from tokenizers import Tokenizer, decoders, models, pre_tokenizers

from nmixx.vocabulary.entries import Entry, byte_alphabet, read_vocabulary


def test_the_byte_alphabet_is_that_of_the_library():
    letters = byte_alphabet()
    assert set(letters) == set(pre_tokenizers.ByteLevel.alphabet())
    assert sorted(letters.values()) == list(range(256))
    for text in ("가 é\n", "Ġ\x00\x7f\xad"):
        written = "".join(
            piece
            for piece, _ in pre_tokenizers.ByteLevel(
                add_prefix_space=False, use_regex=False
            ).pre_tokenize_str(text)
        )
        assert bytes(letters[letter] for letter in written) == text.encode()


def test_wordpiece_entries_lose_their_mark():
    vocabulary = {"[UNK]": 0, "ab": 1, "##c": 2, "##": 3}
    read = read_vocabulary(Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]")))
    assert read.kind == "WordPiece"
    assert read.entries[1] == Entry("ab", "ab", start=True)
    assert read.entries[2] == Entry("##c", "c", start=False)
    assert read.entries[3].text == "##"
    assert read.broken() == frozenset()


def test_unigram_entries_lose_their_mark_and_bytes_have_no_text():
    rows = [("<unk>", 0.0), ("▁ab", -1.0), ("c", -2.0), ("▁", -3.0), ("<0x0A>", -4.0)]
    read = read_vocabulary(Tokenizer(models.Unigram(rows, unk_id=0, byte_fallback=True)))
    assert not read.byte_level
    assert [read.entries[number] for number in (1, 2, 3)] == [
        Entry("▁ab", "ab", start=True),
        Entry("c", "c", start=False),
        Entry("▁", "▁", start=True),
    ]
    assert read.broken() == {4}


def test_byte_level_entries_are_decoded_and_halves_of_characters_are_broken():
    tokenizer = Tokenizer.from_str(json.dumps(train_bytes(TEXTS)))
    read = read_vocabulary(tokenizer)
    assert read.byte_level
    for number, entry in read.entries.items():
        decoded = tokenizer.decode([number])
        if number in read.broken():
            assert "\ufffd" in decoded
        else:
            assert decoded == (" " if entry.start and decoded != " " else "") + str(entry.text)


@pytest.mark.parametrize("part", ["pre_tokenizer", "decoder", "normalizer"])
def test_the_byte_alphabet_is_noticed_however_deep_it_is_set(part):
    tokenizer = Tokenizer(models.BPE({"a": 0}, []))
    step = {
        "pre_tokenizer": pre_tokenizers.Sequence(
            [pre_tokenizers.Digits(), pre_tokenizers.ByteLevel()]
        ),
        "decoder": decoders.ByteLevel(),
    }
    if part == "normalizer":
        from tokenizers import normalizers

        step["normalizer"] = normalizers.Sequence([normalizers.NFC(), normalizers.ByteLevel()])
    assert not read_vocabulary(tokenizer).byte_level
    setattr(tokenizer, part, step[part])
    assert read_vocabulary(tokenizer).byte_level


def test_added_tokens_are_kept_apart():
    state = train_unigram(TEXTS)
    tokenizer = Tokenizer.from_str(json.dumps(state))
    tokenizer.add_tokens(["<query>"])
    read = read_vocabulary(tokenizer)
    assert read.added[tokenizer.token_to_id("<query>")] == "<query>"
    assert set(read.added) & set(read.entries) == set()
    assert read.size == tokenizer.get_vocab_size()
