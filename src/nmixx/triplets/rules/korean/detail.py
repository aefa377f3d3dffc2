"""Shifts of detail: one more circumstance told, or one fewer."""

import random
import re

from nmixx.triplets.rules.korean.grammar import draw
from nmixx.triplets.rules.korean.lexicon import load_swaps, load_words, read_rows
from nmixx.triplets.rules.korean.morphology import Sentence, analyse
from nmixx.triplets.rules.korean.rewrite import compile_pattern
from nmixx.triplets.rules.korean.sentence import find_form
from nmixx.triplets.rules.korean.slot import (
    find_mood,
    insert,
    is_headline,
    list_adverb_slots,
    list_headline_slots,
    list_noun_slots,
)
from nmixx.triplets.rules.korean.swap import (
    draw_swap,
    find_hits,
    is_compound,
    list_swaps,
    put,
)
from nmixx.triplets.rules.rule import STATEMENT

_SPACES = re.compile(r"(?<=\S) {2,}")
_EXCHANGED = 0.7  # an exchange is subtler than an insertion, so it is preferred
_SHORTEST = 6  # characters that must be left on either side of a removal's sentence


def add_detail(text: str, rng: random.Random) -> str | None:
    """Tell one more circumstance: a unit, region, customer, cause, basis or condition."""
    sentence = analyse(text)
    return _insert_phrase(sentence, _list_details(sentence), rng)


def _list_details(sentence: Sentence) -> list[tuple[int, str]]:
    """Return where a detail fits and the grammar symbol of what fits there."""
    results = [(offset, "noun_unit") for offset in list_noun_slots(sentence, "result")]
    if not is_headline(sentence):
        # What something is, unlike what is done, knows no manner and no occasion.
        if any(morpheme.tag == "VCP" for morpheme in sentence.morphemes):
            return results
        symbol = f"detail_{find_mood(sentence)}"
        return results + [(offset, symbol) for offset in list_adverb_slots(sentence)]
    # An entry of the accounts is a noun phrase too, but says nothing of markets and orders.
    if find_hits(sentence, dict.fromkeys(load_words("metric")["balance"])):
        return [
            (offset, f"noun_{kind}")
            for kind in ("balance", "flow")
            for offset in list_noun_slots(sentence, kind)
        ]
    if find_form(sentence.text) != STATEMENT:
        return results
    symbol = f"headline_{find_mood(sentence)}"
    return results + [(offset, symbol) for offset in list_headline_slots(sentence)]


def change_business(text: str, rng: random.Random) -> str | None:
    """Add, exchange or drop a detail of the business: a segment, region, product or driver."""
    sentence = analyse(text)
    # The economy has no customers: there a detail is only exchanged.
    macro = find_hits(sentence, dict.fromkeys(load_words("field")["macro"]))
    places = [] if macro else list_noun_slots(sentence, "result")
    slots = [(offset, "business_unit") for offset in places]
    if slots:
        slots += [(offset, "business_scope") for offset in list_adverb_slots(sentence)]
    swaps = list_swaps(sentence, load_swaps("business"))
    # 유럽, 미국 must not become 유럽, 유럽.
    fitting = [
        (hit, new) for hit, new in swaps if not is_compound(sentence, hit) and new not in text
    ]
    drawn = draw_swap(fitting, rng)
    if drawn is not None and (not slots or rng.random() < _EXCHANGED):
        return put(sentence, *drawn)
    return _insert_phrase(sentence, slots, rng)


def _insert_phrase(
    sentence: Sentence, slots: list[tuple[int, str]], rng: random.Random
) -> str | None:
    if not slots:
        return None
    offset, symbol = rng.choice(slots)
    return insert(sentence.text, offset, draw(symbol, rng))


def drop_detail(text: str, rng: random.Random) -> str | None:
    """Leave out one real modifier: a phrase, a relative clause or a coordinated item."""
    sentence = analyse(text)
    spans = [span for span in _list_droppable(sentence) if _leaves_enough(text, span)]
    if not spans:
        return None
    start, end = rng.choice(spans)
    return _SPACES.sub(" ", text[:start] + text[end:]).strip()


def _list_droppable(sentence: Sentence) -> list[tuple[int, int]]:
    """Return the stretches that the drop patterns mark with the group `drop`."""
    morphemes = sentence.morphemes
    spans: set[tuple[int, int]] = set()
    rows = read_rows("drop_headline" if is_headline(sentence) else "drop")
    label = find_form(sentence.text) != STATEMENT
    for (source,) in rows:
        # What stands behind the comma of a headline's subject; the comma of a label lists.
        if label and source.startswith(",/SP"):
            continue
        for match in compile_pattern(source).finditer(sentence.notation):
            start, stop = sentence.index(match.start("drop")), sentence.index(match.end("drop"))
            if start >= stop:
                continue
            left = morphemes[start].start
            right = morphemes[stop].start if stop < len(morphemes) else morphemes[-1].end
            spans.add((left, right))
    return sorted(spans)


def _leaves_enough(text: str, span: tuple[int, int]) -> bool:
    start, end = span
    rest = f"{text[:start]} {text[end:]}"
    enough = len(text) - (end - start) >= _SHORTEST and len(rest.split()) > 1
    return enough and 1 < end - start < len(text) * 0.6
