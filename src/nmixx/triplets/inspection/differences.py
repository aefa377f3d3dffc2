"""Which words of two texts differ, so that a particle does not light up its whole word."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["same", "gone", "new"]

_HANGUL = re.compile("[가-힣]")
# A word is a figure, letters, or one other sign; spaces belong to what stands before them.
_PIECE = re.compile(
    r"\d+(?:[.,]\d+)*\s*|[가-힣]+\s*|[^\W\d가-힣_]+(?:['’-][^\W\d가-힣_]+)*\s*|.\s*", re.S
)
_PARTICLE = re.compile(
    r"(?<=[가-힣])(?:에서는|으로는|에게서|으로써|으로서|에서|에게|으로|까지|부터|보다|처럼|라고|"
    r"이라고|이며|이고|에는|에도|와의|과의|은|는|이|가|을|를|의|에|와|과|도|로|만|나)(?=\s*$)"
)


@dataclass(frozen=True)
class Stretch:
    """Letters that were kept, taken away or put in; all but the gone ones are the new text."""

    kind: Kind
    text: str


def mark_changes(before: str, after: str) -> list[Stretch]:
    """Find what was taken away from a text and what was put in.

    Words are compared, whatever their case. A Korean word is split before its particle, and where
    one Korean word stands in place of another only the syllables that differ are marked: two of
    증가했다 and 감소했다.
    """
    old, new = split_words(before), split_words(after)
    keys = [[word.rstrip().casefold() for word in words] for words in (old, new)]
    matcher = difflib.SequenceMatcher(a=keys[0], b=keys[1], autojunk=False)
    stretches: list[Stretch] = []
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            stretches.append(Stretch("same", "".join(new[k:m])))
        else:
            stretches += _replace("".join(old[i:j]), "".join(new[k:m]))
    return list(_join(stretches))


def split_words(text: str) -> list[str]:
    """Split a text into words that joined give it back; Korean particles stand alone."""
    words: list[str] = []
    for piece in _PIECE.findall(text):
        particle = _PARTICLE.search(piece) if _HANGUL.match(piece) else None
        if particle is None:
            words.append(piece)
        else:
            words += [piece[: particle.start()], piece[particle.start() :]]
    return words


def _replace(old: str, new: str) -> Iterator[Stretch]:
    """Mark a replacement; syllables that both begin or end with stay unmarked in Korean."""
    head, tail = _shared_ends(old, new) if _is_one_word(old) and _is_one_word(new) else (0, 0)
    yield Stretch("same", new[:head])
    yield Stretch("gone", old[head : len(old) - tail])
    yield Stretch("new", new[head : len(new) - tail])
    yield Stretch("same", new[len(new) - tail :])


def _is_one_word(text: str) -> bool:
    """Tell whether a text is one Korean word."""
    return bool(_HANGUL.match(text)) and " " not in text.strip()


def _shared_ends(old: str, new: str) -> tuple[int, int]:
    """Count the letters that two texts share at their beginning and at their end."""
    most = min(len(old), len(new))
    head = next((at for at in range(most) if old[at] != new[at]), most)
    rest = most - head
    tail = next((at for at in range(rest) if old[-1 - at] != new[-1 - at]), rest)
    return head, tail


def _join(stretches: Sequence[Stretch]) -> Iterator[Stretch]:
    """Join neighbours of one kind and leave out what is empty."""
    held: Stretch | None = None
    for stretch in stretches:
        if not stretch.text:
            continue
        if held is not None and held.kind == stretch.kind:
            held = Stretch(held.kind, held.text + stretch.text)
            continue
        if held is not None:
            yield held
        held = stretch
    if held is not None:
        yield held
