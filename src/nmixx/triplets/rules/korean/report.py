"""Shifts of an analyst's report: scope of the cause, fact or opinion, term of art or plain word."""

import random
import re

from nmixx.triplets.rules.korean.grammar import draw
from nmixx.triplets.rules.korean.lexicon import load_swaps
from nmixx.triplets.rules.korean.morphology import Sentence, analyse
from nmixx.triplets.rules.korean.rewrite import load_rewrites, rewrite
from nmixx.triplets.rules.korean.slot import insert
from nmixx.triplets.rules.korean.swap import Hit, draw_swap, is_compound, list_swaps, put

_NAMED = 0.5  # the share of views told by naming whose they are
_PARTICLES = ("JX", "JKS", "JKB")
_DATES = ("NNB", "SN")
_LISTING = ("JC", "SP", "SSO")
_ANDS = ("및", "또는", "·", "/")
_MARKETS = re.compile(r"국제금융|금융시장|국채|연준|ECB|주요국")
_CONJUNCTIONS = ("MAJ", "MAG", "SP", "SN", "SO", "SW", "SB")


def move_scope(text: str, rng: random.Random) -> str | None:
    """Move a cause or scope from the economy to the company, or back: 환율 to 판매단가."""
    # A company has no part in what markets do.
    if _MARKETS.search(text):
        return None
    sentence = analyse(text)
    swaps = list_swaps(sentence, load_swaps("scope"))
    drawn = draw_swap([pair for pair in swaps if _is_moved(sentence, *pair)], rng)
    return None if drawn is None else put(sentence, *drawn)


def _is_moved(sentence: Sentence, hit: Hit, new: str) -> bool:
    """Return whether the hit is a whole part of the sentence, and in no term."""
    morphemes = sentence.morphemes
    after = morphemes[hit.stop : hit.stop + 1]
    alone = not (hit.start and morphemes[hit.start - 1].is_noun) and _is_free(sentence, hit)
    return alone and bool(after) and after[0].tag in _PARTICLES and new not in sentence.text


def simplify_term(text: str, rng: random.Random) -> str | None:
    """Say a term of art in plain words that lose its precision: 영업이익률 to 수익성."""
    sentence = analyse(text)
    swaps = list_swaps(sentence, load_swaps("jargon"))
    drawn = draw_swap([pair for pair in swaps if _is_lost(sentence, *pair)], rng)
    return None if drawn is None else put(sentence, *drawn)


def _is_lost(sentence: Sentence, hit: Hit, new: str) -> bool:
    """Return whether the term goes for good, for words that do not stand beside it already."""
    rest = sentence.text.replace(hit.key, "", 1)
    if hit.key in rest or new in rest or new in load_swaps("synonym").get(hit.key, ()):
        return False
    before, after = sentence.morphemes[hit.start - 1], sentence.morphemes[hit.stop : hit.stop + 1]
    termed = hit.start > 0 and before.is_noun and not before.tag.startswith(_DATES)
    headed = bool(after) and after[0].is_noun and not new.endswith("보다")
    listed = bool(after) and (after[0].tag in _LISTING or after[0].form in _ANDS)
    listed = listed or (hit.start > 0 and (before.tag in _LISTING or before.form in _ANDS))
    return _is_free(sentence, hit) and not (termed or headed or listed)


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
