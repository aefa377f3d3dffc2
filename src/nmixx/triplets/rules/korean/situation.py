"""The shift of circumstance: something new has come up around what the sentence tells."""

import random
import re

from nmixx.triplets.rules.korean.grammar import draw
from nmixx.triplets.rules.korean.lexicon import load_words
from nmixx.triplets.rules.korean.morphology import Sentence, analyse
from nmixx.triplets.rules.korean.rewrite import compile_pattern, load_rewrites, put_match
from nmixx.triplets.rules.korean.slot import (
    insert,
    is_headline,
    list_adverb_slots,
    list_headline_slots,
)
from nmixx.triplets.rules.korean.swap import find_hits

_MIDDLE = 0.7  # the share told in the middle of the sentence rather than after it
# What happened or will; what is so in general, as in a definition, has no news.
_HAPPENS = re.compile(r"(?:었|겠)/EP|고/EC 있/VX|(?:예정|전망|계획|방침|예상|기대)/NNG|ᆯ/ETM 것/NNB")
_DIGIT = re.compile(r"\d")
_TAIL = compile_pattern(r"(?:…|\.\.\.|⋯)/S[A-Z]")


def raise_situation(text: str, rng: random.Random) -> str | None:
    """Tell that a probe, a strike, a rival, an approval or the like has come up."""
    sentence = analyse(text)
    if is_headline(sentence):
        return _amend_headline(sentence, rng)
    return _amend(sentence, rng) if _HAPPENS.search(sentence.notation) else None


def _amend(sentence: Sentence, rng: random.Random) -> str | None:
    field = _find_field(sentence)
    slots = list_adverb_slots(sentence)
    joints = [
        (match, row.replacements)
        for row in load_rewrites("joint")
        for match in row.pattern.finditer(sentence.notation)
    ]
    if slots and (not joints or rng.random() < _MIDDLE):
        return insert(sentence.text, rng.choice(slots), draw(f"{field}situation", rng))
    if not joints:
        return None
    # The sentence goes on: its last ending becomes a connective, the circumstance follows.
    match, replacements = max(joints, key=lambda joint: joint[0].start())
    polite = match[0].startswith(("습니다", "ᆸ니다"))
    joined = put_match(sentence, match, rng.choice(replacements))
    body = joined.rstrip(" .")
    after = draw(f"{field}aftermath", rng)
    return f"{body} {after[:-1] + '습니다' if polite else after}{joined[len(body) :]}"


def _amend_headline(sentence: Sentence, rng: random.Random) -> str | None:
    field, text = _find_field(sentence), sentence.text
    ways = [
        insert(text, offset, draw(f"{field}headline_amid", rng))
        for offset in list_headline_slots(sentence)
    ]
    tail = _TAIL.search(sentence.notation)
    end = sentence.morphemes[sentence.index(tail.start())].end if tail else len(text)
    # A tail that holds figures stays; any other may give way to the news.
    if ways and not _DIGIT.search(text[end:]):
        ways.append(f"{text[:end]}{'' if tail else '…'}{draw(f'{field}headline_event', rng)}")
    return rng.choice(ways) if ways else None


def _find_field(sentence: Sentence) -> str:
    """Return the prefix of the grammar symbols that suit the sentence: "" for a company's."""
    words = load_words("field")
    field = next((name for name in words if find_hits(sentence, dict.fromkeys(words[name]))), "")
    return {"business": "", "": "public_"}.get(field, f"{field}_")
