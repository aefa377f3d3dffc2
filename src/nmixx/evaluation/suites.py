"""A suite file: the tasks of an evaluation as YAML, alone or inside a recipe."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nmixx.errors import DataError, RecipeError
from nmixx.evaluation.settings import Suite

_DATA_MARK = "{data}"


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
        changes: ``data=FOLDER`` says what ``{data}`` stands for; a recipe takes any
            ``stage.key=value``.

    Raises:
        DataError: there is no such file.
        RecipeError: the file is not YAML, a key or value is wrong, or ``{data}`` is not given.

    """
    raw = _read_mapping(path)
    if "evaluation" in raw:
        from nmixx.recipe import read_recipe

        return read_recipe(path, changes).evaluation.test
    data = raw.pop("data", None)
    for change in changes:
        key, equals, value = change.partition("=")
        if key.strip() != "data" or not equals:
            raise RecipeError(f"--set {change!r}: {path} is a suite; it takes data=FOLDER only.")
        data = value
    if data is None and _DATA_MARK in str(raw):
        raise RecipeError(
            f"{path}: its paths use {_DATA_MARK}, and no data folder is given.\n"
            "Give it with: --set data=FOLDER"
        )
    return Suite.parse(_fill(raw, str(data).rstrip("/")), str(path))


def _read_mapping(path: Path) -> dict[str, Any]:
    """Read a YAML file that holds a mapping."""
    import yaml

    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DataError(f"suite {path}: no such file.") from None
    except IsADirectoryError:
        raise DataError(f"suite {path}: is a folder; a YAML file was expected.") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        reason = " ".join(str(error).split())[:200]
        raise RecipeError(f"suite {path}: not YAML ({reason}).") from None
    if not isinstance(raw, dict):
        raise RecipeError(f"suite {path}: holds no tasks. Expected keys: sts, bitext, retrieval.")
    return raw


def _fill(value: Any, data: str) -> Any:  # noqa: ANN401 - YAML values
    """Put the data folder where paths name it."""
    if isinstance(value, str):
        return value.replace(_DATA_MARK, data)
    if isinstance(value, dict):
        return {key: _fill(inner, data) for key, inner in value.items()}
    return value
