import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.vocabulary.tiny_kinds import OTHERS, TEXTS, train_bytes, train_unigram
from tokenizers import Tokenizer, models, pre_tokenizers, processors

from conftest import ENGLISH, KOREAN
from nmixx.errors import ModelError
from nmixx.vocabulary.entries import read_vocabulary
from nmixx.vocabulary.trimming.kept import (
    REASONS,
    TrimSettings,
    choose_kept,
    count_reasons,
    require_trimmable,
    shrink_state,
)
from nmixx.vocabulary.trimming.trim import count_tokens

CHARACTERS = "가나다영업이익 억원abcdefg XYZ09%.,é漢ж😀\u1100\u1161\n"
WRITTEN = st.one_of(
    st.sampled_from(TEXTS),
    st.lists(st.sampled_from(" ".join(TEXTS).split()), min_size=1, max_size=6).map(" ".join),
    st.text(CHARACTERS, max_size=20),
)


def wordpiece():
    pieces = {"[UNK]", "[CLS]", "[SEP]"}
    for text in TEXTS:
        for word in text.lower().split():
            pieces |= {word[:3], *word, *(f"##{mark}" for mark in word), f"##{word[3:5]}"}
    pieces -= {"", "##"}
    vocabulary = {piece: number for number, piece in enumerate(sorted(pieces))}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.BertProcessing(
        ("[SEP]", vocabulary["[SEP]"]), ("[CLS]", vocabulary["[CLS]"])
    )
    return tokenizer


def made_from(state, *added):
    tokenizer = Tokenizer.from_str(json.dumps(state))
    tokenizer.add_special_tokens(list(added))
    return tokenizer


TOKENIZERS = {
    "WordPiece": wordpiece(),
    "BPE": made_from(train_bytes(TEXTS), "<|end|>"),
    "Unigram": made_from(train_unigram(TEXTS), "<mask>"),
}


def keep(tokenizer, texts, scripts=frozenset({"LATIN"}), **changes):
    vocabulary = read_vocabulary(tokenizer)
    kept = choose_kept(vocabulary, count_tokens(tokenizer, texts), scripts, TrimSettings(**changes))
    numbering = {old: new for new, old in enumerate(kept)}
    state = shrink_state(vocabulary, numbering)
    return kept, numbering, Tokenizer.from_str(json.dumps(state))


@pytest.mark.parametrize("kind", TOKENIZERS)
@settings(max_examples=60)
@given(telling=st.lists(WRITTEN, max_size=4), asked=st.lists(WRITTEN, max_size=6))
def test_text_whose_tokens_are_all_kept_has_the_same_tokens(kind, telling, asked):
    old = TOKENIZERS[kind]
    _, numbering, new = keep(old, telling, whole_script_share=0.0)
    for text in (*telling, *asked):
        was = old.encode(text)
        if set(was.ids) <= numbering.keys():
            now = new.encode(text)
            assert now.ids == [numbering[number] for number in was.ids]
            assert (now.tokens, now.offsets) == (was.tokens, was.offsets)


@pytest.mark.parametrize("kind", TOKENIZERS)
@settings(max_examples=30)
@given(telling=st.lists(WRITTEN, max_size=4))
def test_numbers_keep_their_order_and_no_number_is_given_twice(kind, telling):
    old = TOKENIZERS[kind]
    kept, numbering, new = keep(old, telling)
    assert list(kept) == sorted(kept)
    assert sorted(numbering.values()) == list(range(new.get_vocab_size()))
    for before, after in numbering.items():
        assert new.id_to_token(after) == old.id_to_token(before)


@pytest.mark.parametrize("kind", TOKENIZERS)
def test_nothing_that_is_asked_for_becomes_unknown(kind):
    old = TOKENIZERS[kind]
    _, _, new = keep(old, list(ENGLISH))
    for text in ("zzqx 9876 %", "vwz: jq-kx."):
        unknown = [old.encode(text).tokens.count(token) for token in ("[UNK]", "<unk>")]
        assert [new.encode(text).tokens.count(t) for t in ("[UNK]", "<unk>")] == unknown


@pytest.mark.parametrize("kind", TOKENIZERS)
def test_every_row_has_a_reason_and_texts_count_first(kind):
    kept, _, _ = keep(TOKENIZERS[kind], list(ENGLISH))
    assert set(kept.values()) <= REASONS.keys()
    assert sum(count_reasons(kept).values()) == len(kept)
    used = count_tokens(TOKENIZERS[kind], list(ENGLISH))
    assert {number for number, why in kept.items() if why == "used"} <= used.keys()
    assert used.keys() <= kept.keys()


def test_rare_pieces_go_with_a_higher_count():
    tokenizer = TOKENIZERS["Unigram"]
    once, _, _ = keep(tokenizer, list(ENGLISH))
    often, _, _ = keep(tokenizer, list(ENGLISH), min_count=4)
    assert often.keys() < once.keys()


def test_characters_of_a_script_stay_when_it_is_named():
    tokenizer = TOKENIZERS["WordPiece"]
    without, _, _ = keep(tokenizer, list(ENGLISH), whole_script_share=0.0)
    named, _, _ = keep(
        tokenizer, list(ENGLISH), frozenset({"LATIN", "CYRILLIC"}), whole_script_share=0.0
    )
    gained = {tokenizer.id_to_token(number) for number in named.keys() - without.keys()}
    assert {"п", "##п"} <= gained
    assert all(len(token.removeprefix("##")) == 1 for token in gained)


def test_a_small_script_stays_whole():
    tokenizer = TOKENIZERS["WordPiece"]
    scripts = frozenset({"LATIN", "GREEK"})
    whole, _, _ = keep(tokenizer, list(ENGLISH), scripts, whole_script_share=0.2)
    parts, _, _ = keep(tokenizer, list(ENGLISH), scripts, whole_script_share=0.0)
    gained = {tokenizer.id_to_token(number) for number in whole.keys() - parts.keys()}
    assert "τόκ" in gained
    assert not any("\uac00" <= mark <= "\ud7a3" for token in gained for mark in token)


def test_all_bytes_of_byte_level_bpe_stay():
    tokenizer = TOKENIZERS["BPE"]
    _, _, new = keep(tokenizer, ["a"])
    for text in (*KOREAN, *OTHERS, "\x00\x7f😀"):
        assert new.decode(new.encode(text).ids) == text


def test_the_score_of_unknown_text_does_not_rise():
    rows = [("<unk>", 0.0), ("▁", -1.0), ("b", -9.0), ("ab", -1.0), ("bb", -20.0), ("▁a", -30.0)]
    tokenizer = Tokenizer(models.Unigram(rows, unk_id=0))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    kept, _, _ = keep(tokenizer, ["ab"], scripts=frozenset())
    assert kept[5] == "needed"


@pytest.mark.parametrize(
    ("model", "named"),
    [
        (models.WordLevel({"a": 0, "[UNK]": 1}, unk_token="[UNK]"), "WordLevel"),
        (models.BPE({"a": 0}, [], end_of_word_suffix="</w>"), "BPE with marks"),
        (models.BPE({"a": 0}, [], continuing_subword_prefix="##"), "BPE with marks"),
    ],
)
def test_kinds_that_cannot_be_trimmed_are_named(model, named):
    with pytest.raises(ModelError, match=f"of kind {named}"):
        require_trimmable(read_vocabulary(Tokenizer(model)))


def test_special_tokens_around_texts_get_their_new_numbers():
    tokenizer = Tokenizer.from_str(TOKENIZERS["BPE"].to_str())
    end = tokenizer.token_to_id("<|end|>")
    for processor in (
        processors.TemplateProcessing(single="$A <|end|>", special_tokens=[("<|end|>", end)]),
        processors.RobertaProcessing(("<|end|>", end), ("<|end|>", end)),
        processors.Sequence(
            [
                processors.ByteLevel(),
                processors.TemplateProcessing("$A <|end|>", special_tokens=[("<|end|>", end)]),
            ]
        ),
    ):
        tokenizer.post_processor = processor
        _, numbering, new = keep(tokenizer, list(ENGLISH))
        assert numbering[end] < end
        assert new.encode("profit").ids[-1] == numbering[end]
