"""The contract of a loaded task, and what the kinds share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Literal, Protocol

from nmixx.encoding import FloatArray
from nmixx.errors import DataError
from nmixx.evaluation.examples import Examples
from nmixx.storage import fingerprint, hash_path

Role = Literal["", "query", "document"]
"""What a text is to its task; some models put another prompt before a query than elsewhere."""


class Lookup(Protocol):
    """Gives the unit vectors of texts, shape (texts, dimensions)."""

    def __call__(self, texts: Sequence[str], role: Role = "", /) -> FloatArray:
        """Give the vectors in the order of the texts."""
        ...


class Task(Protocol):
    """Loaded data that a model can be measured on."""

    @property
    def name(self) -> str:
        """The task's name in the suite."""
        ...

    @property
    def kind(self) -> str:
        """The key in the suite: ``sts``, ``bitext``, ``retrieval`` and so on."""
        ...

    @property
    def metric(self) -> str:
        """The figure's name: ``spearman``, ``accuracy@1``, ``ndcg@10`` and so on."""
        ...

    @property
    def data(self) -> str:
        """Hash of the data."""
        ...

    @property
    def rows(self) -> Sequence[int]:
        """Number of each example in its file, from 1."""
        ...

    def texts(self) -> Iterable[str]:
        """All texts that must be encoded."""
        ...

    def measure(self, lookup: Lookup) -> Examples:
        """Score each example."""
        ...

    def surface(self) -> Mapping[str, float]:
        """Figures that need no model, by baseline."""
        ...

    def doubts(self) -> list[str]:
        """Say what about the data should keep a reader from trusting the figure."""
        ...


def hash_data(path: str, content: object) -> str:
    """Hash a task's file or folder; its content where the path names a loader or a pattern."""
    place = Path(path)
    return hash_path(place) if place.exists() else fingerprint(content)


def require_rows(name: str, path: str, count: int, what: str) -> None:
    """Refuse a task with fewer than two examples.

    Raises:
        DataError: there are not enough; both numbers are named.
    """
    if count < 2:
        raise DataError(f"task {name!r}: {path} gives {count} {what}; at least 2 are needed.")
