"""The server's key: from the environment to the request's header, and nowhere else."""

from __future__ import annotations

import os
from collections.abc import Mapping

from pydantic import SecretStr

from nmixx.errors import InputError

KEY_NAMES = ("NMIXX_LLM_API_KEY", "OPENAI_API_KEY")
"""Environment variables that may hold the key; the first that is set counts."""


def read_key(environment: Mapping[str, str] = os.environ) -> SecretStr | None:
    """Read the key; None where none is set, as servers of one's own need none.

    Raises:
        InputError: it cannot stand in a header; its variable is named, it is not shown.
    """
    for name in KEY_NAMES:
        value = environment.get(name, "").strip()
        if not value:
            continue
        if not (value.isascii() and value.isprintable()):
            raise InputError(f"{name}: holds characters that no key has. Set it again.")
        return SecretStr(value)
    return None


def hide_key(text: str, key: SecretStr | None) -> str:
    """Take the key out of a text, such as a server's complaint about it."""
    return text if key is None else text.replace(key.get_secret_value(), "***")
