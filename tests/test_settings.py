from __future__ import annotations

import pytest
from pydantic import Field, ValidationError

from nmixx.errors import RecipeError
from nmixx.settings import Settings


class Inner(Settings):
    learning_rate: float = Field(0.1, gt=0)
    path: str = "here"


class Outer(Settings):
    name: str = "x"
    inner: Inner = Inner()
    steps: tuple[Inner, ...] = ()
    tasks: dict[str, Inner] = Field(default_factory=dict)
    maybe: Inner | None = None


def explain(data):
    with pytest.raises(RecipeError) as caught:
        Outer.parse(data, "recipe.yaml")
    message = str(caught.value)
    assert message.startswith("recipe.yaml: ")
    assert message.count("\n") <= 2
    return message


@pytest.mark.parametrize(
    ("data", "path"),
    [
        ({"nmae": 1}, "nmae"),
        ({"inner": {"learning_rat": 1}}, "inner.learning_rat"),
        ({"steps": [{}, {"learning_rat": 1}]}, "steps.1.learning_rat"),
        ({"tasks": {"mine": {"learning_rat": 1}}}, "tasks.mine.learning_rat"),
        ({"tasks": {"path": {"learning_rat": 1}}}, "tasks.path.learning_rat"),
        ({"maybe": {"learning_rat": 1}}, "maybe.learning_rat"),
    ],
)
def test_an_unknown_key_is_named_with_its_path_and_the_near_name(data, path):
    message = explain(data)
    near = "name" if path == "nmae" else "learning_rate"
    assert f"unknown key '{path}'" in message
    assert f"Did you mean '{near}'?" in message
    accepted = message.splitlines()[1]
    assert accepted.startswith("Accepted there: ")
    assert near in accepted


def test_a_key_near_nothing_gets_no_guess():
    assert "Did you mean" not in explain({"zzzzzz": 1})


@pytest.mark.parametrize(
    ("data", "path", "given"),
    [
        ({"inner": {"learning_rate": "fast"}}, "inner.learning_rate", "'fast'"),
        ({"steps": [{}, {"learning_rate": -1}]}, "steps.1.learning_rate", "-1"),
        ({"name": 5}, "name", "5"),
        ({"steps": 5}, "steps", "5"),
    ],
)
def test_a_wrong_value_is_named_with_its_path(data, path, given):
    message = explain(data)
    assert f" {path}: " in message
    assert f"(given: {given})" in message


def test_further_problems_are_counted():
    assert "1 more problem after this one" in explain({"name": 5, "steps": 5})
    assert "2 more problems after" in explain({"name": 5, "steps": 5, "inner": 5})


def test_a_whole_that_is_no_mapping_is_said_so():
    assert "the whole file" in explain(["name"])


def test_settings_are_frozen_values():
    one = Outer.parse({"inner": {"learning_rate": 0.5}}, "here")
    assert one == Outer(inner=Inner(learning_rate=0.5))
    with pytest.raises(ValidationError):
        one.name = "other"
