"""A suite file: the tasks of an evaluation as YAML, alone or inside a recipe."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from nmixx.configuration import read_configuration
from nmixx.evaluation.settings import EvaluationSettings, Suite


def read_suite(path: Path, changes: Sequence[str] = ()) -> Suite:
    """Read a suite of tasks, or the test suite of a recipe.

    ::

        sts:
          korsts: "{data}/korsts/test.jsonl"
          sample: {path: "sample:benchmark", lang: ko}
        bitext:
          news: news.tsv

    Args:
        path: a YAML file.
        changes: ``key=value`` as given by ``--set``; ``data=FOLDER`` says what ``{data}`` is.

    Raises:
        RecipeError: the file is missing or not YAML, a key or value is wrong, or ``{data}`` is
            not given.
    """
    raw = read_configuration(path, changes)
    if "evaluation" in raw:
        return EvaluationSettings.parse(raw["evaluation"], f"{path}: evaluation").test
    raw.pop("data", None)
    return Suite.parse(raw, str(path))
