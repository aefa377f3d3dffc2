"""Choosing each query's negatives from a teacher's scores, with what was passed over."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from nmixx.encoding import FloatArray
from nmixx.mining.pool import Pool
from nmixx.mining.positives import PositiveScores
from nmixx.mining.review import Reviewer
from nmixx.mining.rules import Rule, Rules
from nmixx.mining.settings import MiningSettings
from nmixx.mining.teachers.protocol import Hits, Scorer, Tier

_SPARE = 4
"""Candidates asked for beyond those wanted, so that a rejected one rarely costs another search."""


@dataclass(frozen=True)
class Found:
    """A candidate that was chosen, or that a review rejected for a reason."""

    document: int
    score: float
    tier: str
    reason: str = ""


@dataclass(frozen=True)
class Selection:
    """What became of each query.

    Attributes:
        positives: what the teacher gives the positives.
        ceilings: shape (queries,); negatives score strictly below.
        chosen: the negatives of each query, best first.
        rejected: what a review turned down, by query.
        candidates: the scores of all documents that were seen, by query.
    """

    positives: PositiveScores
    ceilings: FloatArray
    chosen: list[list[Found]]
    rejected: list[list[Found]]
    candidates: list[dict[int, float]]


@dataclass(frozen=True)
class _Part:
    """One search: under which rules, and how many negatives each query takes from it."""

    rules: Rules
    wanted: tuple[int, ...]


def select_negatives(
    pool: Pool,
    scorer: Scorer,
    rules: Rules,
    settings: MiningSettings,
    *,
    reviewers: Sequence[Reviewer] = (),
    own_language: tuple[Rule, Rule] | None = None,
    seed: int = 0,
) -> Selection:
    """Choose each query's negatives as the policy says.

    Args:
        pool: queries and documents.
        scorer: a teacher opened on them.
        rules: what may never be found.
        settings: policy, margin, number, sampling and shortfall.
        reviewers: look at what was found, and may reject it; a query then gets the next best.
        own_language: rules that keep to the query's own language and to any other; needed for
            ``query_language_share``.
        seed: of random sampling, which does not depend on the order of the queries.
    """
    positives = PositiveScores.of(scorer, pool.queries)
    tiers = _tiers(settings, positives.lowest)
    selection = Selection(
        positives,
        tiers["policy"].ceilings,
        chosen=[[] for _ in pool.queries],
        rejected=[[] for _ in pool.queries],
        candidates=[{} for _ in pool.queries],
    )
    for part in _parts(pool, rules, settings, own_language, seed):
        found = _search_reviewed(scorer, tiers, part, reviewers, selection, settings)
        for number, some in enumerate(found):
            chooser = random.Random(f"{seed}:{pool.queries[number].id}")
            selection.chosen[number] += _take(some, part.wanted[number], settings, chooser)
    for chosen in selection.chosen:
        if settings.shortfall == "drop" and len(chosen) < settings.negatives:
            chosen.clear()
        chosen.sort(key=lambda found: (found.tier != "policy", -found.score, found.document))
    return selection


def _tiers(settings: MiningSettings, lowest: FloatArray) -> dict[str, Tier]:
    """State the questions to the search: by the policy, to fill up, and the best of all."""
    policy = settings.choice.tier(lowest, _needed(settings.negatives, settings) + _SPARE)
    tiers = {"policy": policy}
    if settings.shortfall == "fill":
        looser = np.fmax(policy.ceilings, lowest)
        tiers["fill"] = Tier(settings.negatives + _SPARE, looser)
    if settings.depth:
        tiers["depth"] = Tier(settings.depth, np.full_like(lowest, np.inf))
    return tiers


def _needed(wanted: int, settings: MiningSettings) -> int:
    """Count the candidates that are taken, or that sampling draws from."""
    return wanted if settings.sampling == "top" else max(wanted, settings.sample_from)


def _parts(
    pool: Pool,
    rules: Rules,
    settings: MiningSettings,
    own_language: tuple[Rule, Rule] | None,
    seed: int,
) -> list[_Part]:
    """Share the negatives of each query out between its own language and others, if asked."""
    share = settings.query_language_share
    if share is None or own_language is None:
        return [_Part(rules, (settings.negatives,) * len(pool.queries))]
    own = tuple(
        _round_by_chance(settings.negatives * share, random.Random(f"{seed}:share:{query.id}"))
        for query in pool.queries
    )
    others = tuple(settings.negatives - number for number in own)
    return [
        _Part(replace(rules, rules=(*rules.rules, rule)), wanted)
        for rule, wanted in zip(own_language, (own, others), strict=True)
    ]


def _round_by_chance(number: float, chooser: random.Random) -> int:
    """Round up as often as the fraction says, so that the share is right on average."""
    return int(number) + (chooser.random() < number - int(number))


def _search_reviewed(
    scorer: Scorer,
    tiers: dict[str, Tier],
    part: _Part,
    reviewers: Sequence[Reviewer],
    selection: Selection,
    settings: MiningSettings,
) -> list[list[Found]]:
    """Search, and search again for queries whose candidates were turned down."""
    count = len(part.wanted)
    accepted: list[list[Found]] = [[] for _ in range(count)]
    banned: list[frozenset[int]] = [frozenset()] * count
    waiting = list(range(count))
    while waiting:
        hits = scorer.search(_only(tiers, waiting, count), part.rules.banning(banned))
        answers = dict(zip(tiers, hits, strict=True))
        found = {number: _gather(answers, number) for number in waiting}
        reasons = _review(reviewers, found)
        again = []
        for number in waiting:
            _note(selection.candidates[number], answers, number)
            verdicts = [reasons.get((number, one.document), "") for one in found[number]]
            both = list(zip(found[number], verdicts, strict=True))
            accepted[number] = [one for one, why in both if not why]
            turned = [replace(one, reason=why) for one, why in both if why]
            selection.rejected[number] += turned
            banned[number] |= {one.document for one in turned}
            if turned and _is_short(
                answers, number, accepted[number], part.wanted[number], settings
            ):
                again.append(number)
        waiting, tiers = again, _ask_for_more(tiers)
    return accepted


def _ask_for_more(tiers: dict[str, Tier]) -> dict[str, Tier]:
    """Double what is asked for, so that few searches reach past however many rejected ones."""
    return {
        name: tier if name == "depth" else replace(tier, k=2 * tier.k)
        for name, tier in tiers.items()
    }


def _is_short(
    answers: dict[str, Hits],
    number: int,
    accepted: Sequence[Found],
    wanted: int,
    settings: MiningSettings,
) -> bool:
    """Tell whether a query has too few, of a tier that has more."""
    passed_over = settings.choice.passed_over
    below = sum(one.tier == "policy" for one in accepted)
    missing = {
        "policy": passed_over + _needed(wanted, settings) - below,
        "fill": passed_over + wanted - len(accepted),
    }
    return any(
        missing[tier] > 0 and answers[tier].indices[number, -1] >= 0
        for tier in missing.keys() & answers.keys()
    )


def _only(tiers: dict[str, Tier], waiting: Sequence[int], count: int) -> list[Tier]:
    """Ask for the waiting queries only."""
    if len(waiting) == count:
        return list(tiers.values())
    asked = np.zeros(count, dtype=np.bool_)
    asked[list(waiting)] = True
    return [
        replace(tier, ceilings=np.where(asked, tier.ceilings, -np.inf).astype(np.float32))
        for tier in tiers.values()
    ]


def _gather(answers: dict[str, Hits], number: int) -> list[Found]:
    """List a query's candidates: those below its ceiling, then those to fill up with."""
    found: dict[int, Found] = {}
    for tier in ("policy", "fill"):
        if tier not in answers:
            continue
        hits = answers[tier]
        for document, score in zip(hits.indices[number], hits.scores[number], strict=True):
            if document >= 0:
                found.setdefault(int(document), Found(int(document), float(score), tier))
    return list(found.values())


def _note(candidates: dict[int, float], answers: dict[str, Hits], number: int) -> None:
    """Keep the scores of all that was seen."""
    for hits in answers.values():
        rows = hits.indices[number]
        seen = rows >= 0
        candidates |= zip(rows[seen].tolist(), hits.scores[number][seen].tolist(), strict=True)


def _review(
    reviewers: Sequence[Reviewer], found: dict[int, list[Found]]
) -> dict[tuple[int, int], str]:
    """Ask each reviewer about all candidates at once; the first to reject gives the reason."""
    waiting = [(number, one.document) for number, some in found.items() for one in some]
    reasons: dict[tuple[int, int], str] = {}
    for reviewer in reviewers:
        if not waiting:
            break
        queries, documents = np.array(waiting, dtype=np.int64).T
        verdicts = zip(waiting, reviewer(queries, documents), strict=True)
        reasons |= {pair: why for pair, why in verdicts if why}
        waiting = [pair for pair in waiting if pair not in reasons]
    return reasons


def _take(
    found: Sequence[Found], wanted: int, settings: MiningSettings, chooser: random.Random
) -> list[Found]:
    """Take a query's share of what was found, as sampling and shortfall say."""
    below = [one for one in found if one.tier == "policy"]
    below = below[settings.choice.passed_over :]
    if settings.sampling == "random":
        below = below[: settings.sample_from]
        below = chooser.sample(below, min(wanted, len(below)))
    taken = below[:wanted]
    if len(taken) < wanted and settings.shortfall == "fill":
        taken += [one for one in found if one.tier == "fill"][: wanted - len(taken)]
    return taken
