from __future__ import annotations

import json
from io import StringIO
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from mining.brute import BruteTeacher
from nmixx.errors import InputError
from nmixx.mining.comparison import (
    CHOICES,
    NO_COMPARISON,
    NO_MARGIN,
    Comparison,
    TeacherView,
    Yield,
    compare_teachers,
)
from nmixx.mining.policies import perc_pos
from nmixx.mining.rules import Rules
from nmixx.mining.teachers.protocol import Query
from nmixx.records import Document

FREE = Rules(())


def unit(rows: Any) -> np.ndarray:
    rows = np.asarray(rows, dtype=np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def make_queries(*positives: tuple[int, ...]) -> list[Query]:
    return [Query(f"q{n}", f"query {n}", "en", some) for n, some in enumerate(positives)]


def make_documents(count: int) -> list[Document]:
    return [Document(f"d{n}", f"text {n}", "en", "news", f"g{n}", "test") for n in range(count)]


def compare(*teachers: BruteTeacher, negatives: int = 2, depth: int = 5) -> Comparison:
    """Compare teachers where the positive of each query is the document of its number."""
    sizes = teachers[0].queries.shape[0], teachers[0].documents.shape[0]
    queries = make_queries(*((row,) for row in range(sizes[0])))
    documents = make_documents(sizes[1])
    return compare_teachers(teachers, queries, documents, FREE, negatives=negatives, depth=depth)


def teacher(name: str = "ours", *, seed: int = 0, **options: Any) -> BruteTeacher:
    chooser = np.random.default_rng(seed)
    documents = unit(chooser.standard_normal((30, 6)))
    queries = unit(documents[:8] + 0.3 * chooser.standard_normal((8, 6)))
    return BruteTeacher(queries, documents, name, **options)


def by_name(view: TeacherView) -> dict[str, Yield]:
    return {one.choice.name: one for one in view.yields}


def starved_by_hand(
    world: BruteTeacher, queries: list[Query], one: Yield, negatives: int, depth: int | None
) -> int:
    """Do as the peers do: fetch the best, as many as ``depth``, and filter them afterwards."""
    choice, starved = one.choice, 0
    for number, query in enumerate(queries):
        scores = world.documents @ world.queries[number]
        positive = min(scores[row] for row in query.positives)
        others = [row for row in range(len(scores)) if row not in query.positives]
        window = sorted(others, key=lambda row: (-scores[row], row))[:depth]
        kept = choice.row.keep(scores[window], positive, choice.margin or 0.0)
        if choice.apart is not None:
            near = (world.documents[window] @ world.documents[list(query.positives)].T).max(axis=1)
            kept &= near < perc_pos(np.array([positive], dtype=np.float32), choice.apart)
        starved += kept.sum() < negatives
    return starved


@st.composite
def worlds(draw: st.DrawFn) -> tuple[BruteTeacher, list[Query]]:
    """Small vectors of whole numbers: their products are exact, and ties are the rule."""
    chooser = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    count, size = draw(st.integers(1, 6)), draw(st.integers(4, 30))
    queries, documents = (
        chooser.integers(-2, 3, (rows, 3)).astype(np.float32) for rows in (count, size)
    )
    positives = [
        tuple(chooser.choice(size, draw(st.integers(1, 3)), replace=False).tolist())
        for _ in range(count)
    ]
    return BruteTeacher(queries, documents), make_queries(*positives)


@settings(max_examples=60)
@given(worlds(), st.integers(1, 4), st.integers(0, 8))
def test_starved_queries_are_those_of_a_filter_applied_afterwards(
    world: tuple[BruteTeacher, list[Query]], negatives: int, more: int
) -> None:
    brute, queries = world
    depth = negatives + more
    documents = make_documents(len(brute.documents))
    comparison = compare_teachers(
        [brute], queries, documents, FREE, negatives=negatives, depth=depth
    )
    for one in comparison.teachers[0].yields:
        assert one.starved_window == starved_by_hand(brute, queries, one, negatives, depth)
        assert one.starved_corpus == starved_by_hand(brute, queries, one, negatives, None)


def test_a_strict_margin_starves_the_window_and_not_the_corpus() -> None:
    # Four others stand above the ceiling of 0.95, all the rest far below it.
    documents = unit([[1, 0], *[[1, 0.05 * n] for n in range(1, 5)], *[[0.1, n] for n in (1, 2)]])
    comparison = compare(BruteTeacher(unit([[1, 0]]), documents), negatives=2, depth=4)
    one = by_name(comparison.teachers[0])["perc_pos 0.95"]
    assert (one.starved_window, one.starved_corpus) == (1, 0)
    assert one.mean_score == pytest.approx(float(documents[5:, 0].mean()))


def test_every_policy_is_tried_and_the_papers_at_three_margins() -> None:
    names = [choice.name for choice in CHOICES]
    assert names == [
        "naive",
        "shifted 10",
        "absolute 0.7",
        "margin_pos 0.05",
        "perc_pos 0.95",
        "perc_pos 0.9",
        "perc_pos 0.8",
        "perc_pos_apart 0.95, 0.75",
    ]


def test_on_unbounded_scores_policies_with_a_margin_are_left_out() -> None:
    view = compare(teacher(bounded=False)).teachers[0]
    for one in view.yields:
        figures = (one.starved_window, one.starved_corpus, one.mean_score)
        assert one.left_out == (NO_MARGIN if one.choice.row.relative else "")
        assert (None in figures) is one.choice.row.relative


def test_a_teacher_that_only_scores_for_queries_is_spared_what_it_cannot_do() -> None:
    view = compare(teacher(compares=False)).teachers[0]
    assert [one.choice.policy for one in view.yields if one.left_out] == ["perc_pos_apart"]
    assert by_name(view)["perc_pos_apart 0.95, 0.75"].left_out == NO_COMPARISON


def test_positives_are_scored_and_never_among_the_others() -> None:
    world = teacher()
    view = compare(world).teachers[0]
    scores = world.queries @ world.documents.T
    own = scores[np.arange(8), np.arange(8)].copy()
    scores[np.arange(8), np.arange(8)] = -np.inf
    assert view.positives is not None and view.others is not None
    assert view.positives.mean == pytest.approx(own.mean(), rel=1e-5)
    assert view.others.mean == pytest.approx(scores.max(axis=1).mean(), rel=1e-5)
    assert view.outranked == pytest.approx((scores.max(axis=1) >= own).mean())


def test_positives_that_a_run_does_not_know_are_counted() -> None:
    unknown = frozenset({(0, 0), (3, 3)})
    view = compare(teacher(unknown=unknown)).teachers[0]
    assert view.unknown == 2
    assert view.positives is not None and view.positives.n == 6
    assert by_name(view)["perc_pos 0.8"].starved_corpus == 2


def test_a_teacher_that_knows_no_positive_has_no_figures() -> None:
    unknown = frozenset((row, row) for row in range(8))
    comparison = compare(teacher(unknown=unknown), teacher("other"))
    view = comparison.teachers[0]
    assert (view.positives, view.extremes, view.outranked) == (None, None, None)
    assert comparison.agreements[0].spearman is None
    render(comparison, 80)


def test_a_teacher_agrees_with_itself_and_not_with_its_opposite() -> None:
    one = teacher("one")
    opposite = BruteTeacher(-one.queries, one.documents, "opposite")
    same, turned, _ = compare(one, teacher("twin"), opposite).agreements
    assert (same.one, same.other) == ("one", "twin")
    assert (same.best, same.window, same.spearman) == (1, 1, pytest.approx(1))
    assert (turned.best, turned.spearman) == (0, pytest.approx(-1))


def render(comparison: Comparison, width: int) -> str:
    console = Console(width=width, file=StringIO(), color_system=None)
    console.print(comparison)
    return console.file.getvalue()  # type: ignore[attr-defined]


@pytest.mark.parametrize("width", [80, 120])
def test_it_prints_as_tables_and_nothing_is_cut(width: int) -> None:
    text = render(compare(teacher("교사 [bold]"), teacher("other", bounded=False)), width)
    for shown in ("교사 [bold]", "other", NO_MARGIN, "perc_pos_apart 0.95, 0.75", "Spearman"):
        assert shown in text
    assert "…" not in text
    assert ("95 %" in text) is (width == 120)


def test_one_teacher_alone_has_no_table_of_agreement() -> None:
    assert "Spearman" not in render(compare(teacher()), 80)


def test_it_is_plain_json() -> None:
    values = compare(teacher(unknown=frozenset({(1, 1)})), teacher("other", seed=1)).to_dict()
    text = json.dumps(values, allow_nan=False)
    assert json.loads(text)["teachers"][0]["yields"][0]["choice"]["policy"] == "naive"


def test_what_cannot_be_compared_is_refused() -> None:
    queries, documents = make_queries((0,)), make_documents(30)
    sizes = {"negatives": 2, "depth": 5}
    with pytest.raises(InputError, match="there are no teachers"):
        compare_teachers([], queries, documents, FREE, **sizes)
    with pytest.raises(InputError, match="there are no queries"):
        compare_teachers([teacher()], [], documents, FREE, **sizes)
    with pytest.raises(InputError, match="two are named 'ours'"):
        compare_teachers([teacher(), teacher()], queries, documents, FREE, **sizes)
    with pytest.raises(InputError, match="6 negatives from a window of 5"):
        compare_teachers([teacher()], queries, documents, FREE, negatives=6, depth=5)
    with pytest.raises(InputError, match="'q0': has no positive"):
        compare_teachers([teacher()], make_queries(()), documents, FREE, **sizes)
