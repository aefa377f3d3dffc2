"""Hangul composed before anything else, so that composed and decomposed text are one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_GUARD = "\ufdd0"  # a code point that no text may hold
_STEPS: list[dict[str, Any]] = [
    {"type": "Replace", "pattern": {"Regex": r"(?<=[\s\S])(?=\p{M})"}, "content": _GUARD},
    {"type": "NFC"},
    {"type": "Replace", "pattern": {"Regex": _GUARD + r"(?=\p{M})"}, "content": ""},
]


def compose_hangul(state: dict[str, Any], tokenizer: Tokenizer) -> None:
    """Make a ``tokenizer.json`` compose jamo into syllables, if it does not yet.

    Accents keep their form, composed or not, since text without new pieces must keep its token ids:
    a guard stands before each combining mark while NFC runs. The few hundred characters that
    Unicode defines as doubles of others (compatibility ideographs, the Angstrom sign) become those
    others.

    Args:
        state: changed in place.
        tokenizer: as it is, to see whether it composes.
    """
    normaliser = tokenizer.normalizer
    if normaliser is not None and "가" in normaliser.normalize_str("\u1100\u1161"):
        return
    steps = state["normalizer"]
    if steps is None:
        steps = []
    elif steps["type"] == "Sequence":
        steps = steps["normalizers"]
    else:
        steps = [steps]
    state["normalizer"] = {"type": "Sequence", "normalizers": [*_STEPS, *steps]}


def holds_hangul(text: str) -> bool:
    """Tell whether a text has a Hangul syllable."""
    return any("가" <= mark <= "힣" for mark in text)
