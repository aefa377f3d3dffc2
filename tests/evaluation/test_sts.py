from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nmixx.errors import DataError
from nmixx.evaluation.settings import StsTask
from nmixx.evaluation.sts import StsData
from nmixx.testing import HashEncoder


def test_languages_are_kept_by_name_with_their_row_numbers(write_rows, scored_rows) -> None:
    path = write_rows("task.jsonl", scored_rows)
    data = StsData.load("task", StsTask(path=str(path), lang="ko"))
    assert list(data.rows) == [2, 4, 6, 8, 10, 12]
    both = StsData.load("task", StsTask(path=str(path), lang="ko, en"))
    assert len(both.pairs) == 12


def test_parts_are_the_figures_of_their_rows(write_rows, scored_rows) -> None:
    path = write_rows("task.jsonl", scored_rows)
    encoder = HashEncoder()
    whole = StsData.load("task", StsTask(path=str(path))).measure(encoder.encode)
    korean = StsData.load("task", StsTask(path=str(path), lang="ko")).measure(encoder.encode)
    assert set(whole.parts) == {"lang", "category"}
    assert whole.parts["lang"]["ko"].figure == pytest.approx(korean.figure)
    assert np.array_equal(whole.parts["lang"]["ko"].values, korean.values)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"score": "high"}, "row 2"),
        ({"score": None}, "row 2"),
        ({"sentence2": None}, "row 2"),
    ],
)
def test_a_bad_row_is_named(write_rows, scored_rows, change: dict[str, Any], said: str) -> None:
    scored_rows[1] |= change
    path = write_rows("task.jsonl", scored_rows)
    with pytest.raises(DataError, match=said):
        StsData.load("task", StsTask(path=str(path)))


def test_a_missing_column_is_named(write_rows) -> None:
    path = write_rows("task.jsonl", [{"sentence1": "a", "sentence2": "b", "grade": 1}] * 2)
    with pytest.raises(DataError, match="score"):
        StsData.load("task", StsTask(path=str(path)))
    mapped = StsTask(path=str(path), columns={"score": "grade"})
    with pytest.raises(DataError, match=r"all 2 scores in .* are equal"):
        StsData.load("task", mapped)


def test_one_row_is_too_few(write_rows, scored_rows) -> None:
    path = write_rows("task.jsonl", scored_rows[:1])
    with pytest.raises(DataError, match="gives 1 scored pairs; at least 2"):
        StsData.load("task", StsTask(path=str(path)))


def test_an_absent_language_lists_those_there_are(write_rows, scored_rows) -> None:
    path = write_rows("task.jsonl", scored_rows)
    with pytest.raises(DataError, match="Its languages: en, ko"):
        StsData.load("task", StsTask(path=str(path), lang="ja"))
