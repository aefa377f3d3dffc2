"""What every annotation tool is given of a pair, and what it gives back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nmixx.benchmark.scale import Scale


@dataclass(frozen=True)
class Task:
    """One pair as an annotator sees it: no intended label, shift, category or source.

    ``note`` is for adjudication: what others scored.
    """

    id: str
    sentence1: str
    sentence2: str
    note: str = ""


@dataclass(frozen=True)
class Sheet:
    """The tasks of one annotator, in their own order."""

    annotator: str
    tasks: Sequence[Task]
    scale: Scale
    guidelines: str


@dataclass(frozen=True)
class Answer:
    """One score as a tool wrote it down; ``where`` names its place in the file."""

    where: str
    id: object
    user: str
    score: object
    comment: str
    sentence1: object = None
    sentence2: object = None


@dataclass(frozen=True)
class Format:
    """A tool's files: how they are written, recognised and read."""

    write: Callable[[Sheet, Path], None]
    read: Callable[[Path], Iterator[Answer]]
    suffix: str
    recognises: Callable[[Any], bool]
