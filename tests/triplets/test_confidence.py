import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.triplets.checks.makers import make

from nmixx.errors import RecipeError
from nmixx.testing import HashEncoder
from nmixx.triplets import teachers
from nmixx.triplets.agreement import score_agreement
from nmixx.triplets.checks import FAULT
from nmixx.triplets.confidence import judge_made, judge_together
from nmixx.triplets.settings import TripletSettings
from nmixx.triplets.stored import read_stored, write_stored
from nmixx.triplets.teachers import TeacherRule, ask_teachers, measure_margins

ENGLISH = {
    "anchor": "The bank raised its dividend in 2024.",
    "positive": "In 2024 the bank raised the dividend.",
    "negative": "In 2024 the bank cut the dividend.",
    "langs": "en en en",
    "kind": "paraphrase",
}


class Table:
    """An encoder that looks vectors up, and counts the texts that it was given."""

    fingerprint = "table"

    def __init__(self, **vectors):
        self.vectors = vectors
        self.asked = []

    def encode(self, texts):
        self.asked += texts
        rows = np.array([self.vectors[text] for text in texts], dtype=np.float32)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def plain(negative, *, positive="p", **extra):
    return make("a", positive, negative, **extra)


NEAR = Table(a=[1, 0], p=[1, 0.1], far=[0, 1], close=[1, 0.05], middle=[1, 0.5])


def test_margins_are_differences_of_cosines():
    margins = measure_margins([plain("far"), plain("close")], NEAR)
    assert margins[0] == pytest.approx(1 / np.hypot(1, 0.1), abs=1e-5)
    assert margins[1] < 0


@pytest.mark.parametrize(
    ("negative", "rule", "score"),
    [
        ("close", TeacherRule(), lambda score: score < FAULT),
        ("middle", TeacherRule(), lambda score: score == 1),
        ("middle", TeacherRule(margin=0.2), lambda score: score < FAULT),
        ("far", TeacherRule(trivial=0.6), lambda score: score < FAULT),
        ("far", TeacherRule(trivial=2), lambda score: score == 1),
    ],
)
def test_a_negative_must_be_farther_but_not_by_far(negative, rule, score):
    (asked,) = ask_teachers([plain(negative)], {"one": NEAR})
    assert score(rule.score(asked))


def test_one_teacher_is_enough_and_all_must_find_it_trivial():
    blind = Table(a=[1, 0], p=[1, 0], far=[1, 0], middle=[1, 0])
    (asked,) = ask_teachers([plain("far")], {"sees": NEAR, "blind": blind})
    assert TeacherRule().score(asked) == 1
    assert asked.extra["margin_blind"] == asked.extra["teacher_least"] == 0
    assert asked.extra["margin_sees"] == asked.extra["teacher_best"]


def test_texts_are_encoded_block_by_block_once_a_block(monkeypatch):
    monkeypatch.setattr(teachers, "BLOCK", 2)
    table = Table(**NEAR.vectors)
    made = [plain("far"), plain("close"), plain("middle")]
    asked = ask_teachers(made, {"one": table})
    assert sorted(table.asked) == sorted(["a", "p", "far", "close", "a", "p", "middle"])
    together = measure_margins(made, NEAR)
    assert [one.extra["margin_one"] for one in asked] == pytest.approx(together, abs=1e-5)


def test_the_teachers_verdict_moves_without_encoding_again(tmp_path):
    made = [make(), make(**ENGLISH)]
    first = judge_together(made, threshold=FAULT, teachers={"hash": HashEncoder()})
    write_stored(first, tmp_path)
    read = [one.kept() for one in read_stored(tmp_path).all]
    strict = judge_together(read, threshold=FAULT, rule=TeacherRule(margin=1.0))
    assert len(strict.kept) == 0
    assert {row.reason for _, row in strict.dropped} == {"teacher sees no clear difference"}
    loose = judge_together(read, threshold=FAULT, rule=TeacherRule(margin=-1.0, trivial=2))
    assert len(loose.kept) == 2


def test_generators_agree_where_their_negatives_are_alike():
    rule = make(**ENGLISH)
    alike = make(
        **ENGLISH | {"negative": "In 2024 the bank cut the dividends."}, provenance="llm:model:d1"
    )
    other = make(
        **ENGLISH | {"negative": "The lender slashed what shareholders get for 2024."},
        provenance="web:x:d1",
    )
    lonely = make()
    assert score_agreement([rule, alike, lonely]) == [1.0, 1.0, None]
    doubt = score_agreement([rule, other])
    assert all(FAULT <= score < 1 for score in doubt)
    same_maker = make(**ENGLISH | {"negative": "In 2024 the bank scrapped the dividend."})
    assert score_agreement([rule, same_maker]) == [None, None]  # fmt: skip


def test_agreement_is_a_column_and_a_doubt_but_no_fault():
    other = make(**ENGLISH | {"negative": "The bank cut what shareholders get in 2024."},
                 provenance="llm:model:d1")  # fmt: skip
    decided = judge_together([make(**ENGLISH), other], threshold=FAULT)
    assert len(decided.kept) == 2
    assert all(FAULT <= one.scores["agreement"] < 1 for one in decided.kept)
    assert all("score_agreement" in one.kept().extra for one in decided.kept)


def test_a_triplet_that_stands_there_twice_counts_once():
    again = make(negative="Sales of the company FELL 12% in the third quarter")
    assert len(judge_together([make(), again, make(**ENGLISH)], threshold=0).all) == 2


def test_a_judge_is_asked_about_what_passed_and_its_score_is_stored():
    asked = []

    def judge(triplet):
        asked.append(triplet.provenance)
        return 0.2 if triplet.provenance == "rule:en:bad" else None

    made = [
        make(),
        make(**ENGLISH, provenance="rule:en:bad"),
        make(positive="Sales rose 13 % in the third quarter.", provenance="rule:en:broken"),
    ]
    decided = judge_together(made, threshold=FAULT, judge=judge)
    assert asked == ["rule:en:p1", "rule:en:bad"]
    assert len(decided.kept) == 1
    assert "judge doubts it" in {row.reason for _, row in decided.dropped}
    bad = next(one for one, _ in decided.dropped if one.triplet.provenance == "rule:en:bad")
    assert bad.kept().extra["score_judge"] == 0.2


def test_a_judge_that_gives_no_share_is_refused():
    with pytest.raises(RecipeError, match="from 0 to 1"):
        judge_together([make()], threshold=FAULT, judge=lambda triplet: 7.0)


def test_what_was_made_goes_through_settings(tiny_model_path):
    made = [make(), make(**ENGLISH)]
    assert judge_made(made, [], TripletSettings()) == (made, [])
    strict = TripletSettings(teachers=(str(tiny_model_path),), teacher_margin=2.0)
    kept, dropped = judge_made(made, [], strict)
    assert (kept, len(dropped)) == ([], 2)
    assert judge_made(made, [], TripletSettings(), lambda triplet: 0.9)[0][0].confidence == 0.9


@given(st.floats(-1, 1), st.floats(-1, 1), st.floats(-0.5, 0.5))
def test_a_larger_margin_is_never_worth_less_unless_trivial(one, other, margin):
    low, high = sorted((one, other))
    rule = TeacherRule(margin=margin, trivial=2)
    scores = [
        rule.score(plain("far", teacher_best=value, teacher_least=value)) for value in (low, high)
    ]
    assert scores[0] <= scores[1]
