"""Prompts from files, and documents in them as data."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nmixx.errors import InputError
from nmixx.storage import require_absent, write_text
from nmixx.triplets.taxonomy import Shift

if TYPE_CHECKING:
    from jinja2 import Template

NAMES = ("system", "classify", "versions")
"""The prompts, each a file NAME.j2: who the model is, and the two turns of a conversation."""

_BUNDLED = Path(__file__).with_name("prompts")
_SUFFIX = ".j2"
_LANGUAGES = {"ko": "Korean", "en": "English", "ja": "Japanese", "zh": "Chinese", "de": "German"}

# What could pass for our delimiter, or for the marks that chat templates put between turns.
_MARK = re.compile(
    r"[<＜﹤](?=[\s/／\\|｜]*(?:document\b|im_|system\b|assistant\b|user\b|[|｜]))", re.IGNORECASE
)
_TURN = re.compile(r"\[(?=/?(?:INST|SYS)\])")
_SURROGATE = re.compile("[\ud800-\udfff]")
OPEN, CLOSE = "<document>", "</document>"


def delimit(text: str) -> str:
    """Put a document between delimiters that do not occur in it.

    A mark in the text that could end the document early, or begin another turn of the
    conversation, has its ``<`` or ``[`` replaced by ``‹``; all else stays as it is.
    """
    return f"{OPEN}\n{_inert(text)}\n{CLOSE}"


def _inert(text: str) -> str:
    """Take from a text what means something to us or to a chat template."""
    return _TURN.sub("‹", _MARK.sub("‹", _SURROGATE.sub("\ufffd", text)))


def leaks(text: str) -> bool:
    """Tell whether a model's text carries our delimiters, or marks between turns."""
    return bool(_MARK.search(text) or _TURN.search(text))


def language_name(code: str) -> str:
    """Name a language as prompts do."""
    return _LANGUAGES.get(code, code)


@dataclass(frozen=True)
class Prompts:
    """The three prompts as templates; a document is put in as a value and never as a template."""

    texts: dict[str, str]

    @classmethod
    def read(cls, folder: str | None = None) -> Prompts:
        """Read the bundled prompts, and those that a folder has in their place.

        Args:
            folder: holds any of ``system.j2``, ``classify.j2``, ``versions.j2``.

        Raises:
            InputError: there is no such folder, it holds no prompt or one of another name, or a
                prompt cannot be used.
        """
        texts = {name: (_BUNDLED / f"{name}{_SUFFIX}").read_text("utf-8") for name in NAMES}
        prompts = cls(texts | _own_texts(Path(folder))) if folder is not None else cls(texts)
        prompts.check(folder or str(_BUNDLED))
        return prompts

    def check(self, where: str) -> None:
        """Fill in each prompt once, so that a mistake shows before anything is sent.

        Raises:
            InputError: a prompt is no template, uses an unknown variable, or leaves out the
                document or the shifts.
        """
        shift = Shift("name_of_shift", "definition", ("general",), "applies", "instruction", ())
        for name in NAMES:
            try:
                filled = self.render(name, "a text", "ko", "en", "news", [shift])
            except Exception as error:  # whatever an expression in a template can raise
                raise InputError(
                    f"{where}/{name}{_SUFFIX}: cannot be used ({error}).\n"
                    "Variables: document, language, other_language, category, shifts (each with "
                    "name, definition, applies, instruction, keeps_figures)."
                ) from None
            needed = {
                "classify": (delimit("a text"), "{{ document }}"),
                "versions": (shift.name, "the shifts"),
            }
            mark, meaning = needed.get(name, ("", ""))
            if mark not in filled:
                raise InputError(f"{where}/{name}{_SUFFIX}: leaves out {meaning}.")

    def render(
        self,
        name: str,
        text: str,
        language: str,
        other_language: str,
        category: str,
        shifts: Sequence[Shift],
    ) -> str:
        """Fill in a prompt."""
        values: dict[str, Any] = {
            "document": delimit(text),
            "language": language_name(language),
            "other_language": language_name(other_language),
            "category": _inert(" ".join(category.split())).replace('"', "'")[:60],
            "shifts": [
                {
                    "name": shift.name,
                    "definition": shift.definition,
                    "applies": shift.applies,
                    "instruction": shift.instruction,
                    "keeps_figures": shift.keeps_figures,
                }
                for shift in shifts
            ],
        }
        return self._templates[name].render(values).strip()

    @cached_property
    def _templates(self) -> dict[str, Template]:
        """Compile the prompts; a document's braces mean nothing to them."""
        from jinja2 import StrictUndefined
        from jinja2.sandbox import ImmutableSandboxedEnvironment

        environment = ImmutableSandboxedEnvironment(
            undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
        )
        return {name: environment.from_string(text) for name, text in self.texts.items()}


def copy_prompts(out: Path) -> list[Path]:
    """Copy the bundled prompts to a new folder, to be changed there.

    Raises:
        OutputError: a prompt is there already.
    """
    for name in NAMES:
        require_absent(out / f"{name}{_SUFFIX}", "prompts")
    for name, text in Prompts.read().texts.items():
        write_text(out / f"{name}{_SUFFIX}", text)
    return [out / f"{name}{_SUFFIX}" for name in NAMES]


def _own_texts(folder: Path) -> dict[str, str]:
    """Read a folder's prompts; a misspelt name is an error, not a prompt that is never used."""
    if not folder.is_dir():
        raise InputError(f"{folder}: no such folder; one with prompts was expected.")
    files = sorted(folder.glob(f"*{_SUFFIX}"))
    known = ", ".join(f"{name}{_SUFFIX}" for name in NAMES)
    strange = [file.name for file in files if file.stem not in NAMES]
    if strange or not files:
        what = f"{strange[0]} is no prompt" if strange else "holds no prompt"
        raise InputError(f"{folder}: {what}. Prompts: {known}.")
    try:
        return {file.stem: file.read_text("utf-8") for file in files}
    except UnicodeDecodeError:
        raise InputError(f"{folder}: a prompt is not UTF-8 text.") from None
