"""Rows in are rows out and rows taken away."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from nmixx.report.folder import read_run
from nmixx.report.funnels import (
    chart_corpus_funnel,
    chart_mining_funnel,
    chart_triplet_funnel,
)


def test_the_funnels_add_up(full_run: Path) -> None:
    run = read_run(full_run)
    corpus, triplets = chart_corpus_funnel(run), chart_triplet_funnel(run)
    assert corpus is not None
    assert corpus.alt == ("Of 3 pairs and documents read, 2 kept. Taken away: 1 near duplicate.")
    assert triplets is not None
    assert triplets.alt.startswith("Of 3 triplets made, 2 kept.")


def test_candidates_below_the_last_negative_were_not_needed(full_run: Path) -> None:
    chart = chart_mining_funnel(read_run(full_run))
    assert chart is not None
    assert chart.alt == (
        "Of 9 candidates ranked, 2 negatives. "
        "Taken away: 4 not needed: enough were found above; 3 too near."
    )


def test_reasons_of_queries_are_no_reasons_of_candidates(full_run: Path) -> None:
    run = read_run(full_run)
    mining = {**run.mining, "dropped": {"too near": 3, "too few negatives": 99}}
    chart = chart_mining_funnel(replace(run, mining=mining))
    assert chart is not None
    assert "99" not in chart.alt


def test_what_does_not_add_up_or_is_not_there_is_not_drawn(full_run: Path) -> None:
    run = read_run(full_run)
    assert chart_mining_funnel(replace(run, candidates=1)) is None
    assert chart_mining_funnel(replace(run, mining={})) is None
    assert chart_triplet_funnel(replace(run, triplets_dropped={})) is None
    assert chart_corpus_funnel(replace(run, corpus=None)) is None


def test_many_reasons_are_joined(full_run: Path) -> None:
    run = read_run(full_run)
    dropped = {f"reason {n}": [None] * (20 - n) for n in range(12)}
    chart = chart_triplet_funnel(replace(run, triplets_dropped=dropped))  # type: ignore[arg-type]
    assert chart is not None
    assert "6 more reasons" in chart.alt
