"""Small task files of our own, written where a test asks for them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

WriteRows = Callable[[str, Iterable[Mapping[str, Any]]], Path]


@pytest.fixture
def write_rows(tmp_path: Path) -> WriteRows:
    """Write rows as JSON lines under ``tmp_path`` and give the file's path."""

    def write(name: str, rows: Iterable[Mapping[str, Any]]) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
        path.write_text("".join(lines), encoding="utf-8")
        return path

    return write


@pytest.fixture
def scored_rows() -> list[dict[str, Any]]:
    """Twelve scored pairs in two languages and two categories, in no order."""
    subjects = ("Profit", "Sales", "Debt", "The dividend", "Cash", "Interest")
    rows = []
    for number, subject in enumerate(subjects):
        rows.append(
            {
                "sentence1": f"{subject} rose by {number + 3} percent in the first quarter.",
                "sentence2": f"{subject} rose {number + 3} percent in the first three months.",
                "score": 4.0 + number % 2,
                "lang": "en",
                "category": "news",
            }
        )
        rows.append(
            {
                "sentence1": f"회사 {number}의 이익이 늘었다.",
                "sentence2": f"날씨가 맑고 바람이 {number}단계로 분다.",
                "score": number % 3,
                "lang": "ko",
                "category": "report",
            }
        )
    return rows
