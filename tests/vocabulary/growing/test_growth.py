import json
import subprocess
import sys
import unicodedata
from types import SimpleNamespace

import numpy as np
import pytest

from conftest import ENGLISH, KOREAN
from nmixx.encoding import load_model
from nmixx.errors import DataError, ModelError
from nmixx.records import Pair
from nmixx.vocabulary import VocabularySettings
from nmixx.vocabulary.growing.growth import grow_model, token_table
from nmixx.vocabulary.tokenizer_files import bare_tokenizer

SETTINGS = VocabularySettings(size=4800, min_frequency=1)
MIXED = (
    "3Q 영업익 87억원",
    "S&P500지수",
    "영업이익 📈 12% 증가 😀",
    "營業利益 증가, 韓國銀行 금리",
    "매출 １２３억원 ＡＢＣ",
    "Café in Zürich, naïve Ångström",
    "",
    "   ",
    "영업이익 " * 2000,
    "가" * 10_000,
    "뷁쀍 됬다 ㅋㅋㅋ ㄱㄴㄷ",
    "[CLS] [SEP] ##억원 [UNK]",
    "tab\tnew\nline\u200b\ufeff",
)


def make_pairs():
    return [
        Pair(f"p{at}", korean, english, "ko", "en", "translation", "news", f"g{at}")
        for at, (korean, english) in enumerate(zip(KOREAN, ENGLISH, strict=True))
    ]


@pytest.fixture(scope="module")
def grown(tiny_model_path, tmp_path_factory):
    """The tiny model with pieces learned from the Korean sentences, as saved."""
    folder = tmp_path_factory.mktemp("grown") / "model"
    model = load_model(str(tiny_model_path), device="cpu")
    initial = grow_model(model, {"ko": KOREAN}, make_pairs(), SETTINGS, folder)
    return folder, model, initial


def ids(tokenizer, text):
    return tokenizer.encode(text).ids


def test_english_keeps_its_token_ids(grown, tiny_model):
    folder, _, _ = grown
    old, new = bare_tokenizer(tiny_model), bare_tokenizer(load_model(str(folder)))
    for text in (*ENGLISH, "3Q EPS +5.2%, P/E 12x", "unbelievable", "A-B_c", "!?"):
        assert ids(new, text) == ids(old, text)


@pytest.mark.parametrize("text", ["Café", "CAFÉ", "Cafe\u0301", "naïve Zürich", "Ångström Ñandú"])
def test_accented_latin_keeps_its_token_ids(grown, tiny_model, text):
    old, new = bare_tokenizer(tiny_model), bare_tokenizer(load_model(str(grown[0])))
    assert ids(new, text) == ids(old, text)


def test_korean_words_become_whole(grown, tiny_model):
    old, new = bare_tokenizer(tiny_model), bare_tokenizer(load_model(str(grown[0])))
    for text in KOREAN:
        assert len(ids(new, text)) < len(ids(old, text)) / 2
        assert "[UNK]" not in new.encode(text).tokens
    assert new.encode("87억원").tokens[1:-1][0] == "87"


@pytest.mark.parametrize("text", [*KOREAN, "3Q 영업익 87억원", "S&P500지수", "뷁쀍 됬다"])
def test_composed_and_decomposed_korean_give_the_same_ids(grown, text):
    tokenizer = bare_tokenizer(load_model(str(grown[0])))
    decomposed = unicodedata.normalize("NFD", text)
    assert decomposed != text
    assert ids(tokenizer, decomposed) == ids(tokenizer, text)


def test_digits_stand_alone_before_korean_units(grown):
    tokenizer = bare_tokenizer(load_model(str(grown[0])))
    tokens = tokenizer.encode("3천억원 87억원").tokens
    assert not any(token[0].isdigit() and not token.isascii() for token in tokens)


def test_a_new_process_with_plain_sentence_transformers_sees_the_same_model(grown):
    folder, _, _ = grown
    code = (
        "import json, sys; from sentence_transformers import SentenceTransformer;"
        "texts = json.load(sys.stdin); model = SentenceTransformer(sys.argv[1], device='cpu');"
        "ids = model.tokenizer(texts, truncation=False)['input_ids'];"
        "json.dump([ids, model.encode(texts).tolist(), model.max_seq_length], sys.stdout)"
    )
    texts = [*MIXED, *KOREAN, *ENGLISH]
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder)],
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        check=True,
    )
    there_ids, there_vectors, length = json.loads(done.stdout)
    here = load_model(str(folder), device="cpu")
    tokenizer = bare_tokenizer(here)
    assert there_ids == [ids(tokenizer, text) for text in texts]
    assert length == here.max_seq_length == 64
    vectors = here.encode(texts)
    assert np.isfinite(vectors).all()
    np.testing.assert_allclose(there_vectors, vectors, atol=1e-5)


def test_the_model_in_hand_has_the_rows_that_were_saved(grown):
    folder, model, growth = grown
    initial = growth.initial
    saved = token_table(load_model(str(folder), device="cpu")).detach().numpy()
    np.testing.assert_array_equal(saved, token_table(model).detach().numpy())
    np.testing.assert_array_equal(saved[-len(initial.rows) :], initial.rows)


def test_old_rows_and_english_embeddings_are_untouched(grown, tiny_model):
    saved = load_model(str(grown[0]), device="cpu")
    old = token_table(tiny_model).detach().numpy()
    np.testing.assert_array_equal(token_table(saved).detach().numpy()[: len(old)], old)
    np.testing.assert_allclose(
        saved.encode(list(ENGLISH)), tiny_model.encode(list(ENGLISH)), atol=1e-6
    )


def test_pairs_decide_on_new_rows_and_the_rest_come_from_pieces(grown, tiny_model, tmp_path):
    _, _, growth = grown
    initial = growth.initial
    assert initial.arm == "aligned"
    assert initial.made_by["aligned"] > 0
    assert sum(initial.made_by.values()) == len(initial.rows) == 4800
    alone = grow_model(tiny_model, {"ko": KOREAN}, [], SETTINGS, tmp_path / "model")
    assert (alone.initial.arm, alone.initial.made_by) == ("pieces", {"pieces": 4800})
    assert alone.initial.rows.shape == initial.rows.shape
    assert not np.array_equal(alone.initial.rows, initial.rows)


def test_pairs_without_the_pivot_language_decide_on_nothing(tiny_model, tmp_path):
    pairs = [Pair("1", "영업이익", "利益", "ko", "ja", "translation", "news", "g")]
    made = grow_model(tiny_model, {"ko": KOREAN}, pairs, SETTINGS, tmp_path / "model")
    assert made.initial.arm == "pieces"


def test_text_without_foreign_letters_is_refused_before_anything_is_written(tiny_model, tmp_path):
    with pytest.raises(DataError, match="no letters outside a-z"):
        grow_model(tiny_model, {"ko": ENGLISH}, [], SETTINGS, tmp_path / "model")
    assert not (tmp_path / "model").exists()


def test_another_kind_of_tokenizer_is_refused_by_name(tmp_path):
    from tokenizers import Tokenizer, models
    from transformers import PreTrainedTokenizerFast

    backend = Tokenizer(models.WordLevel({"a": 0, "[UNK]": 1}, unk_token="[UNK]"))
    model = SimpleNamespace(tokenizer=PreTrainedTokenizerFast(tokenizer_object=backend))
    with pytest.raises(ModelError, match=r"of kind WordLevel;[\s\S]*vocabulary\.grow to false"):
        grow_model(model, {"ko": KOREAN}, [], SETTINGS, tmp_path / "model")
    assert not (tmp_path / "model").exists()


def test_a_grown_model_can_be_grown_again(grown, tmp_path):
    folder, _, _ = grown
    model = load_model(str(folder), device="cpu")
    before = bare_tokenizer(model)
    russian = ["прибыль выросла", "прибыль упала"]
    settings = VocabularySettings(size=100, min_frequency=1, languages=("ru",))
    grow_model(model, {"ru": russian}, [], settings, tmp_path / "model")
    again = bare_tokenizer(load_model(str(tmp_path / "model"), device="cpu"))
    for text in (*KOREAN, *ENGLISH, *MIXED):
        assert ids(again, text) == ids(before, text)
    assert "[UNK]" not in again.encode("прибыль").tokens


def test_tokens_added_to_the_tokenizer_keep_their_ids(tiny_model, tmp_path):
    tiny_model.tokenizer.add_tokens(["<query>"])
    tiny_model[0].auto_model.resize_token_embeddings(len(tiny_model.tokenizer), mean_resizing=False)
    old = bare_tokenizer(tiny_model)
    mark = old.token_to_id("<query>")
    grow_model(tiny_model, {"ko": KOREAN}, [], SETTINGS, tmp_path / "model")
    new = bare_tokenizer(load_model(str(tmp_path / "model"), device="cpu"))
    assert new.id_to_token(mark) == "<query>"
    assert ids(new, "<query> profit rose") == ids(old, "<query> profit rose")
    vocabulary = new.get_vocab()
    assert len(set(vocabulary.values())) == len(vocabulary)


def test_aligned_rows_without_translations_are_refused(tiny_model, tmp_path):
    settings = SETTINGS.model_copy(update={"initial": "aligned"})
    with pytest.raises(DataError, match=r"no pair translates between ko and en"):
        grow_model(tiny_model, {"ko": KOREAN}, [], settings, tmp_path / "model")
    assert not (tmp_path / "model").exists()


def test_a_tokenizer_that_has_everything_already_is_said_so(grown, tmp_path):
    model = load_model(str(grown[0]), device="cpu")
    settings = SETTINGS.model_copy(update={"size": 100, "min_frequency": 50})
    with pytest.raises(DataError, match="already has every piece"):
        grow_model(model, {"ko": KOREAN}, [], settings, tmp_path / "model")


def test_too_little_text_for_the_size_is_noted_with_what_could_be_learned(tiny_model, tmp_path):
    settings = SETTINGS.model_copy(update={"size": 50_000})
    growth = grow_model(tiny_model, {"ko": KOREAN}, [], settings, tmp_path / "model")
    (note,) = growth.notes
    assert note.startswith(
        f"50,000 pieces were asked for; the texts give {len(growth.initial.rows):,}"
    )


def test_words_of_terms_are_whole_and_blanks_and_repetitions_are_counted(tiny_model, tmp_path):
    terms = tmp_path / "terms.txt"
    terms.write_text("역레포 금리\n\n콜옵션\n콜옵션\n", encoding="utf-8")
    settings = SETTINGS.model_copy(update={"terms": str(terms)})
    growth = grow_model(tiny_model, {"ko": KOREAN}, [], settings, tmp_path / "model")
    row = growth.to_row()
    assert (row["terms"], row["blank_terms"], row["duplicate_terms"]) == (2, 1, 1)
    assert "1 blank and 1 repeated terms" in growth.notes[0]
    tokenizer = bare_tokenizer(load_model(str(tmp_path / "model"), device="cpu"))
    for word in ("역레포", "콜옵션", "금리"):
        assert tokenizer.encode(word).tokens == ["[CLS]", word, "[SEP]"]


def test_the_size_is_found_by_doubling_and_the_ladder_is_recorded(tiny_model, tmp_path):
    settings = SETTINGS.model_copy(update={"size": "auto"})
    growth = grow_model(tiny_model, {"ko": KOREAN}, [], settings, tmp_path / "model")
    ladder = growth.to_row()["ladder"]
    assert ladder[0]["size"] == 0
    assert growth.size in {rung["size"] for rung in ladder}
    assert ladder[1]["tokens_per_word"] < ladder[0]["tokens_per_word"] / 2
