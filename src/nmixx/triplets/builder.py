"""Building triplets from pairs: the pair's other side or a rewording, and a shifted negative."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nmixx.progress import track
from nmixx.records import SAME_MEANING, Dropped, Pair, Triplet
from nmixx.storage import fingerprint
from nmixx.triplets.checks import place
from nmixx.triplets.given import given_triplets
from nmixx.triplets.rules import rules_for
from nmixx.triplets.settings import TripletSettings
from nmixx.triplets.taxonomy import Shift, shifts_for


@dataclass(frozen=True)
class Slot:
    """Where a triplet can be made: an anchor, a positive, and the text to shift."""

    pair: Pair
    anchor: str
    anchor_lang: str
    positive: str
    positive_lang: str
    positive_kind: str
    origin: str
    origin_lang: str


@dataclass(frozen=True)
class TripletResult:
    """Both sides of the building: triplets kept and triplets dropped, with the reason."""

    triplets: list[Triplet]
    dropped: list[Dropped]

    def counts(self) -> dict[str, int]:
        """Count triplets by shift, and the dropped ones by reason."""
        shifts = Counter(triplet.negative_kind for triplet in self.triplets)
        reasons = Counter(f"dropped: {row.reason}" for row in self.dropped)
        return {"triplets": len(self.triplets), **dict(sorted(shifts.items())), **reasons}


def build_triplets(
    pairs: Sequence[Pair], settings: TripletSettings, *, seed: int = 0
) -> TripletResult:
    """Make triplets with rule-based semantic shifts, evenly over the shifts that apply.

    Negatives that pairs bring along give triplets of their own, which ``maximum`` does not count.

    Args:
        pairs: only those with rules for a side's language give shifted triplets.
        settings: how many, which directions.
        seed: of the order of pairs and of every rule's choices; the same seed and pairs give the
            same triplets whatever ran before.

    Raises:
        MissingExtraError: the rules of a language need a package that is not installed.
    """
    usable = [pair for pair in pairs if _wanted(pair, settings)]
    random.Random(seed).shuffle(usable)
    kept: list[Triplet] = []
    dropped: list[Dropped] = []
    made: Counter[str] = Counter()
    for pair in track(usable, "making triplets"):
        if len(kept) >= settings.maximum:
            break
        chooser = random.Random(fingerprint(seed, pair.id))
        for slot in _slots(pair, settings, chooser):
            for triplet in _shift(slot, settings, made, chooser):
                if len(kept) < settings.maximum and _judge(triplet, settings, kept, dropped):
                    made[triplet.negative_kind] += 1
    for triplet in given_triplets(pairs) if settings.given else ():
        _judge(triplet, settings, kept, dropped)
    return TripletResult(kept, dropped)


def _judge(
    triplet: Triplet, settings: TripletSettings, kept: list[Triplet], dropped: list[Dropped]
) -> bool:
    """Check a triplet and put it where it belongs; tell whether it is kept."""
    return place(triplet, settings.min_confidence, kept, dropped)


def _wanted(pair: Pair, settings: TripletSettings) -> bool:
    """Tell whether triplets are to be made from a pair."""
    if settings.categories and pair.category not in settings.categories:
        return False
    if max(len(pair.anchor), len(pair.positive)) > settings.max_characters:
        return False
    return pair.extra.get("unit", "sentence") in settings.units


def _slots(pair: Pair, settings: TripletSettings, chooser: random.Random) -> Iterator[Slot]:
    """Yield the places where a pair can carry a triplet, in both directions."""
    sides = (
        (pair.anchor, pair.anchor_lang, pair.positive, pair.positive_lang),
        (pair.positive, pair.positive_lang, pair.anchor, pair.anchor_lang),
    )
    for anchor, anchor_lang, other, other_lang in sides:
        if settings.cross_lingual and pair.kind in SAME_MEANING:
            yield Slot(pair, anchor, anchor_lang, other, other_lang, pair.kind, other, other_lang)
        wanted = chooser.random() < settings.same_language
        rules = rules_for(anchor_lang) if wanted else None
        reworded = rules.rephrase(anchor, chooser) if rules is not None else None
        if reworded is not None:
            yield Slot(
                pair, anchor, anchor_lang, reworded, anchor_lang, "paraphrase", anchor, anchor_lang
            )


def _shift(
    slot: Slot, settings: TripletSettings, made: Counter[str], chooser: random.Random
) -> Iterator[Triplet]:
    """Apply up to ``per_pair`` shifts to a slot's text, the rarest so far first."""
    rules = rules_for(slot.origin_lang)
    if rules is None:
        return
    found = 0
    for shift in _by_rarity(shifts_for(slot.pair.category), made, chooser):
        rule = rules.shifts.get(shift.name)
        negative = rule(slot.origin, chooser) if rule is not None else None
        if negative is None:
            continue
        yield Triplet(
            anchor=slot.anchor,
            positive=slot.positive,
            negative=negative,
            category=slot.pair.category,
            anchor_lang=slot.anchor_lang,
            positive_lang=slot.positive_lang,
            negative_lang=slot.origin_lang,
            positive_kind=slot.positive_kind,
            negative_kind=shift.name,
            confidence=0.0,
            group=slot.pair.group,
            provenance=f"rule:{slot.origin_lang}:{slot.pair.id}",
            extra={"origin": slot.origin},
        )
        found += 1
        if found == settings.per_pair:
            return


def _by_rarity(shifts: Sequence[Shift], made: Counter[str], chooser: random.Random) -> list[Shift]:
    """Order shifts by how seldom they were made, ties by chance."""
    return sorted(shifts, key=lambda shift: (made[shift.name], chooser.random()))
