"""Cards of data sets: what the Hub reads, and the counts of the page."""

from __future__ import annotations

from pathlib import Path

import yaml

from nmixx.records import ScoredPair
from nmixx.report import build_report
from nmixx.report.datacard import write_benchmark_card


def test_triplets_get_a_card_that_the_hub_reads(full_run: Path) -> None:
    from huggingface_hub import DatasetCard

    build_report(full_run)
    text = (full_run / "triplets" / "README.md").read_text(encoding="utf-8")
    facts = DatasetCard(text).data.to_dict()
    assert facts["language"] == ["en", "ko"]
    assert facts["size_categories"] == ["n<1K"]
    (config,) = facts["configs"]
    assert config["data_files"] == [{"split": "train", "path": "triplets.parquet"}]
    assert (full_run / "triplets" / config["data_files"][0]["path"]).exists()


def test_the_card_counts_what_the_page_counts_and_escapes_texts(full_run: Path) -> None:
    build_report(full_run)
    text = (full_run / "triplets" / "README.md").read_text(encoding="utf-8")
    assert "| sentiment\\_reversal | 1 |" in text
    assert "3 triplets were made" in text
    assert "2 passed its checks" in " ".join(text.split())
    assert "| near duplicate | 1 |" in text
    assert "<script" not in text


def test_a_run_without_triplets_gets_no_card(minimal_run: Path) -> None:
    build_report(minimal_run)
    assert not (minimal_run / "triplets").exists()


def test_a_benchmark_tells_its_languages_scores_and_shifts() -> None:
    pairs = [
        ScoredPair("가", "a", 0.0, "ko-en", "news", "sentiment_reversal"),
        ScoredPair("나", "b", 4.5, "ko-en", "news"),
    ]
    text = write_benchmark_card("금융 | sts", "test.jsonl", pairs)
    facts = yaml.safe_load(text.split("---\n", 2)[1])
    assert facts["language"] == ["en", "ko"]
    assert facts["configs"][0]["data_files"] == [{"split": "test", "path": "test.jsonl"}]
    assert "from 0 to 4.5" in text
    assert "# 금융 \\| sts" in text
    assert "| sentiment\\_reversal | 1 |" in text
