"""The material triplets are made of: places in pairs and documents where one can stand."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from nmixx.corpus.clean import normalise_key
from nmixx.records import SAME_MEANING, Document, Pair
from nmixx.storage import fingerprint
from nmixx.triplets.mixture import Stratum, direction_of
from nmixx.triplets.rules import rules_for
from nmixx.triplets.settings import TripletSettings
from nmixx.triplets.translations import choose_explained
from nmixx.triplets.units import keeps_units

_HEADS = frozenset({"qa", "title"})
"""Kinds of pairs whose anchor is a question or a title, not a statement."""


@dataclass(frozen=True)
class Place:
    """A text that can be an anchor, and its translation where there is one."""

    id: str
    text: str
    lang: str
    category: str
    group: str
    weight: float = 1.0
    translation: str | None = None
    translation_lang: str = ""
    kind: str = "paraphrase"

    @property
    def stratum(self) -> Stratum:
        """The category and direction of the triplets made here."""
        other = self.lang if self.translation is None else self.translation_lang
        return Stratum(self.category, direction_of(self.lang, other))


def find_places(
    pairs: Sequence[Pair],
    documents: Sequence[Document],
    settings: TripletSettings,
    *,
    seed: int,
) -> dict[Stratum, list[Place]]:
    """List the places of every stratum that is wanted, in an order drawn by the seed.

    A text stands once in a stratum, however many pairs and documents hold it.
    """
    strata: dict[Stratum, list[Place]] = {}
    seen: set[tuple[Stratum, str]] = set()
    for place in (*_across(pairs, settings), *_within(pairs, documents, settings)):
        if (
            place.weight <= 0
            or not settings.mixture.wants(place.stratum)
            or rules_for(place.stratum.direction[-2:]) is None
        ):
            continue
        key = (place.stratum, normalise_key(place.text))
        if key not in seen:
            seen.add(key)
            strata.setdefault(place.stratum, []).append(place)
    return {
        stratum: _shuffle(places, random.Random(fingerprint(seed, *stratum)))
        for stratum, places in sorted(strata.items())
    }


def _shuffle(places: list[Place], chooser: random.Random) -> list[Place]:
    """Put places in an order by chance in which a source of more weight comes sooner."""
    # Efraimidis and Spirakis, Weighted random sampling with a reservoir (2006).
    keys = {id(place): chooser.random() ** (1 / place.weight) for place in places}
    return sorted(places, key=lambda place: -keys[id(place)])


def _across(pairs: Sequence[Pair], settings: TripletSettings) -> Iterator[Place]:
    """Yield each translation twice, once from either side."""
    if not settings.cross_lingual:
        return
    sound = [
        pair
        for pair in pairs
        if pair.kind in SAME_MEANING
        and _wanted(pair, settings)
        and settings.mixture.wants_category(pair.category)
        and _weigh(pair, settings) > 0
        and keeps_units(pair.anchor, pair.positive)
    ]
    for pair in choose_explained(sound, settings.explained):
        for text, lang, other, other_lang in _sides(pair):
            yield Place(
                pair.id, text, lang, pair.category, pair.group, _weigh(pair, settings),
                other, other_lang, pair.kind,
            )  # fmt: skip


def _within(
    pairs: Sequence[Pair], documents: Sequence[Document], settings: TripletSettings
) -> Iterator[Place]:
    """Yield the sentences that can be reworded: of documents, and of either side of pairs."""
    if not settings.same_language:
        return
    for pair in pairs:
        if not _wanted(pair, settings):
            continue
        for text, lang, _, _ in _sides(pair)[1 if pair.kind in _HEADS else 0 :]:
            place = Place(pair.id, text, lang, pair.category, pair.group, _weigh(pair, settings))
            yield from _split(place, settings) if pair.kind in _HEADS else (place,)
    for row in documents if settings.documents else ():
        if not settings.categories or row.category in settings.categories:
            weight = _weigh(row, settings)
            place = Place(row.id, row.text, row.lang, row.category, row.group, weight)
            yield from _split(place, settings)


def _split(place: Place, settings: TripletSettings) -> Iterator[Place]:
    """Yield the sentences of a place; none in a language without rules."""
    rules = rules_for(place.lang)
    for number, sentence in enumerate(rules.split(place.text) if rules else ()):
        if len(sentence) <= settings.max_characters:
            yield replace(place, id=f"{place.id}#{number}", text=sentence)


def _sides(pair: Pair) -> tuple[tuple[str, str, str, str], ...]:
    """Give a pair from either side: text, language, other text, other language."""
    return (
        (pair.anchor, pair.anchor_lang, pair.positive, pair.positive_lang),
        (pair.positive, pair.positive_lang, pair.anchor, pair.anchor_lang),
    )


def _weigh(row: Pair | Document, settings: TripletSettings) -> float:
    """Give the weight of a row's source: the mixture's, else that of the corpus, at most 1."""
    own = row.source if isinstance(row, Document) else str(row.extra.get("source", ""))
    of_corpus = min(float(row.extra.get("weight") or 1.0), 1.0)
    return settings.mixture.sources.get(own, of_corpus)


def _wanted(pair: Pair, settings: TripletSettings) -> bool:
    """Tell whether triplets are to be made from a pair."""
    if settings.categories and pair.category not in settings.categories:
        return False
    short = max(len(pair.anchor), len(pair.positive)) <= settings.max_characters
    return (short or pair.kind in _HEADS) and pair.extra.get("unit", "sentence") in settings.units
