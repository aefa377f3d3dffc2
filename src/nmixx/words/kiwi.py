"""Kiwi, the analyser of Korean morphemes that a whole process shares."""

from __future__ import annotations

import importlib
from functools import cache
from typing import Any


@cache
def load_kiwi() -> Any:  # noqa: ANN401 - kiwipiepy ships no type information
    """Return the one Kiwi analyser; it takes a second to build, so it is built on first use.

    Raises:
        ImportError: the package is not installed.
    """
    return importlib.import_module("kiwipiepy").Kiwi(num_workers=1)
