from __future__ import annotations

import pytest

from nmixx.errors import RecipeError
from nmixx.evaluation.settings import EvaluationSettings, Suite


def test_a_bare_path_is_a_task() -> None:
    suite = Suite.parse({"sts": {"a": "a.jsonl"}, "bitext": {"b": {"path": "b.tsv"}}}, "suite")
    assert suite.sts["a"].path == "a.jsonl"
    assert list(suite.tasks) == ["a", "b"]


def test_a_name_stands_once_in_the_whole_suite() -> None:
    with pytest.raises(RecipeError, match="two tasks have the name 'a'"):
        Suite.parse({"sts": {"a": "a.jsonl"}, "retrieval": {"a": "a"}}, "suite")


def test_an_unknown_option_is_refused_by_name() -> None:
    with pytest.raises(RecipeError, match=r"Did you mean 'lang'\?"):
        Suite.parse({"sts": {"a": {"path": "a.jsonl", "lng": "ko"}}}, "suite")


def test_selecting_an_unknown_task_names_the_nearest() -> None:
    suite = Suite.parse({"sts": {"korsts": "a.jsonl", "finsts": "b.jsonl"}}, "suite")
    assert list(suite.select(["finsts"]).tasks) == ["finsts"]
    with pytest.raises(RecipeError, match="Did you mean 'korsts'"):
        suite.select(["korst"])


def test_defaults_are_full_precision_and_a_thousand_resamples() -> None:
    settings = EvaluationSettings()
    assert (settings.precision, settings.bootstrap, settings.seed) == ("float32", 1000, 0)
    assert not settings.test.tasks
    assert not settings.development.tasks
