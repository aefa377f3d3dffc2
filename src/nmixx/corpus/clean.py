"""Cleaning a text, and the key under which two texts count as the same."""

from __future__ import annotations

import html
import re
import unicodedata

# Control and format characters that show nothing: C0 and C1 without the ones that are whitespace,
# soft hyphen, zero-width and direction marks, byte order mark, tags, lone surrogates.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\U000e0000-\U000e007f\ud800-\udfff]"
)
# Only with its semicolon: "R&D; profit&loss" and addresses with "&copy=" stay what they are.
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_MEANINGFUL = frozenset("%‰$€£¥₩+<>=±×÷▲△▼▽↑↓")  # signs that change what a text says
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
# A point or comma within a number and a minus sign before one belong to the number.
_LOOSE = re.compile(r"[.,](?:(?!\d)|(?<!\d.))|-(?:(?!\d)|(?<=\w-))")


def clean_text(text: str, *, paragraphs: bool = False) -> str:
    """Make a text plain: NFC, nothing invisible, single spaces, no HTML entities.

    Cleaning a clean text changes nothing.

    Args:
        text: any string.
        paragraphs: keep line breaks, each run of them as one newline, instead of as a space.
    """
    while True:
        text = _tidy(text, paragraphs=paragraphs)
        if "&" not in text:
            return text
        unescaped = _ENTITY.sub(lambda match: html.unescape(match[0]), text)
        if unescaped == text:
            return text
        text = unescaped


def normalise_key(text: str) -> str:
    """Give the key that texts share when they differ in form only.

    NFKC, case folded, whitespace and punctuation collapsed to single spaces. Figures stay whole:
    ``1,000`` equals ``1000``, but ``1.5``, ``15``, ``-15`` and ``▲15`` all differ.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    text = text.casefold()
    if not text.isascii():
        # Folding may undo composition; the minus sign and dashes are one sign from here on.
        text = unicodedata.normalize("NFKC", text).replace("−", "-")
    text = text.translate(_FOLD)
    if "," in text:
        text = _THOUSANDS.sub("", text)
    return " ".join(_LOOSE.sub(" ", text).split())


def _tidy(text: str, *, paragraphs: bool) -> str:
    """Strip what is invisible, compose, collapse whitespace."""
    if not text.isprintable():
        text = _INVISIBLE.sub("", text)
    text = unicodedata.normalize("NFC", text)
    if not paragraphs:
        return " ".join(text.split())
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)


class _Fold(dict[int, str]):
    """A translation table that decides about a character when it first meets it."""

    def __missing__(self, code: int) -> str:
        """Keep letters, marks, digits and meaningful signs; turn all else into a space."""
        character = chr(code)
        kept = (
            character in _MEANINGFUL
            or character in ".,-"
            or unicodedata.category(character)[0] in "LMN"
        )
        self[code] = character if kept else " "
        return self[code]


_FOLD = _Fold()
