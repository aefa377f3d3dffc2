"""Morphemes of a Korean text, kept with their place in the text so that it can be edited there.

Kiwi does the analysis and the conjugation. The text itself is never re-joined as a whole: an edit
replaces one stretch, and only the word it falls in is conjugated again, so spacing, figures and
punctuation elsewhere stay as they were written.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from nmixx.words.kiwi import load_kiwi

_SURROGATE = re.compile(r"[\ud800-\udfff]")
_IRREGULAR = re.compile(r"-[RI]$")
_STEMS = ("VV", "VA", "VX", "XSV", "XSA", "VCP", "VCN")
_AFFIXES = ("J", "E", "XSV", "XSA", "VCP")
_PAIRS = ("은 는", "이 가", "을 를", "과 와", "으로 로", "이나 나", "이라 라", "이란 란", "이며 며")
_PARTICLES = {form: pair.split() for pair in _PAIRS for form in pair.split()}
_CHOICE = re.compile(r"(은|이|을|과|으로)\((?:는|가|를|와|로)\)")
# The last letter of what a figure, sign or Latin letter is read as: "" for none, "ㄹ" for rieul.
_READ_FINAL = dict.fromkeys("036LMNlmn", "ㅇ") | dict.fromkeys("178Rr", "ㄹ")
# An ending is spelt out in full where the original was: 하였다 must not come back as 했다.
_FULL_FORMS = (("하여", "해"), ("하였", "했"), ("되었", "됐"), ("되어", "돼"))


class Morpheme(NamedTuple):
    """One morpheme: its dictionary form, its tag, its place, and whether a space stands before."""

    form: str
    tag: str
    start: int
    end: int
    spaced: bool

    @property
    def is_noun(self) -> bool:
        """Whether this can close a noun phrase."""
        return self.tag[0] == "N" or self.tag in ("SL", "SN", "SH", "XSN", "XR")

    @property
    def is_stem(self) -> bool:
        """Whether endings attach to this."""
        return _IRREGULAR.sub("", self.tag) in _STEMS

    @property
    def is_affix(self) -> bool:
        """Whether this leans on what stands before it."""
        return not self.spaced and _IRREGULAR.sub("", self.tag).startswith(_AFFIXES)


@dataclass(frozen=True)
class Sentence:
    """A text with its morphemes and their Sejong notation (`증가/NNG+하/XSV+었/EP+다/EF`).

    The notation leaves Kiwi's marks for regular and irregular stems (VV-R, VV-I) out.
    """

    text: str
    morphemes: tuple[Morpheme, ...]
    notation: str
    offsets: tuple[int, ...]

    def index(self, offset: int) -> int:
        """Return the morpheme whose notation starts at or after `offset`."""
        return bisect_left(self.offsets, offset)

    def word_end(self, index: int) -> int:
        """Return the index after the last affix glued to the morpheme at `index`."""
        end = index + 1
        while end < len(self.morphemes) and self.morphemes[end].is_affix:
            end += 1
        return end

    def stem(self, index: int) -> int:
        """Return the index of the stem that the ending at `index` is attached to."""
        while index and not self.morphemes[index].is_stem and self.morphemes[index].is_affix:
            index -= 1
        return index

    def splice(self, start: int, stop: int, new: str) -> str:
        """Return the text with the morphemes from `start` up to `stop` written as `new`."""
        left = self.morphemes[start].start
        right = max(m.end for m in self.morphemes[start:stop])
        old = self.text[left:right]
        for full, short in _FULL_FORMS:
            if full in old:
                new = new.replace(short, full)
        return self.text[:left] + new + self.text[right:]


@lru_cache(maxsize=512)
def analyse(text: str) -> Sentence:
    """Return the morphemes of `text`; a text is analysed once however many rules look at it."""
    # Kiwi speaks UTF-16 and cannot take a lone surrogate; the stand-in has the same length.
    tokens = load_kiwi().tokenize(_SURROGATE.sub("\ufffd", text))
    morphemes: list[Morpheme] = []
    parts: list[str] = []
    offsets: list[int] = []
    place = end = 0
    for token in tokens:
        spaced = token.start > end or not morphemes
        morphemes.append(
            Morpheme(token.form, token.tag, token.start, token.start + token.len, spaced)
        )
        glue = "" if not parts else " " if spaced else "+"
        written = token.form.replace("/", "／").replace("+", "＋").replace(" ", "_")
        parts.append(f"{glue}{written}/{_IRREGULAR.sub('', token.tag)}")
        offsets.append(place + len(glue))
        place += len(parts[-1])
        end = max(end, token.start + token.len)
    return Sentence(text, tuple(morphemes), "".join(parts), tuple(offsets))


def parse(notation: str) -> list[tuple[str, str, bool]]:
    """Return the morphemes written in Sejong notation, each with whether it follows a space."""
    found: list[tuple[str, str, bool]] = []
    for word in notation.split(" "):
        for place, piece in enumerate(word.split("+")):
            form, _, tag = piece.rpartition("/")
            found.append((form, tag, place == 0 and bool(found)))
    return found


def conjugate(morphemes: Iterable[tuple[str, str, bool]]) -> str:
    """Return the morphemes as written Korean, endings and particles agreed."""
    written = str(load_kiwi().join(list(morphemes)))
    # Kiwi leaves 나 as it is, where a closed syllable takes 으나: 했으나.
    if written.endswith("나") and len(written) > 1 and _closes_in_ss(written[-2]):
        return f"{written[:-1]}으나"
    return written


def _closes_in_ss(syllable: str) -> bool:
    """Return whether a syllable ends in ㅆ, as every past tense does."""
    return "가" <= syllable <= "힣" and (ord(syllable) - ord("가")) % 28 == 20


def find_final(text: str) -> str:
    """Return the closing consonant that `text` is read with: "" none, "ㄹ", or "ㅇ" for others."""
    last = text.rstrip("\"'”’)]}」』 ")[-1:]
    if "가" <= last <= "힣":
        number = (ord(last) - ord("가")) % 28
        return "" if number == 0 else "ㄹ" if number == 8 else "ㅇ"
    return _READ_FINAL.get(last, "")


def agree(before: str, particle: str) -> str:
    """Return `particle` in the form that stands after `before`: 은 or 는, 으로 or 로."""
    closed, open_ = _PARTICLES.get(particle, (particle, particle))
    final = find_final(before)
    if closed == "으로":
        return closed if final == "ㅇ" else open_
    return closed if final else open_


def settle(text: str) -> str:
    """Return `text` with every 을(를), 이(가), 으로(로) decided by the word before it."""
    return _CHOICE.sub(lambda match: agree(text[: match.start()], match[1]), text)
