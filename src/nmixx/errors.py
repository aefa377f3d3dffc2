"""Every error nmixx raises for a person to read.

::

    NmixxError            base of the family; exit code 1
    ├── InputError        what was given cannot be used; exit code 2
    │   ├── DataError     a file or a row of it
    │   ├── RecipeError   a setting or a recipe
    │   ├── ModelError    a model that cannot be found, trusted or loaded
    │   ├── OutputError   a folder that must not be written to
    │   └── MissingExtraError   an optional package that is not installed
    └── StageError        the work itself failed

Messages have one to three lines: what was given, what was expected, what to do.
``ValueError`` and ``TypeError`` stay for plain misuse of a Python function.
"""

from __future__ import annotations


class NmixxError(Exception):
    """Base of all errors that nmixx raises on purpose."""

    exit_code = 1


class InputError(NmixxError):
    """Raised when what the caller gave cannot be used."""

    exit_code = 2


class DataError(InputError):
    """Raised when a data file is missing, empty, broken or lacks a column."""


class RecipeError(InputError):
    """Raised when a recipe or a setting has an unknown key or a wrong value."""


class ModelError(InputError):
    """Raised when a model cannot be found, verified or loaded."""


class OutputError(InputError):
    """Raised when writing to an output folder would mix or overwrite other work."""


class MissingExtraError(InputError):
    """Raised when an optional package is needed and not installed."""

    def __init__(self, package: str, extra: str, purpose: str) -> None:
        super().__init__(
            f"{purpose} needs the package {package!r}, which is not installed.\n"
            f"Install it with: pip install 'nmixx[{extra}]'"
        )


class StageError(NmixxError):
    """Raised when a stage fails at its work although its input was fine."""
