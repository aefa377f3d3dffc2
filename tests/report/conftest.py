"""Run folders of our own: one with the results alone, one with everything a run leaves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from nmixx.evaluation import Results, write_results
from nmixx.evaluation.results import Against, ExampleScore, Part, TaskResult
from nmixx.evaluation.settings import Suite
from nmixx.evaluation.space import describe_space
from nmixx.evaluation.space.choice import choose_samples
from nmixx.records import Candidate, Document, Dropped, Pair, Triplet
from nmixx.storage import Manifest, write_json, write_records, write_text
from nmixx.testing import HashEncoder

HOSTILE = "<script>alert('x')</script>"

ROSE = TaskResult(
    kind="sts",
    metric="spearman",
    value=0.714,
    ci95=(0.68, 0.75),
    n=1378,
    by={"shift": {"detail_added": Part(0.4, 20, 0.1), "plan_realisation": Part(None, 2)}},
    surface={"word overlap": 0.41, "same figures": 0.05},
    warnings=("word overlap scores 0.81, the model 0.71: told",),
    against=Against(0.422, 0.292, (0.26, 0.33), 0.0005, (0.38, 0.47)),
)
FELL = TaskResult(
    "retrieval",
    "ndcg@10",
    0.5,
    (0.4, 0.6),
    90,
    against=Against(0.6, -0.1, (-0.15, -0.05), 0.002, (0.5, 0.7)),
)
NOISE = TaskResult(
    "bitext",
    "accuracy@1",
    0.8,
    (0.7, 0.9),
    120,
    against=Against(0.79, 0.01, (-0.02, 0.04), 0.4, (0.7, 0.88)),
)
RESULTS = Results(
    "adapted",
    {"금융 유사도": ROSE, "search $x^2$": FELL, "news": NOISE},
    {"bootstrap": 1000, "seed": 0, "libraries": {"numpy": "2"}, "data": {"news": "abc"}},
    "base",
    [
        *(ExampleScore("금융 유사도", row, row % 7, row % 5, row % 6) for row in range(1, 13)),
        *(ExampleScore("news", row, row % 2, row % 3 / 2, float("nan")) for row in range(1, 9)),
    ],
)

PLAIN = {"mean": 0.714, "spread": 0.0, "values": [0.714]}
TYPOS = {"mean": 0.667, "spread": 0.012, "values": [0.655, 0.679]}
ROBUSTNESS = {
    "draws": 2,
    "changed": {"금융 유사도": {"typos": 0.98, "spacing": 0.0}},
    "models": {
        name: {"금융 유사도": {"as it is": PLAIN, "typos": TYPOS, "spacing": PLAIN}}
        for name in ("before", "after")
    },
}


@pytest.fixture
def minimal_run(tmp_path: Path) -> Path:
    """Write a folder that holds the results of one model alone."""
    alone = TaskResult("sts", "spearman", 0.5, (0.4, 0.6), 300)
    write_results(Results("alone", {"한국어": alone}, {}), tmp_path / "run" / "evaluation")
    return tmp_path / "run"


@pytest.fixture
def full_run(tmp_path: Path) -> Path:
    """Write a folder with the files of every stage, hostile texts among them."""
    return write_full_run(tmp_path / "full")


def write_full_run(run: Path) -> Path:
    """Write the files of every stage into a folder."""
    write_results(RESULTS, run / "evaluation")
    recipe = f'name: demo\ndescription: "한국어 금융 {HOSTILE}"\nevaluation: {{general: [news]}}\n'
    write_text(run / "recipe.yaml", recipe)
    pair = Pair("p1", "매출이 늘었다.", "Sales rose.", "ko", "en", "translation", "news", "g1")
    document = Document("d1", HOSTILE, "en", "news", "g2", f"web {HOSTILE}")
    dropped = Dropped("d2", HOSTILE, "web", "near duplicate", "of d1")
    write_records(run / "corpus" / "pairs.parquet", Pair, [pair])
    write_records(run / "corpus" / "documents.parquet", Document, [document])
    write_records(run / "corpus" / "dropped.parquet", Dropped, [dropped])
    triplets = [
        make_triplet("매출이 크게 늘었다.", "매출이 크게 줄었다.", "sentiment_reversal"),
        make_triplet("The plan was approved.", f"The plan {HOSTILE} approved.", "mined"),
    ]
    write_records(run / "triplets" / "triplets.parquet", Triplet, triplets)
    write_records(run / "triplets" / "dropped.parquet", Dropped, [dropped])
    figures = {"texts": 10, "tokens_per_word": 6.2, "unknown_share": 0.04, "words_whole": 0.2}
    coverage = {
        "before": {"ko": figures},
        "after": {"ko": figures | {"tokens_per_word": 1.8}},
        "added_tokens": 1200,
        "initialised": {"aligned": 700, "pieces": 500},
    }
    write_json(run / "vocabulary" / "coverage.json", coverage)
    mined = {"queries": 10, "queries_short": 1, "negatives": 2, "dropped": {"too near": 3}}
    write_json(run / "mining" / "report.json", mined)
    candidates = [Candidate("q", f"d{rank}", rank, 0.5, "bm25") for rank in range(1, 10)]
    write_records(run / "mining" / "run.parquet", Candidate, candidates)
    write_json(run / "evaluation" / "space.json", make_space())
    write_json(run / "evaluation" / "robustness.json", ROBUSTNESS)
    steps = [
        {"name": name, "tasks": {"금융 유사도": domain, "news": general}}
        for name, domain, general in (("base", 0.4, 0.8), ("맞추기", 0.6, 0.79), ("b", 0.7, 0.75))
    ]
    write_json(run / "evaluation" / "steps.json", steps)
    log = [
        {"name": "맞추기", "objective": "triplet", "rows": 9, "steps": 3, "loss": [[1, 2], [3, 1]]}
    ]
    write_json(run / "training" / "log.json", log)
    Manifest("mining", "f" * 32, {}, {}, {}, {"queries": 10}, 12.3).write(run / "mining")
    return run


def make_space() -> dict[str, Any]:
    """Describe the spaces of two models that read nothing, on pairs of our own."""
    pairs = [
        Pair(f"p{n}", f"이익 {n}% 증가", f"profit up {n}%", "ko", "en", "translation", "news", "g")
        for n in range(40)
    ]
    choice = choose_samples(Suite(), Suite(), pairs, seed=0)
    assert choice is not None
    encoders = {"before": HashEncoder(12), "after": HashEncoder(12, seed=1)}
    return describe_space(encoders, choice, bootstrap=20)


def make_triplet(anchor: str, negative: str, kind: str, group: str = "g1") -> Triplet:
    """Make a triplet whose negative is a change to its anchor."""
    return Triplet(
        anchor=anchor,
        positive="A rewording.",
        negative=negative,
        category="news",
        anchor_lang="ko",
        positive_lang="en",
        negative_lang="ko",
        positive_kind="translation",
        negative_kind=kind,
        confidence=1.0,
        group=group,
        provenance="test",
    )


_RECIPE = "name: {name}\nseed: {seed}\ntraining:\n  steps:\n  - name: align\n    epochs: {epochs}\n"


def write_run(folder: Path, results: Results, *, name: str, seed: int = 0, epochs: int = 1) -> Path:
    """Write a folder that holds results and a recipe alone."""
    write_results(results, folder / "evaluation")
    write_text(folder / "recipe.yaml", _RECIPE.format(name=name, seed=seed, epochs=epochs))
    return folder
