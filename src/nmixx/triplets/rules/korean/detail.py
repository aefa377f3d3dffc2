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
    Hit,
    draw_swap,
    find_hits,
    is_compound,
    list_swaps,
    put,
)
from nmixx.triplets.rules.rule import STATEMENT

_SPACES = re.compile(r"(?<=\S) {2,}")
_NATIONAL = re.compile(
    r"연준|연방|달러|행정부|[美中日英獨印]|FOMC|ECB|위안|엔화|유로|국제|관세|주요국|대외|"
    r"대중|대미|한미|제재|미국|중국|일본|유럽|세계|국가|「"
)
_ANDS = ("및", "또는", "·", "/", "등")
_EXCHANGED = 0.7  # an exchange is subtler than an insertion, so it is preferred
_BARE = ("기간", "동안", "같", "몇", "현금성", "때", "경우")  # words that say little alone
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
        return results + _list_moods(sentence, "detail", list_adverb_slots(sentence))
    # An entry of the accounts is a noun phrase too, but says nothing of markets and orders.
    if find_hits(sentence, dict.fromkeys(load_words("metric")["balance"])):
        return [
            (offset, f"noun_{kind}")
            for kind in ("balance", "flow")
            for offset in list_noun_slots(sentence, kind)
        ]
    if find_form(sentence.text) != STATEMENT:
        return results
    return results + _list_moods(sentence, "headline", list_headline_slots(sentence))


def _list_moods(sentence: Sentence, kind: str, offsets: list[int]) -> list[tuple[int, str]]:
    """Return the slots of a circumstance; what tells no change and no act has none to tell."""
    mood = find_mood(sentence)
    return [] if mood is None else [(offset, f"{kind}_{mood}") for offset in offsets]


def change_business(text: str, rng: random.Random) -> str | None:
    """Add, exchange or drop a detail of the business: a segment, region, product or driver."""
    sentence = analyse(text)
    # The economy has no customers: there a detail is only exchanged.
    macro = find_hits(sentence, dict.fromkeys(load_words("field")["macro"]))
    places = [] if macro else list_noun_slots(sentence, "result")
    slots = [(offset, "business_unit") for offset in places]
    swaps = list_swaps(sentence, load_swaps("business"))
    drawn = draw_swap([pair for pair in swaps if _can_stand(sentence, *pair)], rng)
    if drawn is not None and (not slots or rng.random() < _EXCHANGED):
        return put(sentence, *drawn)
    return _insert_phrase(sentence, slots, rng)


def _can_stand(sentence: Sentence, hit: Hit, new: str) -> bool:
    """Return whether the word is the only one of its kind in the text, and in no list or term."""
    rest = sentence.text.replace(hit.key, "", 1)
    # 유럽, 미국 must not become 유럽, 유럽.
    if hit.key in rest or new in rest:
        return False
    before, after = sentence.morphemes[hit.start - 1], sentence.morphemes[hit.stop : hit.stop + 1]
    around = [*after, *([before] if hit.start else [])]
    listed = any(m.tag in ("SP", "JC", "SSO", "SSC") or m.form in _ANDS for m in around)
    # A country has its own authorities, and stands among others of its kind.
    country = "미국" in (hit.key, *load_swaps("business")[hit.key])
    if country and (listed or _NATIONAL.search(rest)):
        return False
    followers = load_words("metric")["follower"]
    termed = bool(after) and after[0].is_noun and after[0].form not in followers
    return not termed and not (hit.start and before.is_noun) and not is_compound(sentence, hit)


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
            if not _is_whole(sentence, start, stop, label=label):
                continue
            left = morphemes[start].start
            right = morphemes[stop].start if stop < len(morphemes) else morphemes[-1].end
            spans.add((left, right))
    return sorted(spans)


def _is_whole(sentence: Sentence, start: int, stop: int, *, label: bool) -> bool:
    """Return whether a stretch is whole words, none of them an item that another one needs."""
    morphemes = sentence.morphemes
    first, after = morphemes[start], morphemes[stop : stop + 1]
    # What is tied to the word before it, be it by an "and" or in a compound, is no detail of it.
    if start and (morphemes[start - 1].form in _ANDS or morphemes[start - 1].tag == "JC"):
        return False
    if any(m.form in _ANDS for m in after) or any(m.form in _BARE for m in after):
        return False
    if first.tag[0] != "S" and start and not first.spaced and morphemes[start - 1].is_noun:
        return False
    if after and not after[0].spaced and after[0].is_noun and morphemes[stop - 1].is_noun:
        return False
    # A label that is left with "changes, equity" names nothing.
    rest = sentence.text[after[0].start :] if after else ""
    return not (label and start == 0 and re.match(r"\S+(?:,|$)", rest))


def _leaves_enough(text: str, span: tuple[int, int]) -> bool:
    start, end = span
    rest = f"{text[:start]} {text[end:]}"
    enough = len(text) - (end - start) >= _SHORTEST and len(rest.split()) > 1
    return enough and 1 < end - start < len(text) * 0.6
