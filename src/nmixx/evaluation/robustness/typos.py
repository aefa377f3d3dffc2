"""Typing errors: neighbouring letters swapped, one left out, one twice; vowels mixed up."""

from __future__ import annotations

import random
import re

_SHARE = 0.1  # of the words that are long enough
_WORD = re.compile(r"[A-Za-z]{4,}|[가-힣]{2,}")
_FIRST, _VOWELS, _FINALS = 0xAC00, 21, 28
_MISTAKEN = {1: 5, 5: 1, 3: 7, 7: 3, 10: 15, 15: 10}
"""Vowels that are typed for each other: ㅐ and ㅔ, ㅒ and ㅖ, ㅙ and ㅞ, by their number."""


def mistype(text: str, rng: random.Random) -> str:
    """Put a typing error into a tenth of the words, at least into one where there is any.

    Only words of four Latin letters or two syllables and more are touched, and never figures, so
    that what a text says can still be read.
    """
    words = list(_WORD.finditer(text))
    if not words:
        return text
    chosen = rng.sample(words, max(1, round(_SHARE * len(words))))
    for word in sorted(chosen, key=lambda found: -found.start()):
        slip = _slip_syllable if word[0][0] >= "가" else _slip_letter
        text = text[: word.start()] + slip(word[0], rng) + text[word.end() :]
    return text


def _slip_letter(word: str, rng: random.Random) -> str:
    """Swap two letters, leave one out or type one twice, never the first."""
    at = rng.randrange(1, len(word) - 1)
    kind = rng.choice(("swap", "drop", "double"))
    if kind == "swap" and word[at] != word[at + 1]:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + word[at + 1 :] if kind == "drop" else word[: at + 1] + word[at:]


def _slip_syllable(word: str, rng: random.Random) -> str:
    """Mix up a vowel where one can be, else lose or add a final consonant."""
    slips = [(at, slipped) for at, mark in enumerate(word) if (slipped := _mix_vowel(mark))]
    if not slips:
        at = rng.randrange(len(word))
        slips = [(at, _change_final(word[at]))]
    at, slipped = rng.choice(slips)
    return word[:at] + slipped + word[at + 1 :]


def _mix_vowel(syllable: str) -> str:
    """Give the syllable with the vowel that is typed for its own; nothing where none is."""
    code = ord(syllable) - _FIRST
    vowel = code // _FINALS % _VOWELS
    other = _MISTAKEN.get(vowel)
    return "" if other is None else chr(ord(syllable) + (other - vowel) * _FINALS)


def _change_final(syllable: str) -> str:
    """Lose the final consonant; add ㅅ where there is none."""
    final = (ord(syllable) - _FIRST) % _FINALS
    return chr(ord(syllable) - final) if final else chr(ord(syllable) + 19)
