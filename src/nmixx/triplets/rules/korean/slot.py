"""Places in a Korean sentence where a phrase can be put in without breaking its grammar."""

from nmixx.triplets.rules.korean.lexicon import load_words
from nmixx.triplets.rules.korean.morphology import Sentence
from nmixx.triplets.rules.korean.swap import find_hits

_TOPICS = ("은", "는")
_OPENERS = frozenset(("가능성", "필요", "관심", "차이", "문제", "경우", "상황", "수", "것", "바"))
_ANDS = ("및", "또는", "·", ",")
_FIGURES = ("SN", "SL", "SH")
_MOODS = ("market", "up", "down", "act")


def is_headline(sentence: Sentence) -> bool:
    """Return whether the text ends in a noun or mark rather than in a sentence ending."""
    tail = [m.tag for m in sentence.morphemes[-4:]]
    return not any(tag in ("EF", "ETN") or (tag == "EC" and tag == tail[-1]) for tag in tail)


def list_adverb_slots(sentence: Sentence) -> list[int]:
    """Return the offsets where an adverbial fits: after topics or, failing these, subjects."""
    morphemes = sentence.morphemes
    topics: list[int] = []
    others: list[int] = []
    for before, here, after in zip(morphemes, morphemes[1:], morphemes[2:], strict=False):
        topic = here.tag == "JX" and here.form in _TOPICS and before.is_noun
        subject = here.tag == "JKS" and before.is_noun and before.form not in _OPENERS
        clause = here.tag == "SP" and here.form == "," and before.tag == "EC"
        follows = after.spaced and (after.is_noun or after.tag in ("MM", "XPN"))
        if (topic or subject or clause) and follows and not _is_quoted(sentence.text, here.end):
            (topics if topic else others).append(after.start)
    # A subject may be that of an inner clause, which ends in an adnominal form.
    return topics or ([] if any(m.tag == "ETM" for m in morphemes) else others)


def list_headline_slots(sentence: Sentence) -> list[int]:
    """Return the offsets after the comma that closes a headline's subject."""
    morphemes = sentence.morphemes
    return [
        after.start
        for before, here, after in zip(morphemes, morphemes[1:], morphemes[2:], strict=False)
        if (here.form == "," and before.is_noun and after.spaced)
        and (after.tag[0] != "S" or after.tag in _FIGURES)
    ][:1]


def list_noun_slots(sentence: Sentence, kind: str) -> list[int]:
    """Return the offsets before nouns of a class, where an attribute fits."""
    words = load_words("metric")
    slots: list[int] = []
    for hit in find_hits(sentence, dict.fromkeys(words[kind])):
        first, before = sentence.morphemes[hit.start], sentence.morphemes[hit.start - 1]
        after = sentence.morphemes[hit.stop : hit.stop + 1]
        # Inside a compound (해외 판매) or as the root of a verb (판매하다) a noun takes none.
        deriving = bool(after) and not after[0].spaced and after[0].is_stem
        inner = hit.start > 0 and (
            (before.is_noun and before.form not in words["period"]) or before.tag == "ETM"
        )
        inner = inner or (hit.start > 0 and (before.tag == "JKG" or before.form in _ANDS))
        compound = bool(after) and after[0].is_noun and after[0].tag[0] not in "S"
        if first.spaced and not deriving and not inner and not compound:
            slots.append(first.start)
    return [slot for slot in slots if not _is_quoted(sentence.text, slot)]


def _is_quoted(text: str, offset: int) -> bool:
    before = text[:offset]
    return before.count('"') % 2 == 1 or before.count("“") > before.count("”")


def find_mood(sentence: Sentence) -> str | None:
    """Return what is told: of a "market", of things going "up" or "down", an "act", or nothing."""
    words = load_words("mood")
    for mood in _MOODS:
        if find_hits(sentence, dict.fromkeys(words[mood])):
            return mood
    return None


def insert(text: str, offset: int, phrase: str) -> str:
    """Return `text` with a phrase and a space put in at `offset`, the start of a word."""
    return f"{text[:offset]}{phrase} {text[offset:]}"
