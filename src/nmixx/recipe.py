"""A recipe: the settings of all stages, read from one YAML file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import Field

from nmixx.corpus.settings import CorpusSettings
from nmixx.errors import RecipeError
from nmixx.evaluation.settings import EvaluationSettings
from nmixx.mining.settings import MiningSettings
from nmixx.settings import Settings
from nmixx.training.settings import TrainingSettings
from nmixx.triplets.settings import TripletSettings
from nmixx.vocabulary.settings import VocabularySettings

_DATA_MARK = "{data}"


class Recipe(Settings):
    """Everything that decides what a run does."""

    name: str = Field(min_length=1, description="the run's name; its folder is runs/NAME")
    description: str = Field(default="", description="one sentence for people")
    model: str = Field(description="a folder, a Hugging Face id or package:NAME")
    trust_remote_code: bool = Field(default=False, description="run code that comes with the model")
    data: str | None = Field(default=None, description="what {data} stands for in paths")
    pivot: str = Field(default="en", description="the language the model knows best")
    seed: int = Field(default=0, ge=0, description="of every choice by chance")
    corpus: CorpusSettings
    vocabulary: VocabularySettings = VocabularySettings()
    triplets: TripletSettings = TripletSettings()
    mining: MiningSettings = MiningSettings()
    training: TrainingSettings = TrainingSettings()
    evaluation: EvaluationSettings


def read_recipe(path: Path, changes: Sequence[str] = ()) -> Recipe:
    """Read a recipe and apply changes to it.

    Args:
        path: a YAML file.
        changes: ``key=value`` or ``stage.key=value``, the value in YAML, as given by ``--set``.

    Raises:
        RecipeError: the file is missing or is not YAML, a key is unknown, a value has the wrong
            type, or a path uses ``{data}`` and no data folder is given.

    """
    raw = _read_yaml(path)
    for change in changes:
        _apply(raw, change)
    data = raw.get("data")
    if data is None and _DATA_MARK in yaml.safe_dump(raw):
        raise RecipeError(
            f"{path}: its paths use {_DATA_MARK}, and no data folder is given.\n"
            "Give it with: --set data=FOLDER"
        )
    return Recipe.parse(_fill(raw, str(data)), str(path))


def _read_yaml(path: Path) -> dict[str, Any]:
    """Read a YAML file that holds a mapping."""
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise RecipeError(f"recipe {path}: no such file.") from None
    except IsADirectoryError:
        raise RecipeError(f"recipe {path}: is a folder; a YAML file was expected.") from None
    except UnicodeDecodeError as error:
        raise RecipeError(f"recipe {path}: not UTF-8 text (byte {error.start}).") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or "it cannot be parsed"
        raise RecipeError(f"recipe {path}{line}: not YAML ({problem}).") from None
    if not isinstance(raw, dict):
        raise RecipeError(f"recipe {path}: empty, or not a mapping of keys to values.")
    return raw


def _apply(raw: dict[str, Any], change: str) -> None:
    """Carry out one ``--set``; whether the key is known is checked with the whole recipe."""
    key, equals, text = change.partition("=")
    parts = key.strip().split(".")
    if not equals or not all(parts):
        raise RecipeError(f"--set {change!r}: expected KEY=VALUE, for example seed=1.")
    try:
        value = yaml.safe_load(text)
    except yaml.YAMLError:
        raise RecipeError(f"--set {change!r}: the value is not YAML.") from None
    place: Any = raw
    for part in parts[:-1]:
        place = _step_into(place, part, change)
    if isinstance(place, list):
        place[_index(place, parts[-1], change)] = value
    else:
        place[parts[-1]] = value


def _step_into(place: Any, part: str, change: str) -> Any:  # noqa: ANN401 - YAML values
    """Follow one part of a dotted key; a number is a place in a list."""
    if isinstance(place, list):
        return place[_index(place, part, change)]
    inner = place.setdefault(part, {})
    if not isinstance(inner, dict | list):
        raise RecipeError(f"--set {change!r}: {part!r} holds a value, not keys.")
    return inner


def _index(place: list[Any], part: str, change: str) -> int:
    """Read a place in a list."""
    if not part.isdigit() or int(part) >= len(place):
        raise RecipeError(
            f"--set {change!r}: {part!r} is no place in a list of {len(place)}; count from 0."
        )
    return int(part)


def _fill(value: Any, data: str) -> Any:  # noqa: ANN401 - YAML values
    """Put the data folder where paths name it."""
    if isinstance(value, str):
        return value.replace(_DATA_MARK, data.rstrip("/"))
    if isinstance(value, Mapping):
        return {key: _fill(inner, data) for key, inner in value.items()}
    if isinstance(value, list):
        return [_fill(inner, data) for inner in value]
    return value
