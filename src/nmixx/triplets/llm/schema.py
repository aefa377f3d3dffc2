"""The shapes of answers: as JSON schemas for the server, and as checks of what came back."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator

from nmixx.corpus.clean import clean_text
from nmixx.triplets.llm.exchange import Answer

Shape = TypeVar("Shape", bound=BaseModel)

_THOUGHT = re.compile(r"<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL)
_REFUSING = frozenset({"content_filter", "refusal", "safety"})
_SHOWN = 200
_CANDIDATES = 50  # braces that are looked at; an answer of nothing but braces ends, too


class RefusedError(Exception):
    """Raised when the model will not do it; asking again would only cost more."""


class UnreadableError(Exception):
    """Raised when an answer breaks its schema; another try may well keep it."""


class Strict(BaseModel):
    """Base of the shapes: every field is there, and no other."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Suitability(Strict):
    """Which shifts suit a text; none is an answer, too."""

    reason: str = Field(description="one short sentence: why these, or why none")
    suitable: list[str] = Field(description="names of shifts from the list, the best first")

    @field_validator("suitable")
    @classmethod
    def _known(cls, names: list[str], info: ValidationInfo) -> list[str]:
        """Read names forgivingly, and refuse those that were not offered."""
        return list(dict.fromkeys(_known_shift(name, info) for name in names))


class ShiftedVersion(Strict):
    """The text with one shift, in both languages; null where the shift turned out not to fit."""

    shift: str = Field(description="the shift's name")
    text: str | None = Field(description="in the language of the document, or null")
    translation: str | None = Field(description="the shifted text in the other language, or null")

    @field_validator("shift")
    @classmethod
    def _known(cls, name: str, info: ValidationInfo) -> str:
        """Read a name forgivingly, and refuse one that was not asked for."""
        return _known_shift(name, info)

    @field_validator("text", "translation")
    @classmethod
    def _clean(cls, text: str | None) -> str | None:
        """Make a text plain; an empty one is none."""
        return (clean_text(text) if text is not None else None) or None


class Versions(Strict):
    """A text's rewording, its translation, and its shifted versions."""

    paraphrase: str = Field(description="the same meaning in other words, in the same language")
    translation: str = Field(description="the exact translation into the other language")
    shifted: list[ShiftedVersion] = Field(description="one for each shift that was asked for")

    @field_validator("paraphrase", "translation")
    @classmethod
    def _clean(cls, text: str) -> str:
        """Make a text plain, and refuse an empty one."""
        cleaned = clean_text(text)
        if not cleaned:
            raise ValueError("an empty text")
        return cleaned

    @field_validator("shifted")
    @classmethod
    def _once(cls, versions: list[ShiftedVersion]) -> list[ShiftedVersion]:
        """Refuse two versions of one shift."""
        if len({version.shift for version in versions}) < len(versions):
            raise ValueError("a shift twice")
        return versions


def shape_schema(shape: type[BaseModel], shifts: Iterable[str]) -> dict[str, Any]:
    """Give a shape's JSON schema, with the names of shifts that may occur.

    It keeps to what the strict mode of structured output takes: every field required, none other,
    no defaults.
    """
    names = list(shifts)
    schema: dict[str, Any] = json.loads(_schema_text(shape))
    for part in [schema, *schema.get("$defs", {}).values()]:
        for name, field in part["properties"].items():
            if name == "shift":
                field["enum"] = names
            if name == "suitable":
                field["items"]["enum"] = names
    return schema


@cache
def _schema_text(shape: type[BaseModel]) -> str:
    """Give a shape's schema as text; building it takes longer than all else about a request."""
    return json.dumps(shape.model_json_schema())


def read_shape(answer: Answer, shape: type[Shape], shifts: Sequence[str]) -> Shape:
    """Read an answer as a shape, from plain JSON or from the first JSON in a text.

    Args:
        answer: of a model.
        shape: what was asked for.
        shifts: the names that may occur in it.

    Raises:
        RefusedError: the model declined, or answered without any JSON.
        UnreadableError: the answer was cut off, or breaks the schema.
    """
    if answer.refusal or answer.finish in _REFUSING:
        raise RefusedError(_short(answer.refusal or answer.text or answer.finish))
    if answer.finish == "length":
        raise UnreadableError("cut off: longer than max_output_tokens")
    text = _THOUGHT.sub("", answer.text)
    problem = ""
    for candidate in _objects(text):
        try:
            return shape.model_validate(candidate, context={"shifts": shifts})
        except ValidationError as error:
            problem = problem or _explain(error)
    if problem:
        raise UnreadableError(problem)
    if text.strip() and "{" not in text:
        raise RefusedError(_short(text))
    raise UnreadableError("no JSON" if text.strip() else "empty")


def _objects(text: str) -> Iterator[Any]:
    """Yield the JSON objects of a text, outer ones before those inside them."""
    decoder = json.JSONDecoder(strict=False)
    at = text.find("{")
    for _ in range(_CANDIDATES):
        if at < 0:
            return
        try:
            found, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            end = at + 1
        else:
            yield found
        at = text.find("{", end)


def _known_shift(name: str, info: ValidationInfo) -> str:
    """Match a name with those that may occur, whatever its case, hyphens and spaces."""
    plain = re.sub(r"[\s\-]+", "_", name.strip().casefold())
    if plain not in (info.context or {}).get("shifts", ()):
        raise ValueError(f"no such shift: {name[:40]!r}")
    return plain


def _explain(error: ValidationError) -> str:
    """Say what the first problem is; the answer itself is in the journal."""
    first = error.errors(include_url=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    return _short(f"{place}: {first['msg'].lower().removeprefix('value error, ')}")


def _short(text: str) -> str:
    """Cut a text for a table, without lone surrogates."""
    return clean_text(text)[:_SHOWN]
