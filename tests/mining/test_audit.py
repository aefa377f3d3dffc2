from __future__ import annotations

import json
from dataclasses import replace
from io import StringIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from mining.brute import BruteScorer
from nmixx.errors import InputError
from nmixx.mining.audit import GRID, REFERENCE, Audit, at_equal_hardness, audit_policies
from nmixx.mining.choices import Choice, choose
from nmixx.mining.policies import perc_pos
from nmixx.mining.rules import Rule, Rules
from nmixx.mining.teachers.protocol import Query

FREE = Rules(())


def unit(rows: object) -> np.ndarray:
    array = np.asarray(rows, dtype=np.float32)
    return array / np.linalg.norm(array, axis=1, keepdims=True)


def make_world(seed: int = 0, *, queries: int = 12, noise: float = 0.25) -> BruteScorer:
    """Query n has document 2n as its positive, and document 2n + 1 says the same."""
    chooser = np.random.default_rng(seed)
    meanings = np.repeat(chooser.standard_normal((queries, 8)), 2, axis=0)
    near = unit(meanings + noise * chooser.standard_normal(meanings.shape))
    far = unit(chooser.standard_normal((200, 8)))
    asked = unit(meanings[::2] + noise * chooser.standard_normal((queries, 8)))
    return BruteScorer(asked, np.vstack([near, far]), [(2 * n,) for n in range(queries)])


def queries_of(scorer: BruteScorer) -> list[Query]:
    return [Query(f"q{n}", f"query {n}", "en", some) for n, some in enumerate(scorer.positives)]


def audit(scorer: BruteScorer, *choices: Choice, rules: Rules = FREE, negatives: int = 3) -> Audit:
    planted = [(some[0] + 1,) for some in scorer.positives]
    return audit_policies(
        scorer, queries_of(scorer), planted, choices or GRID, rules, negatives=negatives
    )


def mine_by_hand(scorer: BruteScorer, choice: Choice, negatives: int) -> list[list[int]]:
    """Every score, sorted and filtered, query by query."""
    mined = []
    for number, positives in enumerate(scorer.positives):
        scores = scorer.documents @ scorer.queries[number]
        order = np.array([r for r in np.argsort(-scores, kind="stable") if r not in positives])
        kept = choice.row.keep(scores[order], min(scores[list(positives)]), choice.margin or 0.0)
        if choice.apart is not None:
            nearest = (scorer.documents[order] @ scorer.documents[list(positives)].T).max(axis=1)
            lowest = scores[list(positives)].min(keepdims=True)
            kept &= nearest < perc_pos(lowest, choice.apart)
        mined.append(order[kept][:negatives].tolist())
    return mined


@settings(max_examples=15)
@given(st.integers(0, 2**32 - 1), st.integers(1, 6))
def test_every_figure_is_that_of_mining_by_hand(seed: int, negatives: int) -> None:
    scorer = make_world(seed)
    for outcome in audit(scorer, negatives=negatives).outcomes:
        mined = mine_by_hand(scorer, outcome.choice, negatives)
        hits = [2 * number + 1 in some for number, some in enumerate(mined)]
        total = sum(map(len, mined))
        assert outcome.queries_hit == pytest.approx(np.mean(hits))
        assert outcome.negatives_planted == pytest.approx(sum(hits) / total if total else 0)
        assert outcome.complete == np.mean([len(some) == negatives for some in mined])


def test_looking_at_the_positive_too_keeps_what_was_planted_out() -> None:
    naive, apart = audit(
        make_world(noise=0.1), choose("naive"), choose("perc_pos_apart", 0.95, 0.6)
    ).outcomes
    assert (naive.queries_hit, apart.queries_hit) == (1, 0)
    assert naive.negatives_planted == pytest.approx(1 / 3)
    assert naive.mean_score is not None and apart.mean_score is not None
    assert naive.mean_score > apart.mean_score


def test_all_policies_are_answered_by_one_search() -> None:
    searches = []

    class Counting(BruteScorer):
        def search(self, tiers, rules):  # type: ignore[no-untyped-def]
            searches.append(len(tiers))
            return super().search(tiers, rules)

    world = make_world()
    audit(Counting(world.queries, world.documents, world.positives))
    assert searches == [len(set(GRID) | set(REFERENCE))]


def test_what_the_rules_keep_out_is_no_policys_merit() -> None:
    scorer = make_world()
    groups = np.arange(len(scorer.documents))
    groups[1] = groups[0]  # the first query's planted positive is of its own group
    rules = Rules((Rule("other", np.arange(0, 24, 2), groups),))
    result = audit(scorer, choose("naive"), rules=rules)
    assert (result.queries, result.planted, result.kept_out) == (11, 11, 1)


def test_a_positive_that_is_planted_again_counts_as_kept_out() -> None:
    scorer = make_world()
    planted = [(2 * n, 2 * n + 1) for n in range(12)]
    result = audit_policies(
        scorer, queries_of(scorer), planted, [choose("naive")], FREE, negatives=3
    )
    assert (result.planted, result.kept_out) == (12, 12)


def test_queries_without_anything_planted_are_not_counted() -> None:
    scorer = make_world()
    planted = [(1,), *[()] * 11]
    result = audit_policies(
        scorer, queries_of(scorer), planted, [choose("naive")], FREE, negatives=3
    )
    assert (result.queries, result.outcomes[0].queries_hit) == (1, 1.0)


def test_an_audit_of_nothing_is_refused() -> None:
    scorer = make_world()
    with pytest.raises(InputError, match="none of 12 queries has a planted positive"):
        audit_policies(scorer, queries_of(scorer), [()] * 12, GRID, FREE, negatives=3)


def test_a_teacher_that_does_not_compare_documents_is_audited_without_apart() -> None:
    result = audit(replace(make_world(), compares=False))
    assert {choice.policy for choice in result.left_out} == {"perc_pos_apart"}
    assert len(result.left_out) + len(result.outcomes) == len(GRID)


def test_the_reference_is_its_own_equal() -> None:
    result = audit(make_world(noise=0.4))
    shares = {}
    for outcome in result.outcomes:
        if outcome.choice.policy == "perc_pos":
            shares[outcome.choice.margin] = (at_equal_hardness(result, outcome), outcome)
    assert set(shares) == {0.95, 0.90, 0.80}
    for share, outcome in shares.values():
        assert share == pytest.approx(outcome.queries_hit)


def test_between_two_margins_the_reference_is_interpolated() -> None:
    result = audit(make_world(), choose("naive"))
    point = result.reference[0]
    curve = (
        replace(point, mean_score=0.4, queries_hit=0.1),
        replace(point, mean_score=0.6, queries_hit=0.5),
        replace(point, mean_score=None, queries_hit=0.0),
    )
    made = replace(result, reference=curve)
    assert at_equal_hardness(made, replace(point, mean_score=0.55)) == pytest.approx(0.4)
    for outside in (0.39, 0.61, None):
        assert at_equal_hardness(made, replace(point, mean_score=outside)) is None


def test_it_prints_as_a_table_and_is_plain_json() -> None:
    result = audit(replace(make_world(), compares=False))
    for width in (80, 120):
        console = Console(width=width, file=StringIO(), color_system=None)
        console.print(result)
        text = console.file.getvalue()  # type: ignore[attr-defined]
        assert "12 positives planted for 12 queries" in text
        assert "does not compare documents" in text
        assert "…" not in text
    values = json.loads(json.dumps(result.to_dict(), allow_nan=False))
    assert values["outcomes"][0]["choice"] == {"policy": "naive", "margin": None, "apart": None}
    assert "reference_queries_hit" in values["outcomes"][0]
    assert len(values["reference"]) == len(REFERENCE)


def test_the_first_row_of_the_pool_may_be_planted() -> None:
    scorer = make_world()
    scorer = replace(scorer, positives=[(1,), *scorer.positives[1:]])
    result = audit_policies(
        scorer, queries_of(scorer), [(0,), *[()] * 11], [choose("naive")], FREE, negatives=3
    )
    assert (result.queries, result.planted) == (1, 1)
