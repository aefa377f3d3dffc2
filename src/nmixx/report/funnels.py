"""How many rows went into a stage, how many came out, and why the others did not."""

from __future__ import annotations

from collections.abc import Mapping

from nmixx.report.charts import Chart, Funnel, funnel_chart
from nmixx.report.folder import RunFolder

QUERY_REASONS = frozenset({"too few negatives", "positive not scored by the teacher"})
"""Reasons in the mining report that are a query's, not a candidate's."""

_MOST = 7


def chart_corpus_funnel(run: RunFolder) -> Chart | None:
    """Rows read, rows dropped by reason, rows kept."""
    if run.corpus is None or not run.corpus.dropped:
        return None
    kept = run.corpus.pairs + run.corpus.documents
    taken = {reason: len(rows) for reason, rows in run.corpus.dropped.items()}
    return _chart("corpus-funnel", "pairs and documents read", taken, "kept", kept)


def chart_triplet_funnel(run: RunFolder) -> Chart | None:
    """Triplets made, triplets dropped by reason, triplets kept."""
    if not run.triplets or not run.triplets_dropped:
        return None
    taken = {reason: len(rows) for reason, rows in run.triplets_dropped.items()}
    return _chart("triplet-funnel", "triplets made", taken, "kept", len(run.triplets))


def chart_mining_funnel(run: RunFolder) -> Chart | None:
    """Candidates that the teacher ranked, those passed over by reason, negatives taken.

    What is neither passed over nor taken lies below the last negative that its query needed.
    """
    negatives = run.mining.get("negatives")
    if not run.candidates or not isinstance(negatives, int):
        return None
    reasons = run.mining.get("dropped") or {}
    taken = {reason: n for reason, n in reasons.items() if reason not in QUERY_REASONS}
    rest = run.candidates - sum(taken.values()) - negatives
    if rest < 0:
        return None
    taken |= {"not needed: enough were found above": rest} if rest else {}
    return _chart("mining-funnel", "candidates ranked", taken, "negatives", negatives)


def _chart(name: str, source: str, taken: Mapping[str, int], target: str, kept: int) -> Chart:
    """Prepare a funnel, its rarest reasons joined."""
    entered = kept + sum(taken.values())
    steps = sorted(taken.items(), key=lambda item: -item[1])
    if len(steps) > _MOST:
        rest = steps[_MOST - 1 :]
        more = (f"{len(rest)} more reasons", sum(count for _, count in rest))
        steps = [*steps[: _MOST - 1], more]
    told = "; ".join(f"{count:,} {reason}" for reason, count in steps)
    alt = f"Of {entered:,} {source}, {kept:,} {target}. Taken away: {told}."
    return funnel_chart(name, Funnel((source, entered), steps, (target, kept)), alt=alt)
