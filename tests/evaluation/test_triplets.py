from __future__ import annotations

from pathlib import Path

import pytest

from nmixx.errors import DataError
from nmixx.evaluation.settings import TripletTask
from nmixx.evaluation.triplets import TripletData
from nmixx.records import Triplet
from nmixx.storage import write_records

SHIFTS = ("sentiment_reversal", "detail_added")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    triplets = [
        Triplet(
            f"Profit rose {at} percent.",
            f"Profit went up {at} percent.",
            f"Profit fell {at} percent.",
            *("news", "en", "en", "en", "paraphrase", SHIFTS[at % 2], 1.0, f"g{at}", "rule"),
        )
        for at in range(12)
    ]
    write_records(tmp_path / "triplets.parquet", Triplet, triplets)
    return tmp_path / "triplets.parquet"


def test_shifts_are_parts_and_the_figure_is_that_of_sentence_transformers(
    path: Path, load_tiny
) -> None:
    from sentence_transformers.sentence_transformer.evaluation import TripletEvaluator

    model = load_tiny()
    data = TripletData.load("shifts", TripletTask(path=str(path)))
    found = data.measure(lambda texts, role="": model.encode(list(texts)))
    expected = TripletEvaluator(list(data.anchors), list(data.positives), list(data.negatives))
    assert found.figure == pytest.approx(expected(model)["cosine_accuracy"], abs=1e-6)
    assert set(found.parts["shift"]) == set(SHIFTS)
    assert sum(len(part) for part in found.parts["shift"].values()) == 12


def test_a_tie_of_a_baseline_counts_half(path: Path) -> None:
    surface = TripletData.load("shifts", TripletTask(path=str(path))).surface()
    assert surface["same figures"] == 0.5
    assert surface["length in characters"] == 0.0
    assert "BM25" in surface


def test_a_row_without_a_negative_is_named(write_rows) -> None:
    path = write_rows("t.jsonl", [{"anchor": "a", "positive": "b", "negative": None}] * 2)
    with pytest.raises(DataError, match="row 1: no column 'negative' or 'neg'"):
        TripletData.load("t", TripletTask(path=str(path)))
