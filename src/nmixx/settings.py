"""The base class of all settings: frozen, typed, unknown keys refused by name."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from nmixx.errors import RecipeError


class Settings(BaseModel):
    """A frozen value object; two equal settings have equal fingerprints."""

    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=())

    @classmethod
    def parse(cls, data: Mapping[str, Any], where: str) -> Self:
        """Build the settings from plain data.

        Args:
            data: nested dictionaries and lists, as read from YAML or JSON.
            where: what the data is called in an error, for example the recipe's path.

        Raises:
            RecipeError: a key is unknown or a value has the wrong type; the key's path is named.
        """
        try:
            return cls.model_validate(data)
        except ValidationError as error:
            raise RecipeError(f"{where}: {_explain(cls, error)}") from None


def _explain(cls: type[BaseModel], error: ValidationError) -> str:
    """Say in one or two lines what the first problem is and what was expected."""
    first = error.errors()[0]
    path = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        accepted = _accepted_keys(cls, first["loc"][:-1])
        near = difflib.get_close_matches(str(first["loc"][-1]), accepted, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        return f"unknown key {path!r}.{hint}\nAccepted there: {', '.join(sorted(accepted))}."
    given = first.get("input")
    shown = "" if isinstance(given, dict) else f" (given: {given!r})"
    more = len(error.errors()) - 1
    tail = f"\n{more} more problem{'s' if more > 1 else ''} after this one." if more else ""
    # Our own validators' words come with pydantic's before them.
    said = first["msg"].lower().removeprefix("value error, ")
    return f"{path or 'the whole file'}: {said}{shown}.{tail}"


def _accepted_keys(cls: type[BaseModel], path: tuple[int | str, ...]) -> list[str]:
    """Follow a path of keys through nested settings and list the fields at its end."""
    current: Any = cls
    for part in path:
        if isinstance(part, int):
            continue
        field = getattr(current, "model_fields", {}).get(part)
        if field is None:
            continue
        current = _settings_inside(field.annotation) or current
    return list(getattr(current, "model_fields", {}))


def _settings_inside(annotation: Any) -> type[BaseModel] | None:  # noqa: ANN401 - a typing form
    """Find the settings class within an annotation such as ``tuple[Source, ...] | None``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in getattr(annotation, "__args__", ()):
        found = _settings_inside(inner)
        if found is not None:
            return found
    return None
