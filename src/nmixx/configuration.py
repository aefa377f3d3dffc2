"""YAML files of settings: reading them, changing single settings, naming the data folder once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from nmixx.errors import RecipeError

DATA_MARK = "{data}"
"""Stands in paths for the folder given by the key ``data``."""


def read_configuration(path: Path, changes: Sequence[str] = ()) -> dict[str, Any]:
    """Read a YAML file of settings, apply changes, and put the data folder where paths name it.

    Args:
        path: a YAML file that holds a mapping.
        changes: ``key=value`` or ``stage.key=value``, the value in YAML, as given by ``--set``.

    Raises:
        RecipeError: the file is missing or is not YAML, a change cannot be read, or a path uses
            ``{data}`` and no data folder is given.
    """
    raw = _read_mapping(path)
    for change in changes:
        _apply(raw, change)
    data = raw.get("data")
    if data is None and DATA_MARK in str(raw):
        raise RecipeError(
            f"{path}: its paths use {DATA_MARK}, and no data folder is given.\n"
            "Give it with: --set data=FOLDER"
        )
    filled: dict[str, Any] = _fill(raw, str(data).rstrip("/"))
    return filled


def _read_mapping(path: Path) -> dict[str, Any]:
    """Read a YAML file that holds a mapping."""
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise RecipeError(f"{path}: no such file; a YAML file was expected.") from None
    except IsADirectoryError:
        raise RecipeError(f"{path}: is a folder; a YAML file was expected.") from None
    except UnicodeDecodeError as error:
        raise RecipeError(f"{path}: not UTF-8 text (byte {error.start}).") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or "it cannot be parsed"
        raise RecipeError(f"{path}{line}: not YAML ({problem}).") from None
    if not isinstance(raw, dict):
        raise RecipeError(f"{path}: empty, or not a mapping of keys to values.")
    return raw


def _apply(raw: dict[str, Any], change: str) -> None:
    """Carry out one change; whether its key is known is checked with all the others."""
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
        return value.replace(DATA_MARK, data)
    if isinstance(value, Mapping):
        return {key: _fill(inner, data) for key, inner in value.items()}
    if isinstance(value, list):
        return [_fill(inner, data) for inner in value]
    return value
