import pytest

from nmixx.corpus import CorpusSettings
from nmixx.errors import RecipeError


def test_defaults():
    settings = CorpusSettings()
    assert (settings.pairs, settings.documents, settings.evaluation) == ((), (), ())


def test_from_plain_data():
    settings = CorpusSettings.parse(
        {"pairs": [{"path": "a.jsonl", "columns": {"anchor": "x"}, "kind": "qa"}]}, "recipe"
    )
    assert settings.pairs[0].columns == {"anchor": "x"}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"pairs": [{"path": "a", "anchor_lang": "kr"}]}, "did you mean 'ko'"),
        ({"documents": [{"path": "a", "lang": "Korean"}]}, "not an iso 639-1 language code"),
        ({"pairs": [{"path": "a", "kind": "pair"}]}, "translation"),
        ({"pairs": [{"path": "a", "limit": 0}]}, "limit"),
        ({"pairs": [{"path": "a", "weigth": 2}]}, "Did you mean 'weight'"),
        ({"near_duplicate": 0.1}, "near_duplicate"),
    ],
)
def test_wrong_values_are_named(data, said):
    with pytest.raises(RecipeError) as error:
        CorpusSettings.parse(data, "recipe")
    assert said in str(error.value)
