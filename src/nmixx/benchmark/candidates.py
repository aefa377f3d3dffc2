"""Candidate pairs: each sentence shifted and reworded by rule, alone and beside its translation.

What gives a label away is met here and in the selection. Wherever a shift puts words in, the same
words also stand in faithful pairs (both sentences carry them) and in shifted pairs of equal
length (each sentence carries words of its own), so that neither an inserted phrase nor a longer
second sentence means a shift.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property

from nmixx.benchmark.items import Item, Kind, kind_of, make_id
from nmixx.benchmark.settings import DraftSettings
from nmixx.benchmark.texts import SourceText
from nmixx.corpus.clean import normalise_key
from nmixx.progress import track
from nmixx.storage import fingerprint
from nmixx.triplets.rules import LanguageRules, rules_for
from nmixx.triplets.taxonomy import shifts_for

TRIES = 3
"""Rewordings drawn of a text; the one that changes most is taken."""

SURPLUS = 3
"""Texts tried for each place of a kind: what the selection has to choose from."""

LEAST = 8
"""Texts tried for a kind at least."""


class _Supply:
    """How many texts have given candidates of each kind, and whether that is enough."""

    def __init__(self, enough: int) -> None:
        self._enough = enough
        self._texts: Counter[Kind] = Counter()

    def lacks(self, kind: Kind) -> bool:
        """Tell whether more texts are wanted for a kind."""
        return self._texts[kind] < self._enough

    def count(self, items: Sequence[Item]) -> None:
        """Count one text's candidates."""
        self._texts.update({kind_of(item) for item in items})


def propose_items(texts: Sequence[SourceText], settings: DraftSettings, *, seed: int) -> list[Item]:
    """Make candidate pairs by rule, several times as many as there are places for each kind.

    A faithful pair comes once for each shift that it may be told apart from.

    Args:
        texts: sentences; those in a language without rules give none. Later ones are used for
            kinds that are still scarce.
        settings: how many pairs, which shifts and languages.
        seed: of every rule's choices, together with the text and the shift.

    Raises:
        MissingExtraError: the rules of a language need a package that is not installed.
    """
    found: dict[tuple[str, str], Item] = {}
    places = max(1, _count_kinds(texts, settings))
    supply = _Supply(max(LEAST, -(-SURPLUS * settings.pairs // places)))
    for text in track(texts, "drafting"):
        for shift, rules in _applicable(text, settings):
            made = _Maker(text, shift, rules, seed)
            items = [i for i in _propose(text, made, supply) if _usable(i, settings)]
            supply.count(items)
            for item in items:
                found.setdefault((item.id, item.contrast), item)
    return list(found.values())


def _applicable(text: SourceText, settings: DraftSettings) -> Iterator[tuple[str, LanguageRules]]:
    """Yield the wanted shifts of a text's category that its language has a rule for."""
    rules = rules_for(text.lang)
    for shift in shifts_for(text.category) if rules is not None else ():
        wanted = not settings.shifts or shift.name in settings.shifts
        if rules is not None and wanted and shift.name in rules.shifts:
            yield shift.name, rules


def _count_kinds(texts: Sequence[SourceText], settings: DraftSettings) -> int:
    """Count the kinds of pairs that the texts may give."""
    alike = {(text.category, text.lang, text.translation_lang): text for text in texts}
    kinds: set[tuple[str, str, str]] = set()
    for (category, lang, other), text in alike.items():
        langs = [lang, f"{other}-{lang}"] if other else [lang]
        for shift, _ in _applicable(text, settings):
            kinds |= {
                (category, shift, one)
                for one in langs
                if not settings.langs or one in settings.langs
            }
    return 2 * len(kinds)


def _propose(text: SourceText, made: _Maker, supply: _Supply) -> Iterator[Item]:
    """Yield a sentence's candidates of the kinds that are scarce."""
    within = (text.category, made.shift, text.lang)
    across = (text.category, made.shift, f"{text.translation_lang}-{text.lang}")
    usable = [(within, _within), *([(across, _across)] if text.translation else [])]
    wanted = {
        (kind, faithful): supply.lacks((*kind, faithful))
        for kind, _ in usable
        for faithful in (True, False)
    }
    if not any(wanted.values()) or made.shifted is None:
        return
    for kind, make in usable:
        for faithful in (True, False):
            if wanted[kind, faithful]:
                yield from make(text, made, kind[2], faithful)


class _Maker:
    """What the rules make of one sentence for one shift, each version made when it is asked for.

    Every version has a chooser of its own, so that it does not depend on which others are made.
    """

    def __init__(self, text: SourceText, shift: str, rules: LanguageRules, seed: int) -> None:
        self.shift = shift
        self._text = text.text
        self._rules = rules
        self._rule = rules.shifts[shift]
        self._seed = seed

    def chooser(self, purpose: str) -> random.Random:
        """Give the chooser of one purpose."""
        return random.Random(fingerprint(self._seed, self._text, self.shift, purpose))

    @cached_property
    def shifted(self) -> str | None:
        """The sentence with the shift."""
        return self._rule(self._text, self.chooser("shift"))

    @cached_property
    def other(self) -> str | None:
        """The sentence with the same shift in other words, where the shift puts words in."""
        if self.shifted is None or len(self.shifted) < 1.1 * len(self._text):
            return None
        other = self._rule(self._text, self.chooser("other shift"))
        return None if other is None or len(other) < 1.1 * len(self._text) else other

    @cached_property
    def reworded(self) -> str | None:
        """The sentence in other words."""
        return self._reword(self._text, "reword")

    @cached_property
    def shifted_reworded(self) -> str | None:
        """The shifted sentence in other words."""
        return None if self.shifted is None else self._reword(self.shifted, "reword shifted")

    def _reword(self, text: str, purpose: str) -> str | None:
        """Give the rewording, of a few, that shares fewest words with a text."""
        chooser = self.chooser(purpose)
        drawn = [self._rules.rephrase(text, chooser) for _ in range(TRIES)]
        words = set(text.split())
        some = [one for one in drawn if one is not None]
        return max(some, key=lambda one: len(set(one.split()) - words), default=None)


def _within(text: SourceText, made: _Maker, lang: str, faithful: bool) -> Iterator[Item]:
    """Yield the pairs in one language, faithful or shifted ones."""
    plain, shifted = text.text, str(made.shifted)
    if faithful:
        for one, two, how in (
            (plain, made.reworded, "reworded"),
            (shifted, made.shifted_reworded, "shifted, then reworded"),
        ):
            if two is not None:
                turned = made.chooser(how).random() < 0.5
                one, two = (two, one) if turned else (one, two)
                yield _item(text, one, two, lang, "paraphrase", made.shift, how)
        return
    yield _item(text, plain, shifted, lang, made.shift, made.shift, "shifted")
    for first, how in ((made.other, "two shifts"), (made.reworded, "reworded, shifted")):
        if first is not None:
            yield _item(text, first, shifted, lang, made.shift, made.shift, how)


def _across(text: SourceText, made: _Maker, lang: str, faithful: bool) -> Iterator[Item]:
    """Yield the pairs in two languages: the translation, and what became of the sentence.

    The other direction comes from the translation, which is a sentence to draft from too.
    """
    first = text.translation
    if not faithful:
        shifted = str(made.shifted)
        yield _item(text, first, shifted, lang, made.shift, made.shift, "translated, shifted")
        return
    yield _item(text, first, text.text, lang, "translation", made.shift, "translated")
    if made.reworded is not None:
        yield _item(
            text, first, made.reworded, lang, "translation", made.shift, "translated, reworded"
        )


def _item(
    text: SourceText, one: str, two: str, lang: str, shift: str, contrast: str, made: str
) -> Item:
    """Make a pair; its id depends on its two sentences alone."""
    return Item(
        id=make_id(one, two),
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
