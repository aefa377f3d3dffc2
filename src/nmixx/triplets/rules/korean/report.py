"""Shifts of an analyst's report: scope of the cause, fact or opinion, term of art or plain word."""

import random

from nmixx.triplets.rules.korean.grammar import draw
from nmixx.triplets.rules.korean.lexicon import load_swaps
from nmixx.triplets.rules.korean.morphology import Sentence, analyse
from nmixx.triplets.rules.korean.rewrite import load_rewrites, rewrite
from nmixx.triplets.rules.korean.slot import insert
from nmixx.triplets.rules.korean.swap import Hit, draw_swap, is_compound, list_swaps, put

_NAMED = 0.5  # the share of views told by naming whose they are
_CONJUNCTIONS = ("MAJ", "MAG", "SP", "SN", "SO", "SW", "SB")


def move_scope(text: str, rng: random.Random) -> str | None:
    """Move a cause or scope from the economy to the company, or back: 환율 to 판매단가."""
    return _swap_free(text, "scope", rng)


def simplify_term(text: str, rng: random.Random) -> str | None:
    """Say a term of art in plain words that lose its precision: 영업이익률 to 수익성."""
    return _swap_free(text, "jargon", rng)


def _swap_free(text: str, name: str, rng: random.Random) -> str | None:
    sentence = analyse(text)
    swaps = list_swaps(sentence, load_swaps(name))
    drawn = draw_swap([pair for pair in swaps if _is_free(sentence, pair[0])], rng)
    return None if drawn is None else put(sentence, *drawn)


def _is_free(sentence: Sentence, hit: Hit) -> bool:
    """Return whether the hit is neither in a compound nor, being a noun, the root of a verb."""
    morphemes = sentence.morphemes
    after = morphemes[hit.stop : hit.stop + 1]
    root = bool(after) and not after[0].spaced and after[0].is_stem and after[0].tag != "VCP"
    return not is_compound(sentence, hit) and not (root and not morphemes[hit.stop - 1].is_stem)


def hold_opinion(text: str, rng: random.Random) -> str | None:
    """Tell a fact as somebody's view (늘었다 to 는 것으로 보인다), or a view as a fact."""
    told = rewrite(text, load_rewrites("fact"), rng)
    if told is not None:
        return told
    told = rewrite(text, load_rewrites("opinion"), rng)
    if told is None or rng.random() >= _NAMED:
        return told
    morphemes = analyse(text).morphemes
    place = next((m for m in morphemes if m.spaced and m.tag not in _CONJUNCTIONS), morphemes[0])
    return insert(text, place.start, draw("attribution", rng))
