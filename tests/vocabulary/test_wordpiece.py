import pytest
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from nmixx.errors import ModelError
from nmixx.vocabulary.wordpiece import add_pieces, require_wordpiece


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


def test_the_mark_of_a_continuing_piece_is_given():
    assert require_wordpiece(make_tokenizer()) == "##"


@pytest.mark.parametrize("model", [models.BPE(), models.Unigram(), models.WordLevel()])
def test_other_kinds_are_refused_by_name(model):
    kind = type(model).__name__
    with pytest.raises(ModelError, match=f"of kind {kind};"):
        require_wordpiece(Tokenizer(model))
