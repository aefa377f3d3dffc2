"""Building triplets: a text, what means the same, and a negative shifted in meaning."""

from __future__ import annotations

import dataclasses
import random
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from nmixx.progress import progress_bar
from nmixx.records import Document, Dropped, Pair, Triplet
from nmixx.storage import fingerprint
from nmixx.triplets.checks import confidence_of, failed_checks
from nmixx.triplets.given import given_triplets
from nmixx.triplets.maker import Maker
from nmixx.triplets.material import Place, find_places
from nmixx.triplets.mixture import Balance, Mixture, Stratum, count_mixture, is_within
from nmixx.triplets.settings import TripletSettings
from nmixx.triplets.taxonomy import shifts_for


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
) -> TripletResult:
    """Make triplets with rule-based semantic shifts, balanced as the mixture asks.

    Negatives that pairs bring along give triplets of their own, which ``maximum`` does not count.

    Args:
        pairs: translations give triplets across languages, all pairs give some within one.
        settings: how many, of which mixture.
        documents: their sentences give triplets within one language.
        seed: of the order of texts and of every rule's choices; the same seed and material give
            the same triplets whatever ran before.

    Raises:
        MissingExtraError: the rules of a language need a package that is not installed.
    """
    strata = find_places(pairs, documents, settings, seed=seed)
    work = _Work(settings, Balance(_weigh_directions(settings, strata)), seed)
    with progress_bar() as bar:
        task = bar.add_task("making triplets", total=settings.maximum)
        for made in work.run(strata):
            bar.advance(task, made)
    for triplet in given_triplets(pairs) if settings.given else ():
        work.judge(triplet)
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

    def run(self, strata: dict[Stratum, list[Place]]) -> Iterator[int]:
        """Take places from the strata as the balance asks; yield how many triplets each gave.

        A place whose shifts all run ahead of their rivals goes back to the end of its stratum's
        queue, and the stratum waits till another one has given a triplet.
        """
        todo = {stratum: deque(places) for stratum, places in strata.items()}
        waiting: set[Stratum] = set()
        while todo and len(self.kept) < self.settings.maximum:
            strict = len(waiting) < len(todo)
            stratum = self._balance.choose(s for s in todo if s not in waiting or not strict)
            place = todo[stratum].popleft()
            made, held = self._use(place, strict=strict)
            if held:
                todo[stratum].append(place)
                waiting.add(stratum)
            elif made:
                waiting.clear()
            if not todo[stratum]:
                del todo[stratum]
                waiting.discard(stratum)
            yield made

    def judge(self, triplet: Triplet) -> bool:
        """Check a triplet and put it where it belongs; tell whether it is kept."""
        failed = failed_checks(triplet)
        confidence = confidence_of(failed)
        if confidence >= self.settings.min_confidence:
            self.kept.append(dataclasses.replace(triplet, confidence=confidence))
            return True
        made_by, _, name = triplet.provenance.split(":", 2)
        detail = f"{triplet.negative_kind}: {', '.join(failed)}"
        self.dropped.append(Dropped(name, triplet.negative, made_by, failed[0], detail))
        return False

    def _use(self, place: Place, *, strict: bool) -> tuple[int, bool]:
        """Make the triplets of a place; tell how many, and whether it gave none but could."""
        chooser = random.Random(fingerprint(self._seed, place.id, place.lang))
        maker = Maker(place, self.settings, chooser)
        rivals = [shift.name for shift in shifts_for(place.category)]
        made, held = 0, False
        for shift in self._balance.order(rivals, chooser):
            if made == self.settings.per_pair or len(self.kept) >= self.settings.maximum:
                break
            if strict and not self._balance.allows(shift, rivals):
                held = True
                continue
            triplet = maker.make(shift)
            if triplet is not None and self.judge(triplet):
                self._balance.add(place.stratum, shift)
                made += 1
        return made, held and not made
