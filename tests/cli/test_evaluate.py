"""``nmixx evaluate``: what each call gives, and what each wrong one says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Nmixx, assert_refused, write_lines


@pytest.fixture
def scored(tmp_path: Path) -> Path:
    rows = [
        {
            "sentence1": f"Profit rose {at} percent.",
            "sentence2": f"Sales {'rose' if at % 2 else 'fell'} {at * 3 % 7} percent in all.",
            "score": at * 5 % 6,
        }
        for at in range(12)
    ]
    return write_lines(tmp_path / "scored.jsonl", rows)


def test_a_model_against_itself(
    nmixx: Nmixx, scored: Path, tiny_model_path: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    words = ("evaluate", tiny_model_path, "--sts", f"own={scored}", "--bootstrap", 20, "--out", out)
    outcome = nmixx(*words, "--against", tiny_model_path, "--details")
    assert outcome.code == 0, outcome.err
    for shown in ("own", "+0.000", "pearson", "surface, no model", "only 12 rows"):
        assert shown in outcome.out
    task = json.loads((out / "results.json").read_text(encoding="utf-8"))["tasks"]["own"]
    assert task["against"]["p_holm"] == 1.0
    assert task["metrics"].keys() == {"pearson"}
    assert task["smallest_gain"] is not None


def test_several_models_are_seeds_and_results_may_stand_for_them(
    nmixx: Nmixx, scored: Path, tiny_model_path: Path, tmp_path: Path
) -> None:
    common = ("--sts", f"own={scored}", "--bootstrap", 5)
    first = tmp_path / "first"
    assert nmixx("evaluate", tiny_model_path, *common, "--out", first).code == 0
    both = (first / "results.json", tiny_model_path)
    outcome = nmixx("evaluate", *both, *common, "--out", tmp_path / "seeds", "--json")
    assert outcome.code == 0, outcome.err
    spread = json.loads(outcome.out)["tasks"]["own"]
    assert spread["sd"] == 0
    assert (tmp_path / "seeds" / "seeds.json").exists()
    assert len(list((tmp_path / "seeds").glob("2-*/results.json"))) == 1


def test_a_suite_by_name_with_one_task(nmixx: Nmixx, tiny_model_path: Path, tmp_path: Path) -> None:
    words = ("--suite", "sample", "--task", "sample-bitext", "--bootstrap", 5)
    outcome = nmixx("evaluate", tiny_model_path, *words, "--out", tmp_path / "out", "--json")
    assert outcome.code == 0, outcome.err
    assert list(json.loads(outcome.out)["tasks"]) == ["sample-bitext"]


def test_under_ten_rows_nothing_is_claimed(
    nmixx: Nmixx, scored: Path, tiny_model_path: Path, tmp_path: Path
) -> None:
    few = tmp_path / "few.jsonl"
    few.write_text("".join(scored.read_text().splitlines(keepends=True)[:8]))
    words = ("--sts", f"few={few}", "--against", tiny_model_path, "--out", tmp_path / "out")
    outcome = nmixx("evaluate", tiny_model_path, *words, "--json")
    task = json.loads(outcome.out)["tasks"]["few"]
    assert task["ci95"] == [-1, 1]
    assert (task["against"]["p"], task["against"]["ci95"]) == (1, [-2, 2])
    assert task["smallest_gain"] is None
    assert any("too few for an interval" in warning for warning in task["warnings"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--suite", "sampl"), ("Did you mean sample",)),
        (("--suite", "sample", "--task", "sample-st"), ("Did you mean 'sample-sts'",)),
        (("--suite", "korean-finance"), ("--set data=FOLDER",)),
        ((), ("nothing to measure", "nmixx-paper")),
        (("--suite", "sample", "--precision", "half"), ("--precision",)),
        (("--sts", "x"), ("expected NAME=FILE",)),
        (("--suite", "sample", "--training-data", "absent.parquet"), ("absent.parquet",)),
    ],
)
def test_wrong_calls_are_explained(
    nmixx: Nmixx, tiny_model_path: Path, tmp_path: Path, words: tuple[str, ...], said: tuple[str]
) -> None:
    outcome = nmixx("evaluate", tiny_model_path, *words, "--out", tmp_path / "out")
    assert_refused(outcome, *said)


def test_no_model_is_explained(nmixx: Nmixx, tmp_path: Path) -> None:
    assert_refused(
        nmixx("evaluate", "--suite", "sample", "--out", tmp_path / "o"), "no model given"
    )


def test_a_hub_that_cannot_be_reached_is_said(
    nmixx: Nmixx, tiny_model_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import datasets

    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")
    words = ("--suite", "nmixx-paper", "--out", tmp_path / "out")
    assert_refused(
        nmixx("evaluate", tiny_model_path, *words), "hf:FinanceMTEB/FinSTS", "the connection"
    )
