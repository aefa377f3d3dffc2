"""Shifts of direction and degree: the words that say how things went, and how far.

Each is an exchange of listed words, held back where the neighbours would make it odd: a purpose is
not reversed (개선하고자 한다), and a verb that carries a degree word (큰 폭으로 증가했다) is
changed at that word, not at the verb.
"""

import random
import re

from nmixx.triplets.rules.korean.judgement import (
    can_fall,
    find_directions,
    fits_figures,
    is_contrasted,
    is_denied,
    is_direction,
    is_explained,
    names_level,
    stands_alone,
)
from nmixx.triplets.rules.korean.lexicon import load_swaps
from nmixx.triplets.rules.korean.morphology import Sentence, agree, analyse
from nmixx.triplets.rules.korean.swap import Hit, draw_swap, is_compound, list_swaps, put

_PURPOSES = frozenset(("고자", "려고", "려", "도록", "기"))
_DEGREES = frozenset(("소폭", "대폭", "약간", "큰", "폭", "다소"))
_UNIT = r"(?: ?(?:[조억만천]|mn|mln|bn|%p|%|유로|달러|원|명|대|건|톤|리터|배럴|가구|㎡))*"
_FIGURE = rf"(?:(?:EUR|USD|SEK) ?)?\d[\d.,]*{_UNIT}(?: ?\d[\d.,]*{_UNIT})*"
_REACH = 10  # characters: room for a degree word or a percentage
_FROM_TO = re.compile(rf"({_FIGURE})에서 ({_FIGURE})(?:으로|로)(?= )")
# A value set beside an earlier one; a year before these words is none.
_COMPARED = re.compile(
    r"(?:\d|[조억만천원명대톤배건%)]|퍼센트|유로|달러|mn|mln|bn|m) ?"
    r"(?:에서|보다|에 비|과 비|와 비|부터|까지)"
)
_BEHIND_NOUN = ("JKO", "SF", "SE", "SP", "SY", "SO", "SSC", "SW", "XSV")


def reverse_sentiment(text: str, rng: random.Random) -> str | None:
    """Flip one direction or evaluation: 증가했다 to 감소했다, 흑자 to 적자."""
    sentence = analyse(text)
    if is_contrasted(sentence) or is_explained(text) or not can_fall(text):
        return None
    swaps = list_swaps(sentence, load_swaps("reversal"))
    drawn = draw_swap([pair for pair in swaps if _can_turn(sentence, *pair)], rng)
    if drawn is None:
        return None
    place = sentence.morphemes[drawn[0].start].start
    told = put(sentence, *drawn)
    exchanged = _exchange_figures(told, place)
    # What rose to 5 from 3 cannot have fallen to 5 from 3.
    return None if exchanged == told and _COMPARED.search(text) else exchanged


def _can_turn(sentence: Sentence, hit: Hit, new: str) -> bool:
    """Return whether the hit carries the direction of its clause and can be told otherwise."""
    # 강점과 약점 must not become 강점과 강점.
    doubled = not hit.key.endswith("다") and new in sentence.text
    odd = doubled or _is_purpose(sentence, hit) or is_denied(sentence, hit)
    odd = odd or _is_attribute(sentence, hit)
    return not odd and stands_alone(sentence, hit) and names_level(sentence, hit)


def _is_attribute(sentence: Sentence, hit: Hit) -> bool:
    """Return whether the hit only describes a noun: 높은 물가."""
    last, after = sentence.morphemes[hit.stop - 1], sentence.morphemes[hit.stop : hit.stop + 1]
    return last.tag[1:2] == "A" and last.is_stem and bool(after) and after[0].tag == "ETM"


def _exchange_figures(text: str, place: int) -> str:
    """Let what rose from 3 to 5 fall from 5 to 3, if the figures stand right before `place`."""
    match = next((m for m in _FROM_TO.finditer(text) if 0 < place - m.end() < _REACH), None)
    if match is None:
        return text
    figures = f"{match[2]}에서 {match[1]}{agree(match[1], '으로')}"
    return text[: match.start()] + figures + text[match.end() :]


def scale_sentiment(text: str, rng: random.Random) -> str | None:
    """Make one statement weaker or stronger: 올랐다 to 소폭 올랐다, 급등 to 상승."""
    sentence = analyse(text)
    # Two values show themselves how far it is from one to the other.
    if _COMPARED.search(text):
        return None
    swaps = list_swaps(sentence, load_swaps("intensity"))
    stops = {hit.stop for hit, _ in swaps}
    drawn = draw_swap(
        [
            (hit, new)
            for hit, new in swaps
            if hit.start not in stops and fits_figures(text, new) and _can_scale(sentence, hit, new)
        ],
        rng,
    )
    return None if drawn is None else put(sentence, *drawn)


def _can_scale(sentence: Sentence, hit: Hit, new: str) -> bool:
    """Return whether the hit tells a change or a judgement that has a degree there."""
    odd = is_denied(sentence, hit) or _is_purpose(sentence, hit)
    return (
        not odd
        and not is_bound(sentence, hit, brings_adverb=" " in new)
        and _is_told(sentence, hit)
    )


def _grades(sentence: Sentence, hit: Hit) -> bool:
    """Return whether a word of degree stands right before the change it measures."""
    return any(hit.stop <= place <= hit.stop + 1 for place in find_directions(sentence.text))


def _is_told(sentence: Sentence, hit: Hit) -> bool:
    """Return whether a noun of change is what the clause tells, not part of a cause or a term."""
    last = sentence.morphemes[hit.stop - 1]
    if last.is_stem:
        return True
    if not is_direction(hit.key):
        return _grades(sentence, hit)
    after = sentence.morphemes[hit.stop : hit.stop + 1]
    return not after or after[0].tag.startswith(_BEHIND_NOUN)


def _is_purpose(sentence: Sentence, hit: Hit) -> bool:
    """Return whether the word is aimed at rather than told."""
    return any(m.form in _PURPOSES for m in sentence.morphemes[hit.stop : hit.stop + 2])


def is_bound(sentence: Sentence, hit: Hit, *, brings_adverb: bool) -> bool:
    """Return whether the hit is part of a compound or bracket, or already has its adverb."""
    before = sentence.morphemes[hit.start - 1]
    graded = (
        before.tag in ("MAG", "MM")
        or before.form in _DEGREES
        or before.tag == "ETM"
        or (before.form, before.tag) == ("게", "EC")
    )
    noun = not sentence.morphemes[hit.stop - 1].is_stem
    adnominal = noun and (before.tag == "XSN" or before.is_noun)
    return is_compound(sentence, hit) or (hit.start > 0 and brings_adverb and (graded or adnominal))
