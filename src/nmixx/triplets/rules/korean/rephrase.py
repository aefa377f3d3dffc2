"""Rephrasing: the same facts in other words, as a positive for contrastive training.

Edits of several kinds are compounded, each from a list whose members mean the same; the result
counts only when enough of it was said differently.
"""

import random
import re
from collections import Counter
from collections.abc import Callable

from nmixx.triplets.rules.korean.figure import rewrite_figures
from nmixx.triplets.rules.korean.lexicon import load_swaps
from nmixx.triplets.rules.korean.morphology import analyse
from nmixx.triplets.rules.korean.rewrite import compile_pattern, load_rewrites, put_match
from nmixx.triplets.rules.korean.swap import Hit, cut, is_compound, list_swaps

_LEAST_EDITS = 2
_MOST_SWAPS = 7
_LIKELY = 0.85  # that a kind of edit is tried, so that one text has many rephrasings
_LEAST_CHANGE = 0.2  # the share of words that must be different
_TIME = compile_pattern(
    r"(?P<topic>(?:@P )?@P+(?:은|는)/JX) (?P<time>(?:[^ +]+/(?:SN|NNB|NNG|NR|SW)[+ ]){1,5}"
    r"(?:년|월|분기|일|기간|말|초|상반기|하반기)/NN[BG]+에/JKB(?:+(?:는|도)/JX)?)(?= )"
)
_QUOTE = compile_pattern(
    r"(?:은|는)/JX (?=.*(?:다고|라고)/EC (?:밝히|전하)/VV+었/EP+다/EF)|"
    r"(?:은|는)/JX (?=.*(?:다고|라고)/EC (?:발표|말|설명)/NNG+하/XSV+었/EP+다/EF)"
)
_SPELLINGS = (
    ("아니하였", "않았"),
    ("하여서는 아니 된", "해서는 안 된"),
    ("하여야", "해야"),
    ("하였", "했"),
    ("되었", "됐"),
    ("되어야", "돼야"),
    ("아니한다", "않는다"),
    ("아니하는", "않는"),
    ("아니하고", "않고"),
    ("아니하도록", "않도록"),
)
_SAID = re.compile(r"(?<!겠)다고 (?:밝혔|전했|발표했|발표하였|말했|설명했)다(?=\.?$)")


def rephrase(text: str, rng: random.Random) -> str | None:
    """Return the same information in other words, or None where too little can be changed."""
    edits = 0
    said = text
    for edit in _EDITS:
        changed = edit(said, rng) if rng.random() < _LIKELY else said
        edits += changed != said
        said = changed
    said, swapped = _swap_synonyms(said, text, rng)
    edits += swapped
    enough = edits >= _LEAST_EDITS and _measure_change(text, said) >= _LEAST_CHANGE
    return said if enough else None


def _measure_change(before: str, after: str) -> float:
    """Return the share of the words of `before` that `after` does not have."""
    words = Counter(before.split())
    kept = words & Counter(after.split())
    return 1 - kept.total() / max(1, words.total())


def _swap_synonyms(said: str, text: str, rng: random.Random) -> tuple[str, int]:
    """Exchange words of the original that are still there, so that no edit undoes another."""
    sentence = analyse(said)
    original = set(text.split())
    places: dict[Hit, list[str]] = {}
    for hit, new in list_swaps(sentence, load_swaps("synonym")):
        fresh = _word_at(said, sentence.morphemes[hit.start].start) in original
        if fresh and not is_compound(sentence, hit):
            places.setdefault(hit, []).append(new)
    hits = rng.sample(sorted(places), min(len(places), _MOST_SWAPS))
    pieces = [cut(sentence, hit, rng.choice(places[hit])) for hit in hits]
    done = len(said)
    for piece in sorted(pieces, reverse=True):
        # Two pieces of one word would write over each other.
        if piece.right <= done:
            said, done = said[: piece.left] + piece.new + said[piece.right :], piece.left
    return said, len(pieces)


def _word_at(text: str, offset: int) -> str:
    start = text.rfind(" ", 0, offset) + 1
    return text[start:].split(" ", 1)[0]


def _front_time(text: str, rng: random.Random) -> str:
    """Move a time phrase before the topic: 회사는 3분기에 to 3분기에 회사는."""
    match = _TIME.match(analyse(text).notation)
    if match is None:
        return text
    sentence = analyse(text)
    middle = sentence.morphemes[sentence.index(match.start("time"))].start
    end = sentence.morphemes[sentence.index(match.end("time")) - 1].end
    return f"{text[middle:end]} {text[:middle].rstrip()}{text[end:]}"


def _turn_quote(text: str, rng: random.Random) -> str:
    """Tell a quoted statement as a report: 회사는 늘었다고 밝혔다 to 회사에 따르면 늘었다."""
    sentence = analyse(text)
    match, said = _QUOTE.search(sentence.notation), _SAID.search(text)
    if match is None or said is None or '"' in text:
        return text
    topic = sentence.morphemes[sentence.index(match.start())]
    source = f"{text[: topic.start]}에 따르면"
    return f"{source}{text[topic.end : said.start()]}다{text[said.end() :]}"


def _reword(text: str, rng: random.Random) -> str:
    """Rewrite one construction as another that says the same."""
    sentence = analyse(text)
    matches = [
        (match, row.replacements)
        for row in load_rewrites("wording")
        for match in row.pattern.finditer(sentence.notation)
    ]
    if not matches:
        return text
    match, replacements = rng.choice(matches)
    return put_match(sentence, match, rng.choice(replacements))


def _recast_figures(text: str, rng: random.Random) -> str:
    return rewrite_figures(text)


def _respell(text: str, rng: random.Random) -> str:
    """Write contracted forms for full ones, all of a text: 하여야 한다 to 해야 한다."""
    for full, short in _SPELLINGS:
        text = text.replace(full, short)
    return text


_EDITS: tuple[Callable[[str, random.Random], str], ...] = (
    _turn_quote,
    _front_time,
    _reword,
    _recast_figures,
    _reword,
    _respell,
)
