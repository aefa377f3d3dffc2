"""The shift of an analyst's stance: what is judged or foreseen, never what is reported."""

import random
import re

from nmixx.triplets.rules.korean.judgement import (
    find_clause,
    is_contrasted,
    is_denied,
    is_explained,
    stands_alone,
)
from nmixx.triplets.rules.korean.lexicon import load_swaps
from nmixx.triplets.rules.korean.morphology import Sentence, analyse
from nmixx.triplets.rules.korean.rewrite import compile_pattern, load_rewrites, rewrite
from nmixx.triplets.rules.korean.sentiment import is_bound
from nmixx.triplets.rules.korean.swap import Hit, draw_swap, is_compound, list_swaps, put

_FORESEEN = compile_pattern(r"(?:ᆯ|을)/ETM (?:것/NNB+(?:으로/JKB|이/VCP)|전망/NNG|가능성/NNG)")
# The end of another clause: what stands before it is not what is foreseen.
_APART = frozenset(("EC", "EF", "JX", "ETM", "ETN", "JKG"))
# The questions of one are no view; and lower prices or debts are no sign of hope or fear.
_ASKED = re.compile(r"질의|질문|당부|문의|물었|걱정|우려를|우려가 제기")
_PRICES = re.compile(r"물가|인플레|가격|환율|금리|부채|대출|유가|임금|스프레드|연체|공실")
_GROUNDED = re.compile(
    r"므로|만큼|때문|따라서|그러므로|이에 따라|힘입|여전히|아직|감안|고려하|우려되|대로|위해서"
)
_CONCLUDED = re.compile(
    r"(?<=다)\.?$|(?<=[음함임])\.?$|(?<=니다)\.?$|(?<=다고) |"
    r"(?<=다는) (?:견해|의견|입장|생각|판단)"
)


def adjust_stance(text: str, rng: random.Random) -> str | None:
    """Make the analyst more or less positive: 비중확대 to 중립, 개선될 것 to 더디게 개선될 것."""
    sentence = analyse(text)
    if _ASKED.search(text):
        return None
    swaps = [
        pair for pair in list_swaps(sentence, load_swaps("stance")) if _is_held(sentence, pair[0])
    ]
    drawn = draw_swap(swaps, rng)
    if drawn is not None:
        return put(sentence, *drawn)
    return None if is_contrasted(sentence) else _change_outlook(sentence, rng)


def _change_outlook(sentence: Sentence, rng: random.Random) -> str | None:
    """Make what is foreseen more or less hopeful."""
    swaps = [
        pair for pair in list_swaps(sentence, load_swaps("outlook")) if _can_hope(sentence, *pair)
    ]
    drawn = draw_swap(swaps, rng)
    if drawn is not None:
        return put(sentence, *drawn)
    # A ground, or an "also", would be left behind for the opposite.
    text = sentence.text
    grounded = is_explained(text) or _GROUNDED.search(text) or "도/JX" in sentence.notation
    return None if grounded else rewrite(text, load_rewrites("hope"), rng)


def _is_held(sentence: Sentence, hit: Hit) -> bool:
    """Return whether the judgement is what the sentence, or one who speaks in it, concludes."""
    odd = is_denied(sentence, hit) or is_compound(sentence, hit)
    odd = odd or (hit.key.startswith("필요") and is_contrasted(sentence))
    if odd or _GROUNDED.search(sentence.text):
        return False
    if not sentence.morphemes[hit.stop - 1].is_stem:
        return not is_bound(sentence, hit, brings_adverb=True)
    end = sentence.morphemes[sentence.word_end(hit.stop - 1) - 1].end
    return bool(_CONCLUDED.match(sentence.text, end))


def _can_hope(sentence: Sentence, hit: Hit, new: str) -> bool:
    """Return whether the hit is foreseen, and nothing else says what is to be hoped of it."""
    if is_denied(sentence, hit) or is_bound(sentence, hit, brings_adverb=" " in new):
        return False
    first = sentence.morphemes[find_clause(sentence, hit)[0]].start
    priced = _PRICES.search(sentence.text[first : sentence.morphemes[hit.stop - 1].end])
    # A rate that itself grows or shrinks is told by that verb.
    subject = sentence.morphemes[hit.stop : hit.stop + 1]
    if priced or any(m.tag == "JKS" for m in subject):
        return False
    # More or less of the same agrees with what stands beside it; its opposite may not.
    alone = stands_alone(sentence, hit) and not is_explained(sentence.text)
    return (alone or new.split()[-1] == hit.key.split()[-1]) and _is_foreseen(sentence, hit)


def _is_foreseen(sentence: Sentence, hit: Hit) -> bool:
    """Return whether the hit belongs to what is told of the future."""
    places = [sentence.index(match.start()) for match in _FORESEEN.finditer(sentence.notation)]
    place = next((place for place in places if place >= hit.stop), None)
    between = sentence.morphemes[hit.stop : place]
    return place is not None and not any(m.tag in _APART for m in between)
