"""Mining hard negatives for pairs from a pool of candidates, with any teacher."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nmixx.errors import DataError
from nmixx.mining.constraints import build_rules, language_rule
from nmixx.mining.negatives import Found, Selection, select_negatives
from nmixx.mining.pool import Pool
from nmixx.mining.positives import PositiveScores
from nmixx.mining.review import Reviewer, near_duplicates, second_teacher
from nmixx.mining.rules import Rules
from nmixx.mining.runs import Run
from nmixx.mining.settings import MiningSettings
from nmixx.mining.teachers.protocol import Scorer
from nmixx.records import Dropped, Pair, Record, Triplet

TOO_FEW = "too few negatives"
UNKNOWN_POSITIVE = "positive not scored by the teacher"
ABOVE_CEILING = "not far enough below the positive"


@dataclass(frozen=True)
class Negative(Record):
    """A mined hard negative with everything that decided on it."""

    query_id: str
    document_id: str
    anchor: str
    positive: str
    negative: str
    anchor_lang: str
    positive_lang: str
    negative_lang: str
    positive_kind: str
    category: str
    group: str
    rank: int
    score: float
    positive_score: float
    threshold: float
    tier: str
    teacher: str
    extra: dict[str, Any] = field(default_factory=dict, repr=False)

    def to_triplet(self) -> Triplet:
        """Give the triplet to train on."""
        return Triplet(
            anchor=self.anchor,
            positive=self.positive,
            negative=self.negative,
            category=self.category,
            anchor_lang=self.anchor_lang,
            positive_lang=self.positive_lang,
            negative_lang=self.negative_lang,
            positive_kind=self.positive_kind,
            negative_kind="mined",
            confidence=1.0,
            group=self.group,
            provenance=f"mined:{self.query_id}:{self.document_id}",
        )


@dataclass(frozen=True)
class MiningResult:
    """Both sides of mining: what was found, and what was left out and why."""

    pool: Pool
    selection: Selection
    run: Run
    negatives: list[Negative]
    dropped: list[Dropped]

    def counts(self) -> dict[str, int]:
        """Count queries, negatives and shortfalls, for the manifest."""
        reasons = Counter(row.reason for row in self.dropped)
        return {
            "queries": len(self.pool.queries),
            "documents": len(self.pool.documents),
            "queries_with_negatives": sum(map(bool, self.selection.chosen)),
            "negatives": len(self.negatives),
            "queries_short": reasons[TOO_FEW] + reasons[UNKNOWN_POSITIVE],
        }

    def report(self) -> dict[str, Any]:
        """Say how hard the negatives are, in which languages, and what was left out why."""
        own = sum(row.negative_lang == row.anchor_lang for row in self.negatives)
        return {
            **self.counts(),
            "tiers": dict(Counter(row.tier for row in self.negatives)),
            "mean_negative_score": _mean([row.score for row in self.negatives]),
            "mean_positive_score": _mean([row.positive_score for row in self.negatives]),
            "query_language_share": own / len(self.negatives) if self.negatives else None,
            "dropped": dict(Counter(row.reason for row in self.dropped)),
        }


def mine_pool(
    pool: Pool,
    scorer: Scorer,
    settings: MiningSettings,
    *,
    teacher: str,
    consensus: Scorer | None = None,
    seed: int = 0,
) -> MiningResult:
    """Choose hard negatives for each query of a pool.

    Never found are the query, its positives, what shares their group, what equals one of them
    after normalisation, and near-duplicates of a positive.

    Args:
        pool: queries and candidates.
        scorer: a teacher opened on them.
        settings: policy, constraints, sampling and shortfall.
        teacher: its name, written beside each score.
        consensus: a second teacher opened on the same pool, which must agree.
        seed: of random sampling.
    """
    rules = rules_of(pool, settings)
    shared = settings.query_language_share is not None
    selection = select_negatives(
        pool,
        scorer,
        rules,
        settings,
        reviewers=_reviewers(pool, settings, consensus),
        own_language=(language_rule(pool, own=True), language_rule(pool, own=False))
        if shared
        else None,
        seed=seed,
    )
    run = _gather_run(selection)
    ranks = dict(zip(_keys(run), run.ranks.tolist(), strict=True))
    scores = iter(selection.positives.scores.tolist())
    negatives = [
        _negative(pool, selection, number, pair, positive_score, found, ranks, teacher)
        for number, pairs in enumerate(pool.pairs)
        for pair, positive_score in [(pair, next(scores)) for pair in pairs]
        for found in selection.chosen[number]
    ]
    return MiningResult(
        pool, selection, run, negatives, _dropped(pool, selection, settings, teacher)
    )


def rules_of(pool: Pool, settings: MiningSettings) -> Rules:
    """State what may never be mined, as the settings say."""
    kept = settings.language == "positive"
    return build_rules(pool, settings.constraints, positive_language=kept)


def _reviewers(pool: Pool, settings: MiningSettings, consensus: Scorer | None) -> list[Reviewer]:
    """Gather the reviews that settings ask for."""
    reviewers: list[Reviewer] = []
    if settings.near_duplicates is not None:
        reviewers.append(near_duplicates(pool, settings.near_duplicates))
    if consensus is not None:
        lowest = PositiveScores.of(consensus, pool.queries).lowest
        ceilings = settings.choice.tier(lowest, settings.negatives).ceilings
        reviewers.append(second_teacher(consensus, ceilings))
    return reviewers


def _gather_run(selection: Selection) -> Run:
    """Order all candidates that were seen into a run."""
    seen = selection.candidates
    return Run.build(
        np.repeat(np.arange(len(seen)), [len(some) for some in seen]),
        np.array([row for some in seen for row in some], dtype=np.int64),
        np.array([score for some in seen for score in some.values()], dtype=np.float32),
        count=len(seen),
    )


def _keys(run: Run) -> Iterator[tuple[int, int]]:
    """Give query and document of each line of a run."""
    return zip(run.queries.tolist(), run.documents.tolist(), strict=True)


def _negative(
    pool: Pool,
    selection: Selection,
    number: int,
    pair: Pair,
    positive_score: float,
    found: Found,
    ranks: dict[tuple[int, int], int],
    teacher: str,
) -> Negative:
    """Join a pair and a found document."""
    document = pool.documents[found.document]
    return Negative(
        query_id=pool.queries[number].id,
        document_id=document.id,
        anchor=pair.anchor,
        positive=pair.positive,
        negative=document.text,
        anchor_lang=pair.anchor_lang,
        positive_lang=pair.positive_lang,
        negative_lang=document.lang,
        positive_kind=pair.kind,
        category=pair.category,
        group=pair.group,
        rank=ranks[number, found.document],
        score=found.score,
        positive_score=positive_score,
        threshold=float(selection.ceilings[number]),
        tier=found.tier,
        teacher=teacher,
    )


def _dropped(
    pool: Pool, selection: Selection, settings: MiningSettings, teacher: str
) -> list[Dropped]:
    """Say which queries came short, and which better candidates were passed over, and why."""
    dropped: list[Dropped] = []
    for number, query in enumerate(pool.queries):
        chosen, ceiling = selection.chosen[number], selection.ceilings[number]
        if np.isneginf(ceiling):
            dropped.append(Dropped(query.id, query.text, teacher, UNKNOWN_POSITIVE, ""))
            continue
        if sum(found.tier == "policy" for found in chosen) < settings.negatives:
            detail = f"{len(chosen)} of {settings.negatives} kept, ceiling {ceiling:.3f}"
            dropped.append(Dropped(query.id, query.text, teacher, TOO_FEW, detail))
        for found in selection.rejected[number]:
            dropped.append(_passed_over(pool, number, found.document, found, teacher))
        taken = {found.document for found in chosen}
        for row, score in selection.candidates[number].items():
            if score >= ceiling and row not in taken:
                found = Found(row, score, "", ABOVE_CEILING)
                dropped.append(_passed_over(pool, number, row, found, teacher))
    return dropped


def _passed_over(pool: Pool, number: int, row: int, found: Found, teacher: str) -> Dropped:
    """Write down a candidate that was not taken."""
    document = pool.documents[row]
    return Dropped(
        document.id,
        document.text,
        teacher,
        found.reason,
        f"score {found.score:.4f}",
        {"query_id": pool.queries[number].id},
    )


def _mean(scores: Sequence[float]) -> float | None:
    """Average the scores that are known, or nothing of nothing."""
    known = np.array(scores)[~np.isnan(scores)]
    return float(known.mean()) if len(known) else None


def refuse_empty(pool: Pool) -> None:
    """Refuse a pool that has nothing to mine for.

    Raises:
        DataError: there are no queries.
    """
    if not pool.queries:
        raise DataError(
            "no pair is left to mine for.\nExpected at least one pair of at most `max_words` words "
            "a side; check the file and the setting."
        )
