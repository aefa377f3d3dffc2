"""Candidate pairs: each sentence shifted and reworded by rule, alone and beside its translation.

What gives a label away is met here and in the selection. Wherever a shift puts words in, the same
words also stand in faithful pairs (both sentences carry them) and in shifted pairs of equal
length (each sentence carries words of its own), so that neither an inserted phrase nor a longer
second sentence means a shift.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nmixx.benchmark.items import Item
from nmixx.benchmark.settings import DraftSettings
from nmixx.benchmark.texts import SourceText
from nmixx.corpus.clean import normalise_key
from nmixx.corpus.shapes import content_id
from nmixx.progress import track
from nmixx.storage import fingerprint
from nmixx.triplets.rules import LanguageRules, rules_for
from nmixx.triplets.taxonomy import SHIFTS, shifts_for

TRIES = 3
"""Rewordings drawn of a text; the one that changes most is taken."""


@dataclass(frozen=True)
class _Versions:
    """What rules make of one sentence for one shift; None where they make nothing."""

    shift: str
    shifted: str
    other: str | None
    reworded: str | None
    shifted_reworded: str | None


def propose_items(texts: Sequence[SourceText], settings: DraftSettings, *, seed: int) -> list[Item]:
    """Make every candidate pair that the rules can make of the texts.

    A faithful pair comes once for each shift that it may be told apart from.

    Args:
        texts: sentences; those in a language without rules give none.
        settings: which shifts and languages are wanted.
        seed: of every rule's choices; a text's candidates do not depend on the other texts.

    Raises:
        MissingExtraError: the rules of a language need a package that is not installed.
    """
    found: dict[tuple[str, str], Item] = {}
    for text in track(texts, "drafting"):
        rules = rules_for(text.lang)
        if rules is None:
            continue
        chooser = random.Random(fingerprint(seed, text.text))
        for item in _propose(text, rules, settings, chooser):
            if _usable(item, settings):
                found.setdefault((item.id, item.contrast), item)
    return list(found.values())


def _propose(
    text: SourceText, rules: LanguageRules, settings: DraftSettings, chooser: random.Random
) -> Iterator[Item]:
    """Yield the candidates of one sentence."""
    reworded = _reword(text.text, rules, chooser)
    for shift in shifts_for(text.category):
        rule = rules.shifts.get(shift.name)
        if rule is None or (settings.shifts and shift.name not in settings.shifts):
            continue
        shifted = rule(text.text, chooser)
        if shifted is None:
            continue
        inserts = not SHIFTS[shift.name].keeps_figures or len(shifted) > 1.1 * len(text.text)
        versions = _Versions(
            shift.name,
            shifted,
            rule(text.text, chooser) if inserts else None,
            reworded,
            _reword(shifted, rules, chooser),
        )
        yield from _within(text, versions, chooser)
        yield from _across(text, versions)


def _within(text: SourceText, made: _Versions, chooser: random.Random) -> Iterator[Item]:
    """Yield the pairs in one language."""
    lang, plain = text.lang, text.text
    yield _item(text, plain, made.shifted, lang, made.shift, made.shift, "shifted")
    if made.other is not None and len(plain) < min(len(made.other), len(made.shifted)):
        yield _item(text, made.other, made.shifted, lang, made.shift, made.shift, "two shifts")
    if made.reworded is not None:
        yield _item(
            text, made.reworded, made.shifted, lang, made.shift, made.shift, "reworded, shifted"
        )
        one, two = _either_way(plain, made.reworded, chooser)
        yield _item(text, one, two, lang, "paraphrase", made.shift, "reworded")
    if made.shifted_reworded is not None:
        one, two = _either_way(made.shifted, made.shifted_reworded, chooser)
        yield _item(text, one, two, lang, "paraphrase", made.shift, "shifted, then reworded")


def _across(text: SourceText, made: _Versions) -> Iterator[Item]:
    """Yield the pairs in two languages: the translation, and what became of the sentence.

    The other direction comes from the translation, which is a sentence to draft from too.
    """
    if not text.translation:
        return
    lang = f"{text.translation_lang}-{text.lang}"
    for second, shift, how in (
        (made.shifted, made.shift, "translated, shifted"),
        (text.text, "translation", "translated"),
        (made.reworded, "translation", "translated, reworded"),
    ):
        if second is not None:
            yield _item(text, text.translation, second, lang, shift, made.shift, how)


def _reword(text: str, rules: LanguageRules, chooser: random.Random) -> str | None:
    """Give the rewording, of a few, that shares fewest words with the text."""
    drawn = [rules.rephrase(text, chooser) for _ in range(TRIES)]
    words = set(text.split())
    some = [one for one in drawn if one is not None]
    return max(some, key=lambda one: len(set(one.split()) - words), default=None)


def _either_way(one: str, two: str, chooser: random.Random) -> tuple[str, str]:
    """Put two texts that mean the same in an order by chance."""
    return (one, two) if chooser.random() < 0.5 else (two, one)


def _item(
    text: SourceText, one: str, two: str, lang: str, shift: str, contrast: str, made: str
) -> Item:
    """Make a pair; its id depends on its two sentences alone."""
    return Item(
        # A letter first: a spreadsheet takes hexadecimal digits for a number now and then.
        id=f"p{content_id(one, two)[:12]}",
        sentence1=one,
        sentence2=two,
        lang=lang,
        category=text.category,
        shift=shift,
        contrast=contrast,
        group=text.group,
        source=text.source,
        made=made,
    )


def _usable(item: Item, settings: DraftSettings) -> bool:
    """Tell whether a pair is of a wanted language and its sentences differ."""
    if settings.langs and item.lang not in settings.langs:
        return False
    return normalise_key(item.sentence1) != normalise_key(item.sentence2)
