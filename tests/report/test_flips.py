"""Pairs that moved: known ranks, texts only where the file is what was measured on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nmixx.evaluation.results import Against, ExampleScore, Results, TaskResult
from nmixx.report.flips import SHOWN, find_moves
from nmixx.storage import hash_path

NAN = float("nan")
TASK = TaskResult(
    "sts", "spearman", 0.5, (0.4, 0.6), 4, against=Against(0.4, 0.1, (0, 1), 0.1, (0, 1))
)


def results(data: str = "", task: TaskResult = TASK) -> Results:
    return Results("after", {"t": task}, {"data": {"t": data}}, "before")


def scores(after: Sequence[float], before: Sequence[float], labels: Sequence[float]) -> list[Any]:
    rows = zip(after, before, labels, strict=True)
    return [ExampleScore("t", number, *row) for number, row in enumerate(rows, start=1)]


def test_ranks_are_compared_not_scores() -> None:
    # The third pair was last and is now where people put it; the first went the other way.
    found = find_moves(results(), scores([9, 1, 8, 2], [1, 2, 0, 9], [1, 2, 3, 4]), {})["t"]
    assert found.ranked
    assert found.losses[0].row == 1
    assert found.losses[0].label == 0
    assert (found.losses[0].before, found.losses[0].after) == (pytest.approx(1 / 3), 1)
    assert found.gains[0].row == 3
    assert found.gains[0].nearer == pytest.approx(2 / 3)
    assert found.better + found.worse + found.same == 4


def test_without_labels_the_scores_themselves_move() -> None:
    task = replace(TASK, kind="bitext", metric="accuracy@1")
    found = find_moves(results(task=task), scores([1, 0, 0.5], [0, 1, 0.5], [NAN] * 3), {})["t"]
    assert not found.ranked
    assert (found.better, found.worse, found.same) == (1, 1, 1)
    assert [flip.row for flip in found.gains] == [1]
    assert [flip.row for flip in found.losses] == [2]
    assert found.gains[0].label is None


@given(st.lists(st.tuples(*[st.integers(0, 5)] * 3), min_size=2, max_size=30))
def test_losses_are_shown_as_readily_as_gains(rows: list[tuple[int, int, int]]) -> None:
    found = find_moves(results(), scores(*zip(*rows, strict=True)), {})["t"]
    assert len(found.losses) == min(SHOWN, found.worse)
    assert len(found.gains) == min(SHOWN, found.better)
    assert all(flip.nearer < 0 for flip in found.losses)
    assert all(flip.nearer > 0 for flip in found.gains)
    assert [f.nearer for f in found.losses] == sorted(f.nearer for f in found.losses)


def test_a_task_of_one_model_has_no_moves() -> None:
    alone = replace(TASK, against=None)
    assert find_moves(results(task=alone), scores([1, 2], [NAN] * 2, [1, 2]), {}) == {}


def test_texts_are_shown_while_the_file_is_the_one_measured_on(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    rows = [{"sentence1": f"가 {n}", "sentence2": f"나 {n}", "score": n} for n in range(3)]
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    recipe = {"evaluation": {"test": {"sts": {"t": {"path": str(path), "columns": {}}}}}}
    moved = scores([2, 1, 0], [0, 1, 2], [0, 1, 2])
    found = find_moves(results(hash_path(path)), moved, recipe)["t"]
    assert found.losses[0].texts == ("가 0", "나 0")
    assert find_moves(results("another"), moved, recipe)["t"].losses[0].texts is None
    path.unlink()
    assert find_moves(results("gone"), moved, recipe)["t"].losses[0].texts is None


def test_a_query_is_shown_with_the_document_that_answers_it(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    lines = [json.dumps({"query": f"용어 {n}", "positive": f"뜻 {n}"}) for n in range(3)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    recipe = {"evaluation": {"test": {"retrieval": {"t": str(path)}}}}
    task = replace(TASK, kind="retrieval", metric="ndcg@10")
    moved = scores([0.0, 0.5, 1.0], [0.0, 1.0, 0.5], [NAN] * 3)
    found = find_moves(results(hash_path(path), task), moved, recipe)["t"]
    assert found.sides == ("query", "answer")
    assert found.losses[0].texts == ("용어 1", "뜻 1")
    assert found.gains[0].texts == ("용어 2", "뜻 2")


def test_a_triplet_is_shown_with_its_three_sides(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    sides = ("anchor", "positive", "negative")
    lines = [json.dumps({side: f"{side} {n}" for side in sides}) for n in range(2)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    recipe = {"evaluation": {"test": {"triplets": {"t": {"path": str(path)}}}}}
    task = replace(TASK, kind="triplets", metric="accuracy")
    found = find_moves(results(hash_path(path), task), scores([0, 1], [1, 1], [NAN] * 2), recipe)
    assert found["t"].sides == sides
    assert found["t"].losses[0].texts == ("anchor 0", "positive 0", "negative 0")


def test_an_unknown_kind_is_told_without_texts() -> None:
    task = replace(TASK, kind="triplet")
    recipe = {"evaluation": {"test": {"triplet": {"t": "nowhere.jsonl"}}}}
    found = find_moves(results(task=task), scores([1, 0], [0, 1], [NAN] * 2), recipe)["t"]
    assert found.gains[0].texts is None
