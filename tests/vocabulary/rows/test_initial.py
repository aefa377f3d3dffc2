"""Arms that make new rows."""

import importlib.util
import sys

import numpy as np
import pytest

from conftest import ENGLISH, KOREAN
from nmixx.errors import DataError, MissingExtraError
from nmixx.vocabulary import VocabularySettings
from nmixx.vocabulary.growing.families import find_family
from nmixx.vocabulary.growing.growth import token_table
from nmixx.vocabulary.rows.initial import ARMS, Material, make_rows, weigh_by_rarity
from nmixx.vocabulary.rows.wechsel import make_dictionary
from nmixx.vocabulary.settings import InitialName
from nmixx.vocabulary.tokenizer_files import bare_tokenizer

PACKAGES = {"focus": "deepfocus", "wechsel": "wechsel"}
SIDES = list(zip(KOREAN, ENGLISH, strict=True))


def make_material(model, *, initial="auto", sides=SIDES, repeat=1, terms=()):
    old = bare_tokenizer(model)
    grown = find_family(old).learn(old, KOREAN, 4800, 1).add(4800, terms)
    table = token_table(model).detach().numpy()
    settings = VocabularySettings(initial=initial)
    return Material(old, grown, table, KOREAN * repeat, ENGLISH * repeat, sides, settings)


def test_every_name_of_the_setting_has_an_arm():
    names = InitialName.__args__
    assert set(names) == {"auto", *ARMS}


def test_auto_takes_pairs_where_there_are_any(tiny_model):
    assert make_rows(make_material(tiny_model)).arm == "aligned"
    assert make_rows(make_material(tiny_model, sides=[])).arm == "pieces"


def test_a_word_comes_to_lie_near_its_translation(tiny_model):
    sides = [("영업이익", "profit"), ("배당", "dividend"), ("은행", "bank")] * 20
    material = make_material(tiny_model, sides=sides, terms=["영업이익", "배당", "은행"])
    made = make_rows(material)
    words = {word: material.grown.tokenizer.token_to_id(word) for word, _ in sides[:3]}
    for korean, english in sides[:3]:
        row = made.rows[words[korean] - material.grown.first]
        target = material.table[material.old.encode(english, add_special_tokens=False).ids].mean(0)
        cosine = row @ target / np.linalg.norm(row) / np.linalg.norm(target)
        assert cosine > 0.9


# The package wechsel leaves its dictionary's file open.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("arm", ARMS)
def test_a_row_for_every_new_token_is_made_by_something(tiny_model, arm):
    if arm in PACKAGES:
        pytest.importorskip(PACKAGES[arm], reason="needs the extra vocabulary")
    material = make_material(tiny_model, initial=arm, sides=SIDES * 40, repeat=40)
    made = make_rows(material)
    assert made.arm == arm
    assert made.rows.shape == (4800, 32)
    assert made.rows.dtype == np.float32
    assert np.isfinite(made.rows).all()
    assert sum(made.made_by.values()) == 4800


@pytest.mark.parametrize("arm", PACKAGES)
def test_a_missing_package_is_named_with_the_line_that_installs_it(tiny_model, arm, monkeypatch):
    if importlib.util.find_spec("fasttext") is not None:
        monkeypatch.setitem(sys.modules, "fasttext", None)
    with pytest.raises(
        MissingExtraError, match=r"fasttext[\s\S]*pip install 'nmixx\[vocabulary\]'"
    ):
        make_rows(make_material(tiny_model, initial=arm))


def test_wechsel_without_translations_is_refused(tiny_model):
    with pytest.raises(DataError, match="needs a dictionary"):
        make_rows(make_material(tiny_model, initial="wechsel", sides=[]))


def test_wechsel_with_too_few_translations_is_refused(tiny_model):
    pytest.importorskip("wechsel", reason="needs the extra vocabulary")
    with pytest.raises(DataError, match="link no two words often enough"):
        make_rows(make_material(tiny_model, initial="wechsel", sides=SIDES[:1], repeat=40))


def test_the_dictionary_holds_what_the_pairs_link():
    sides = [("은행 금리", "bank rate"), ("은행 이익", "bank profit"), ("금리 이익", "rate profit")]
    assert dict(make_dictionary(sides * 5)) == {"은행": "bank", "금리": "rate", "이익": "profit"}


def test_rare_tokens_weigh_more_and_unseen_ones_most():
    weights = weigh_by_rarity([[0, 0, 0, 1], [0, 1, 2]], 4)
    assert list(weights) == sorted(weights)
    assert weights[0] == pytest.approx(np.log(1 + 7 / 5))
