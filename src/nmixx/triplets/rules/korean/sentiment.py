"""Shifts of direction, degree and stance: the words that say how things went and how sure one is.

Each is an exchange of listed words, held back where the neighbours would make it odd: a purpose is
not reversed (개선하고자 한다), and a verb that carries a degree word (큰 폭으로 증가했다) is
changed at that word, not at the verb.
"""

import random
import re

from nmixx.triplets.rules.korean.lexicon import load_swaps
from nmixx.triplets.rules.korean.morphology import Sentence, agree, analyse
from nmixx.triplets.rules.korean.swap import Hit, draw_swap, is_compound, list_swaps, put

_PURPOSES = frozenset(("고자", "려고", "려", "도록", "기"))
_DEGREES = frozenset(("소폭", "대폭", "약간", "큰", "폭", "다소"))
_UNIT = r"(?: ?(?:[조억만천]|mn|mln|bn|%p|%|유로|달러|원|명|대|건|톤|리터|배럴|가구|㎡))*"
_FIGURE = rf"(?:(?:EUR|USD|SEK) ?)?\d[\d.,]*{_UNIT}(?: ?\d[\d.,]*{_UNIT})*"
_REACH = 10  # characters: room for a degree word or a percentage
_FROM_TO = re.compile(rf"({_FIGURE})에서 ({_FIGURE})(?:으로|로)(?= )")


def reverse_sentiment(text: str, rng: random.Random) -> str | None:
    """Flip one direction or evaluation: 증가했다 to 감소했다, 흑자 to 적자."""
    sentence = analyse(text)
    swaps = list_swaps(sentence, load_swaps("reversal"))
    drawn = draw_swap(
        [
            (hit, new)
            for hit, new in swaps
            # 강점과 약점 must not become 강점과 강점.
            if not _is_purpose(sentence, hit) and (hit.key.endswith("다") or new not in text)
        ],
        rng,
    )
    if drawn is None:
        return None
    place = sentence.morphemes[drawn[0].start].start
    return _exchange_figures(put(sentence, *drawn), place)


def _exchange_figures(text: str, place: int) -> str:
    """Let what rose from 3 to 5 fall from 5 to 3, if the figures stand right before `place`."""
    match = next((m for m in _FROM_TO.finditer(text) if 0 < place - m.end() < _REACH), None)
    if match is None:
        return text
    figures = f"{match[2]}에서 {match[1]}{agree(match[1], '으로')}"
    return text[: match.start()] + figures + text[match.end() :]


def scale_sentiment(text: str, rng: random.Random) -> str | None:
    """Make one statement weaker or stronger: 올랐다 to 소폭 올랐다, 급등 to 상승."""
    return _swap_ungraded(text, "intensity", rng)


def adjust_stance(text: str, rng: random.Random) -> str | None:
    """Make the analyst more or less positive: 비중확대 to 중립, 양호한 to 무난한."""
    return _swap_ungraded(text, "stance", rng)


def _swap_ungraded(text: str, name: str, rng: random.Random) -> str | None:
    sentence = analyse(text)
    swaps = list_swaps(sentence, load_swaps(name))
    stops = {hit.stop for hit, _ in swaps}
    drawn = draw_swap(
        [
            (hit, new)
            for hit, new in swaps
            if hit.start not in stops and not _is_bound(sentence, hit, " " in new)
        ],
        rng,
    )
    return None if drawn is None else put(sentence, *drawn)


def _is_purpose(sentence: Sentence, hit: Hit) -> bool:
    """Return whether the word is aimed at rather than told."""
    return any(m.form in _PURPOSES for m in sentence.morphemes[hit.stop : hit.stop + 2])


def _is_bound(sentence: Sentence, hit: Hit, brings_adverb: bool) -> bool:
    """Return whether the hit is part of a compound or bracket, or already has its adverb."""
    before = sentence.morphemes[hit.start - 1]
    graded = (
        before.tag in ("MAG", "MM")
        or before.form in _DEGREES
        or (before.form, before.tag) == ("게", "EC")
    )
    noun = not sentence.morphemes[hit.stop - 1].is_stem
    adnominal = noun and (before.tag == "XSN" or before.is_noun)
    return is_compound(sentence, hit) or (hit.start > 0 and brings_adverb and (graded or adnominal))
