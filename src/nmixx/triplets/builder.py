"""Building triplets: a text, what means the same, and a negative shifted in meaning."""

from __future__ import annotations

import random
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from nmixx.processors import start_workers
from nmixx.progress import track
from nmixx.records import Document, Dropped, Pair, Triplet
from nmixx.storage import fingerprint
from nmixx.triplets import checks
from nmixx.triplets.given import given_triplets
from nmixx.triplets.maker import Maker
from nmixx.triplets.material import Place, find_places
from nmixx.triplets.mixture import Balance, Mixture, Stratum, count_mixture, is_within
from nmixx.triplets.settings import TripletSettings
from nmixx.triplets.taxonomy import shifts_for

_SHARDS = 8
_SHARD_TRIPLETS = 1_000
"""Triplets under which a shard is not worth a process of its own."""
_PATIENCE = 50
"""Places searched in vain for a shift that lags, after which its rivals may run ahead."""


@dataclass(frozen=True)
class TripletResult:
    """Both sides of the building: triplets kept and triplets dropped, with the reason."""

    triplets: list[Triplet]
    dropped: list[Dropped]

    def counts(self) -> dict[str, int]:
        """Count triplets by shift, category and direction, and the dropped ones by reason."""
        mixture = count_mixture(self.triplets)
        reasons = Counter(f"dropped: {row.reason}" for row in self.dropped)
        named = {
            f"{part}: {name}": count
            for part in ("category", "direction")
            for name, count in sorted(mixture[part].items())
        }
        shifts = dict(sorted(mixture["shift"].items()))
        return {"triplets": len(self.triplets), **shifts, **named, **reasons}


def build_triplets(
    pairs: Sequence[Pair],
    settings: TripletSettings,
    *,
    documents: Sequence[Document] = (),
    seed: int = 0,
    workers: int = 1,
) -> TripletResult:
    """Make triplets with rule-based semantic shifts, balanced as the mixture asks.

    Negatives that pairs bring along give triplets of their own, which ``maximum`` does not count.

    Args:
        pairs: translations give triplets across languages, all pairs give some within one.
        settings: how many, of which mixture.
        documents: their sentences give triplets within one language.
        seed: of the order of texts and of every rule's choices; the same seed and material give
            the same triplets whatever ran before.
        workers: processes to share the work among; their number does not change the triplets.

    Raises:
        MissingExtraError: the rules of a language need a package that is not installed.
    """
    strata = find_places(pairs, documents, settings, seed=seed)
    mixture = _weigh_directions(settings, strata)
    shards = _divide(strata, settings, mixture, seed)
    kept: list[Triplet] = []
    dropped: list[Dropped] = []
    for done in track(_run_shards(shards, workers), "making triplets", size=settings.maximum):
        kept += done.triplets
        dropped += done.dropped
    given = _Work(settings, Balance(mixture), seed)
    for triplet in given_triplets(pairs) if settings.given else ():
        given.judge(triplet)
    return TripletResult(kept + given.kept, dropped + given.dropped)


@dataclass(frozen=True)
class Shard:
    """A part of the material with its part of the triplets, which needs to know of no other."""

    strata: dict[Stratum, list[Place]]
    settings: TripletSettings
    mixture: Mixture
    seed: int


def _divide(
    strata: dict[Stratum, list[Place]], settings: TripletSettings, mixture: Mixture, seed: int
) -> list[Shard]:
    """Deal the places out to as many shards as the triplets asked for are worth."""
    number = max(1, min(_SHARDS, settings.maximum // _SHARD_TRIPLETS))
    sizes = [
        settings.maximum * (i + 1) // number - settings.maximum * i // number for i in range(number)
    ]
    return [
        Shard(
            {stratum: places[i::number] for stratum, places in strata.items() if places[i::number]},
            settings.model_copy(update={"maximum": size}),
            mixture,
            seed,
        )
        for i, size in enumerate(sizes)
    ]


def _run_shards(shards: list[Shard], workers: int) -> Iterator[TripletResult]:
    """Yield what each shard gives, in their order."""
    if workers <= 1 or len(shards) == 1:
        yield from map(run_shard, shards)
        return
    with start_workers(min(workers, len(shards))) as pool:
        yield from pool.map(run_shard, shards)


def run_shard(shard: Shard) -> TripletResult:
    """Make the triplets of a shard."""
    work = _Work(shard.settings, Balance(shard.mixture), shard.seed)
    work.run(shard.strata)
    return TripletResult(work.kept, work.dropped)


def _weigh_directions(settings: TripletSettings, strata: Iterable[Stratum]) -> Mixture:
    """Give the mixture with a weight for every direction: named, or from ``same_language``."""
    found = sorted({stratum.direction for stratum in strata})
    within = sum(is_within(direction) for direction in found)
    shares = {
        direction: settings.same_language / within
        if is_within(direction)
        else (1 - settings.same_language) / (len(found) - within)
        for direction in found
    }
    # A direction that is there has been asked for, so its share is never nothing.
    given = {name: max(share * len(found), 1e-6) for name, share in shares.items()}
    mixture = settings.mixture
    return mixture.model_copy(update={"directions": given | mixture.directions})


class _Work:
    """One building: what was kept, what was dropped, and what should come next."""

    def __init__(self, settings: TripletSettings, balance: Balance, seed: int) -> None:
        self.settings = settings
        self.kept: list[Triplet] = []
        self.dropped: list[Dropped] = []
        self._balance = balance
        self._seed = seed
        # What a place that went back to its queue need not be asked again.
        self._failed: set[tuple[Place, str]] = set()

    def run(self, strata: dict[Stratum, list[Place]]) -> None:
        """Take places from the strata as the balance asks, and make their triplets.

        A place whose shifts all run ahead of their rivals goes back to the end of its stratum's
        queue. After so many places searched in vain the next one may carry any shift.
        """
        todo = {stratum: deque(places) for stratum, places in strata.items()}
        in_vain: Counter[Stratum] = Counter()
        while todo and len(self.kept) < self.settings.maximum:
            stratum = self._balance.choose(todo)
            place = todo[stratum].popleft()
            made, held = self._use(place, strict=in_vain[stratum] < _PATIENCE)
            if held:
                todo[stratum].append(place)
                in_vain[stratum] += 1
            elif made:
                in_vain[stratum] = 0
            if not todo[stratum]:
                del todo[stratum]

    def judge(self, triplet: Triplet) -> bool:
        """Check a triplet and put it where it belongs; tell whether it is kept."""
        return checks.place(triplet, self.settings.min_confidence, self.kept, self.dropped)

    def _use(self, place: Place, *, strict: bool) -> tuple[int, bool]:
        """Make the triplets of a place; tell how many, and whether it gave none but could."""
        chooser = random.Random(fingerprint(self._seed, place.id, place.lang))
        maker = Maker(place, self.settings, chooser)
        rivals = [shift.name for shift in shifts_for(place.category)]
        made, held = 0, False
        for shift in self._balance.order(rivals, chooser):
            if made == self.settings.per_pair or len(self.kept) >= self.settings.maximum:
                break
            if (place, shift) in self._failed:
                continue
            if strict and not self._balance.allows(shift, rivals):
                held = True
                continue
            triplet = maker.make(shift)
            if triplet is not None and self.judge(triplet):
                self._balance.add(place.stratum, shift)
                made += 1
            else:
                self._failed.add((place, shift))
        return made, held and not made
