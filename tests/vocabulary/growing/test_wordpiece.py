import pytest
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from nmixx.vocabulary.growing.wordpiece import add_pieces, learn_wordpiece


def make_tokenizer(normalizer=None):
    tokenizer = Tokenizer(models.WordPiece({"[UNK]": 0, "a": 1, "##b": 2}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    if normalizer is not None:
        tokenizer.normalizer = normalizer
    return tokenizer


def test_new_pieces_take_the_next_ids_and_old_ones_keep_theirs():
    new = add_pieces(make_tokenizer(normalizers.NFC()), ["가", "a", "##나"])
    assert new.get_vocab() == {"[UNK]": 0, "a": 1, "##b": 2, "가": 3, "##나": 4}


@pytest.mark.parametrize(
    "normalizer",
    [
        None,
        normalizers.NFC(),
        normalizers.NFD(),
        normalizers.BertNormalizer(),
        normalizers.Sequence([normalizers.NFD(), normalizers.StripAccents()]),
    ],
)
def test_syllables_stay_whole_under_any_normaliser(normalizer):
    new = add_pieces(make_tokenizer(normalizer), ["가", "##나"])
    assert new.encode("가나").tokens == ["가", "##나"]
    assert new.encode("\u1100\u1161\u1102\u1161").tokens == ["가", "##나"]


def test_adding_nothing_twice_changes_nothing_the_second_time():
    once = add_pieces(make_tokenizer(normalizers.BertNormalizer()), ["가"])
    assert add_pieces(once, []).to_str() == once.to_str()


def test_the_given_tokenizer_is_left_alone():
    tokenizer = make_tokenizer(normalizers.BertNormalizer())
    before = tokenizer.to_str()
    add_pieces(tokenizer, ["가"])
    assert tokenizer.to_str() == before


def test_new_pieces_come_after_an_id_that_was_left_out():
    tokenizer = Tokenizer(models.WordPiece({"[UNK]": 0, "a": 7}, unk_token="[UNK]"))
    assert add_pieces(tokenizer, ["가"]).token_to_id("가") == 8


def test_pieces_are_named_with_what_they_were_and_what_makes_them_up():
    tokenizer = make_tokenizer(normalizers.NFC())
    lesson = learn_wordpiece(tokenizer, ["가나다 가나"] * 3, 6000, 1)
    grown = lesson.add(6000)
    ids = grown.tokenizer.get_vocab()
    assert grown.first == 3
    assert list(grown.old_pieces) == list(range(3, grown.size))
    assert grown.old_pieces[ids["가나다"]] == [0]
    assert grown.parts[ids["가나다"]] == [ids["가나"], ids["##다"]]
    assert grown.parts[ids["##나"]] == []


def test_the_words_of_terms_come_whole_on_top():
    tokenizer = make_tokenizer(normalizers.BertNormalizer())
    lesson = learn_wordpiece(tokenizer, ["가나다 라마"], 4705, 1)
    plain, with_terms = lesson.add(4705), lesson.add(4705, ["EBITDA 배수", "역레포 금리", "EBITDA"])
    for word in ("ebitda", "배수", "역레포", "금리"):
        assert with_terms.tokenizer.encode(word).tokens == [word]
        assert plain.tokenizer.encode(word).tokens != [word]
    assert len(with_terms.old_pieces) == len(plain.old_pieces) + 4
