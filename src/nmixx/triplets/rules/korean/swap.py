"""Exchange of words listed in a lexicon, whatever particle or ending they carry.

A key that ends in 다 is a predicate in its dictionary form (오르다, 흑자로 전환하다): it is found
under any ending, and its replacement takes that ending over. Any other key is a fixed string of
whole morphemes (영업이익, 큰 폭으로), and the particle after it is agreed anew.
"""

import random
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from nmixx.triplets.rules.korean.lexicon import Swaps
from nmixx.triplets.rules.korean.morphology import Sentence, agree, analyse, conjugate

_LONGEST_KEY = 8  # morphemes
_DERIVING = ("하", "되", "시키")
_CLOSE_BY = ("SSO", "SSC", "SS", "SW")
_ATTRIBUTIVE = ("한", "운", "은", "의")
_FAILING = ("못하다", "실패하다")


class Hit(NamedTuple):
    """A key of a table found in a sentence, as a half-open range of morphemes."""

    start: int
    stop: int
    key: str


def find_hits(sentence: Sentence, table: Mapping[str, object]) -> list[Hit]:
    """Return where keys of `table` occur, the longest at each place, none overlapping."""
    hits: list[Hit] = []
    start = 0
    while start < len(sentence.morphemes):
        hit = next((h for h in _list_keys(sentence, start) if h.key in table), None)
        if hit is not None:
            hits.append(hit)
        start = hit.stop if hit is not None else start + 1
    return hits


def _list_keys(sentence: Sentence, start: int) -> Iterator[Hit]:
    morphemes = sentence.morphemes
    left = morphemes[start].start
    for stop in range(min(start + _LONGEST_KEY, len(morphemes)), start, -1):
        last = morphemes[stop - 1]
        if last.is_stem:
            yield Hit(start, stop, sentence.text[left : last.start] + last.form + "다")
        elif stop == len(morphemes) or morphemes[stop].start >= last.end:
            yield Hit(start, stop, sentence.text[left : last.end])


def put(sentence: Sentence, hit: Hit, new: str) -> str:
    """Return the text with the hit written as `new`, its endings and particles agreed."""
    morphemes = sentence.morphemes
    stop = sentence.word_end(hit.stop - 1)
    affixes = morphemes[hit.stop : stop]
    if morphemes[hit.stop - 1].is_stem and new.endswith("다"):
        lead, stem = _split_predicate(new, descriptive="A" in morphemes[hit.stop - 1].tag)
        tail = [(m.form, m.tag, False) for m in affixes]
        return sentence.splice(hit.start, stop, lead + conjugate([*stem, *tail]))
    if affixes and affixes[0].tag.startswith("J"):
        particle = agree(new, affixes[0].form)
        return sentence.splice(hit.start, hit.stop + 1, new + particle)
    if affixes and affixes[0].tag == "VCP":
        tail = [(m.form, m.tag, False) for m in affixes]
        return sentence.splice(hit.start, stop, conjugate([(new, "NNG", False), *tail]))
    return sentence.splice(hit.start, hit.stop, new)


def _split_predicate(new: str, *, descriptive: bool) -> tuple[str, list[tuple[str, str, bool]]]:
    """Return what stands before the last word of a dictionary form, and that word's stem."""
    lead, space, word = new[:-1].rpartition(" ")
    for suffix in _DERIVING:
        if word.endswith(suffix) and len(word) > len(suffix):
            noun = word[: -len(suffix)]
            tag = "XSA" if descriptive and suffix == "하" else "XSV"
            return lead + space, [(noun, "NNG", False), (suffix, tag, False)]
    return lead + space, [(word, "VA" if descriptive else "VV", False)]


class Piece(NamedTuple):
    """A stretch of a text, from `left` up to `right`, and what to write there."""

    left: int
    right: int
    new: str


def cut(sentence: Sentence, hit: Hit, new: str) -> Piece:
    """Return the stretch that :func:`put` would change, so that several can be put at once."""
    text, told = sentence.text, put(sentence, hit, new)
    left = sentence.morphemes[hit.start].start
    kept = 0
    limit = min(len(text), len(told)) - left
    while kept < limit and text[-1 - kept] == told[-1 - kept]:
        kept += 1
    return Piece(left, len(text) - kept, told[left : len(told) - kept])


def list_swaps(sentence: Sentence, table: Swaps) -> list[tuple[Hit, str]]:
    """Return every exchange the table allows in the sentence."""
    return [
        (hit, new)
        for hit in find_hits(sentence, table)
        for new in table[hit.key]
        if _fits(sentence, hit, new)
    ]


def _fits(sentence: Sentence, hit: Hit, new: str) -> bool:
    """Return whether `new` can stand there: never inside a compound such as 이익잉여금."""
    morphemes = sentence.morphemes
    if morphemes[hit.stop - 1].is_stem:
        ending = morphemes[hit.stop].tag if sentence.word_end(hit.stop - 1) > hit.stop else ""
        # Only what is over can have failed: 달성하고자 한다 has no 달성하지 못하고자 한다.
        return ending.startswith("EP" if new.endswith(_FAILING) else "E")
    after = morphemes[hit.stop] if hit.stop < len(morphemes) else None
    # 최고경영자(CEO) names both already, and a particle behind a quote is not agreed.
    if after is not None and after.tag in _CLOSE_BY and not after.spaced:
        return False
    if after is not None and not after.spaced and (after.is_noun or (after.is_stem and " " in new)):
        return False
    # An attribute (상당한) replaces one before a noun, not one that is the predicate (제한적이다).
    if after is not None and after.is_affix and new.endswith(_ATTRIBUTIVE):
        return False
    first, before = morphemes[hit.start], morphemes[hit.start - 1]
    # 30%는 is a figure with its particle, whatever verb the analysis may see in it.
    glued = before.tag in ("XPN", "SW", "SN")
    return first.spaced or hit.start == 0 or not (glued or (" " in new and before.is_noun))


def is_compound(sentence: Sentence, hit: Hit) -> bool:
    """Return whether the hit is the tail of a longer word or stands in a bracket."""
    first, before = sentence.morphemes[hit.start], sentence.morphemes[hit.start - 1]
    tied = before.is_noun or before.tag in ("XPN", "SSO")
    return hit.start > 0 and not first.spaced and tied


def draw_swap(swaps: list[tuple[Hit, str]], rng: random.Random) -> tuple[Hit, str] | None:
    """Return one exchange, or None of none: the place is drawn first, then the word.

    So a word with many alternatives does not win by their number.
    """
    if not swaps:
        return None
    place = rng.choice(sorted({hit for hit, _ in swaps}))
    return rng.choice([pair for pair in swaps if pair[0] == place])


def swap(text: str, table: Swaps, rng: random.Random) -> str | None:
    """Return `text` with one listed word exchanged, or None where none occurs."""
    sentence = analyse(text)
    drawn = draw_swap(list_swaps(sentence, table), rng)
    return None if drawn is None else put(sentence, *drawn)
