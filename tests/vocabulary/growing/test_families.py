"""What holds for every kind of tokenizer that can be grown."""

import json
import random
import unicodedata
from functools import cache

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tokenizers import Tokenizer, models

from conftest import ENGLISH, KOREAN
from model_kinds import TOKENIZERS
from nmixx.errors import DataError, ModelError
from nmixx.vocabulary.growing.families import FAMILIES, find_family

KINDS = list(TOKENIZERS)
SIZE = 220
TERMS = ("역레포 금리", "콜옵션", "EBITDA 배수")
MIXED = (
    "3Q 영업익 87억원",
    "S&P500지수",
    "영업이익 📈 12% 증가 😀",
    "營業利益 증가, 韓國銀行 금리",
    "매출 １２３억원 ＡＢＣ",
    "Café in Zürich, naïve Ångström",
    "Cafe\u0301 in Zu\u0308rich",
    "",
    "   ",
    "영업이익 " * 2000,
    "가" * 10_000,
    "뷁쀍 됬다 ㅋㅋㅋ ㄱㄴㄷ",
    "<s> </s> <unk> <|endoftext|> <mask>",
    "tab\tnew\nline\u200b",
)
LETTERS = st.text(
    "영업이익은행가나 3Q87억원&.,%abcEPSé\u0301金利Ａ１😀\u1100\u1161\u11a8가각", max_size=40
)
LATIN = st.text("abcdefgPQR é\u0301\u0302üñ0123,.%$&-()😀日本\u3042\u0434", max_size=40)


@cache
def lesson_of(kind):
    old = TOKENIZERS[kind]()
    return old, find_family(old).learn(old, [*KOREAN] * 3, 500, 2)


@cache
def grown_of(kind):
    old, lesson = lesson_of(kind)
    return old, lesson.add(SIZE, TERMS)


def ids(tokenizer, text):
    return tokenizer.encode(text).ids


def decoded(tokenizer, text):
    return tokenizer.decode(tokenizer.encode(text).ids, skip_special_tokens=False)


every_kind = pytest.mark.parametrize("kind", KINDS)


@every_kind
def test_the_kind_is_told_from_the_file(kind):
    old = TOKENIZERS[kind]()
    assert find_family(old) is FAMILIES[json.loads(old.to_str())["model"]["type"]]


@every_kind
def test_every_token_keeps_its_id_and_none_is_used_twice(kind):
    old, grown = grown_of(kind)
    vocabulary = grown.tokenizer.get_vocab()
    assert old.get_vocab().items() <= vocabulary.items()
    assert len(set(vocabulary.values())) == len(vocabulary)
    added = sorted(set(vocabulary.values()) - set(old.get_vocab().values()))
    assert added == list(grown.old_pieces) == list(grown.parts)
    assert added == list(range(grown.first, grown.size))
    before, after = (
        [(t.content, number) for number, t in one.get_added_tokens_decoder().items()]
        for one in (old, grown.tokenizer)
    )
    assert sorted(before) == sorted(after)


@every_kind
def test_korean_takes_fewer_tokens(kind):
    old, grown = grown_of(kind)
    before = sum(len(ids(old, text)) for text in KOREAN)
    assert sum(len(ids(grown.tokenizer, text)) for text in KOREAN) < 0.8 * before


@every_kind
@pytest.mark.parametrize("text", [*ENGLISH, "Café in Zürich", "Cafe\u0301", "12.5% (3Q)", "", "  "])
def test_text_without_new_pieces_keeps_its_ids(kind, text):
    old, grown = grown_of(kind)
    assert ids(grown.tokenizer, text) == ids(old, text)


@pytest.mark.parametrize("kind", KINDS)
@given(text=LATIN)
@example(text="\u0301a")
@example(text="e\u0302\u0301 a\u0323\u0307")
def test_no_text_without_new_pieces_changes(kind, text):
    old, grown = grown_of(kind)
    # What the old normaliser composes is composed as before; only Hangul is composed besides.
    assert ids(grown.tokenizer, text) == ids(old, text)
    assert decoded(grown.tokenizer, text) == decoded(old, text)


@pytest.mark.parametrize("kind", KINDS)
@given(text=LETTERS)
def test_ids_that_are_old_are_those_of_before(kind, text):
    """Whatever is split into old pieces only was split so before."""
    old, grown = grown_of(kind)
    found = ids(grown.tokenizer, text)
    if all(token < grown.first for token in found) and text.isascii():
        assert found == ids(old, text)


@pytest.mark.parametrize("kind", ["gpt2", "qwen2", "llama3"])
@given(text=LETTERS)
def test_bytes_lose_nothing(kind, text):
    _, grown = grown_of(kind)
    written = grown.tokenizer.normalizer.normalize_str(text)
    assert decoded(grown.tokenizer, text) == written
    assert unicodedata.normalize("NFC", written) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", MIXED)
def test_mixed_text_is_split_and_read_back_as_before(kind, text):
    old, grown = grown_of(kind)
    if "<unk>" in decoded(old, text):  # what was unknown may be known now
        assert decoded(grown.tokenizer, text).count("<unk>") <= decoded(old, text).count("<unk>")
    else:
        assert decoded(grown.tokenizer, text) == decoded(old, text)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", [*KOREAN, *MIXED])
def test_composed_and_decomposed_hangul_are_one(kind, text):
    _, grown = grown_of(kind)
    taken_apart = "".join(
        unicodedata.normalize("NFD", mark) if "가" <= mark <= "힣" else mark for mark in text
    )
    assert ids(grown.tokenizer, taken_apart) == ids(grown.tokenizer, text)


@every_kind
def test_words_of_terms_are_one_piece_each(kind):
    old, grown = grown_of(kind)
    for word in ("역레포", "금리", "콜옵션", "EBITDA", "배수"):
        (before, *rest), (only, *none) = (
            one.encode(f"a {word}", add_special_tokens=False).ids[1:]
            for one in (old, grown.tokenizer)
        )
        assert not none
        assert rest or only == before
        assert grown.tokenizer.decode([only]).strip() == word


@every_kind
def test_old_pieces_spell_what_the_new_one_spells(kind):
    old, grown = grown_of(kind)
    for token, pieces in grown.old_pieces.items():
        before = old.decode(pieces, skip_special_tokens=False)
        if "<unk>" not in before and "\ufffd" not in before:
            assert before.strip() == grown.tokenizer.decode([token]).strip()


@every_kind
def test_parts_spell_what_the_whole_spells(kind):
    _, grown = grown_of(kind)
    names = {token: piece for piece, token in grown.tokenizer.get_vocab().items()}
    composed = 0
    for token, parts in grown.parts.items():
        if parts:
            assert token not in parts
            assert "".join(names[part] for part in parts) == names[token]
            composed += 1
    assert composed > SIZE / 2


@every_kind
def test_a_smaller_size_is_the_beginning_of_a_larger(kind):
    _, lesson = lesson_of(kind)
    small, large = (lesson.add(size).tokenizer.get_vocab() for size in (150, 200))
    assert small.items() <= large.items()
    assert len(large) == len(small) + 50


@every_kind
def test_there_are_never_more_than_were_learned(kind):
    _, lesson = lesson_of(kind)
    assert len(lesson.add(10_000).old_pieces) == lesson.available


@every_kind
def test_a_grown_tokenizer_grows_again(kind):
    _, grown = grown_of(kind)
    russian = ["прибыль выросла", "прибыль упала"] * 3
    again = find_family(grown.tokenizer).learn(grown.tokenizer, russian, 60, 2).add(60)
    assert again.first == grown.size
    for text in (*KOREAN, *ENGLISH, *MIXED):
        assert ids(again.tokenizer, text) == ids(grown.tokenizer, text)
    assert len(ids(again.tokenizer, "прибыль")) < len(ids(grown.tokenizer, "прибыль"))


@every_kind
def test_tokens_beside_the_vocabulary_keep_their_ids(kind):
    old = TOKENIZERS[kind]()
    old.add_tokens(["<query>"])
    mark = old.token_to_id("<query>")
    grown = find_family(old).learn(old, [*KOREAN] * 3, 100, 2).add(100)
    assert grown.first == mark + 1
    assert grown.tokenizer.id_to_token(mark) == old.id_to_token(mark)
    text = "<query>profit rose<query>"
    assert ids(grown.tokenizer, text) == ids(old, text)


@every_kind
def test_learning_does_not_depend_on_the_order_of_texts(kind):
    old, lesson = lesson_of(kind)
    texts = [*KOREAN] * 3
    random.Random(1).shuffle(texts)
    again = find_family(old).learn(old, texts, 500, 2)
    assert again.add(SIZE, TERMS).tokenizer.to_str() == lesson.add(SIZE, TERMS).tokenizer.to_str()


@every_kind
@pytest.mark.parametrize("texts", [[], [""], ["Operating profit rose 12%."], ["１２３ 😀 …"]])
def test_nothing_to_learn_is_a_data_error(kind, texts):
    old = TOKENIZERS[kind]()
    with pytest.raises(DataError, match=r"no letters outside a-z[\s\S]*vocabulary\.languages"):
        find_family(old).learn(old, texts, 100, 1)


@pytest.mark.parametrize(
    ("model", "named"),
    [
        (models.WordLevel({"a": 0}, unk_token="a"), "WordLevel"),
        (models.BPE({"a": 0}, [], end_of_word_suffix="</w>"), "BPE with end_of_word_suffix '</w>'"),
        (
            models.BPE({"a": 0}, [], continuing_subword_prefix="@@"),
            "BPE with continuing_subword_prefix '@@'",
        ),
    ],
)
def test_other_kinds_are_refused_by_name_with_what_can_be_grown(model, named):
    with pytest.raises(ModelError) as caught:
        find_family(Tokenizer(model))
    assert f"of kind {named};" in str(caught.value)
    assert "Unigram (XLM-R, bge-m3, multilingual-e5)" in str(caught.value)
    assert "vocabulary.grow to false" in str(caught.value)
