"""What a whole set of triplets says of each: teachers, a judge, agreement; then the decision.

Single triplets are checked while they are made; this looks at all of them together. Every score is
stored, so that :func:`nmixx.triplets.stored.decide_again` can move the threshold afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from nmixx.errors import RecipeError
from nmixx.progress import track
from nmixx.records import Dropped, Triplet
from nmixx.triplets.agreement import score_agreement
from nmixx.triplets.checks import Assessment, assess, stored_assessment
from nmixx.triplets.checks.copies import squeeze
from nmixx.triplets.stored import StoredTriplets, decide_again
from nmixx.triplets.teachers import TeacherRule, ask_teachers

if TYPE_CHECKING:
    from nmixx.encoding import Encoder
    from nmixx.triplets.settings import TripletSettings

Judge = Callable[[Triplet], float | None]
"""Anything that gives a triplet a score from 0 to 1, such as a language model; None to abstain."""


def judge_together(
    triplets: Sequence[Triplet],
    dropped: Sequence[Dropped] = (),
    *,
    threshold: float,
    teachers: Mapping[str, Encoder] | None = None,
    rule: TeacherRule | None = None,
    judge: Judge | None = None,
) -> StoredTriplets:
    """Add the scores that need more than one triplet, and decide.

    A triplet that stands there twice counts once. Where a stored score is there already, of an
    earlier teacher or judge, it stays unless it is asked for again.

    Args:
        triplets: with or without scores; those without are put to the checks first.
        dropped: rows that are no triplets any more; they stay as they are.
        threshold: the least confidence.
        teachers: name to encoder; none are asked when there are none.
        rule: what is asked of the teachers' margins.
        judge: asked about each triplet whose other scores reach the threshold.

    Raises:
        RecipeError: the judge gave a score that is not from 0 to 1.
    """
    distinct = _distinct(triplets)
    asked = ask_teachers(distinct, teachers or {})
    agreement = score_agreement(asked)
    rule = rule or TeacherRule()
    found = [
        _add(_scored(one), {"teacher": rule.score(one), "agreement": agreed})
        for one, agreed in zip(asked, agreement, strict=True)
    ]
    if judge is not None:
        found = [
            _add(one, {"judge": _ask(judge, one.triplet)}) if one.confidence >= threshold else one
            for one in track(found, "judging triplets")
        ]
    return decide_again(StoredTriplets(tuple(found), (), tuple(dropped)), threshold)


def judge_made(
    triplets: Sequence[Triplet],
    dropped: Sequence[Dropped],
    settings: TripletSettings,
    judge: Judge | None = None,
) -> tuple[list[Triplet], list[Dropped]]:
    """Judge what was just made by the teachers that settings name, and by a judge.

    Returns:
        The triplets that are kept, and all dropped rows, those that came in first.
    """
    if not settings.teachers and judge is None:
        return list(triplets), list(dropped)
    from nmixx.encoding import SentenceEncoder

    decided = judge_together(
        triplets,
        threshold=settings.min_confidence,
        teachers={name: SentenceEncoder.load(name) for name in settings.teachers},
        rule=TeacherRule(settings.teacher_margin, settings.teacher_trivial),
        judge=judge,
    )
    rows = [row for _, row in decided.dropped]
    return [one.kept() for one in decided.kept], [*dropped, *rows]


def _distinct(triplets: Sequence[Triplet]) -> list[Triplet]:
    """Leave out triplets whose three texts stood there before, but for their form."""
    texts = {
        (squeeze(one.anchor), squeeze(one.positive), squeeze(one.negative)): one
        for one in reversed(triplets)
    }
    return list(reversed(texts.values()))


def _ask(judge: Judge, triplet: Triplet) -> float | None:
    """Ask a judge and look at the answer."""
    score = judge(triplet)
    if score is not None and not 0 <= score <= 1:
        raise RecipeError(
            f"the judge gave {score!r} for {triplet.provenance!r}.\n"
            "Expected a number from 0 to 1, or None to abstain."
        )
    return score


def _scored(triplet: Triplet) -> Assessment:
    """Read the scores that a triplet came with, or put it to the checks."""
    stored = stored_assessment(triplet)
    return stored if stored.scores else assess(triplet)


def _add(assessment: Assessment, scores: Mapping[str, float | None]) -> Assessment:
    """Add scores; those that say nothing are left as they were."""
    known = {name: score for name, score in scores.items() if score is not None}
    return Assessment(assessment.triplet, {**assessment.scores, **known})
