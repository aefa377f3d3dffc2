from __future__ import annotations

from dataclasses import replace

from nmixx.records import Triplet
from nmixx.report.examples import choose_examples


def triplet(number: int, kind: str, anchor: str = "a b c", **changes: object) -> Triplet:
    made = Triplet(
        anchor=anchor,
        positive="x y",
        negative="a b d",
        category="news",
        anchor_lang="ko",
        positive_lang="en",
        negative_lang="ko",
        positive_kind="translation",
        negative_kind=kind,
        confidence=1.0,
        group=f"g{number}",
        provenance="",
    )
    return replace(made, **changes)


def test_shifts_come_in_the_order_of_the_taxonomy_and_others_last() -> None:
    kinds = ("mined", "detail_added", "sentiment_reversal")
    found = choose_examples([triplet(at, kind) for at, kind in enumerate(kinds)])
    assert [shift.name for shift in found] == ["sentiment_reversal", "detail_added", "mined"]
    assert found[0].definition
    assert found[2].definition == ""


def test_examples_are_short_and_of_different_groups() -> None:
    rows = [triplet(0, "mined"), triplet(0, "mined"), triplet(1, "mined", "long " * 100)]
    rows += [triplet(2, "mined")]
    (shift,) = choose_examples(rows)
    assert shift.count == 4
    assert [example.triplet.group for example in shift.examples] == ["g0", "g2"]


def test_long_ones_are_better_than_none() -> None:
    (shift,) = choose_examples([triplet(1, "mined", "long " * 100)])
    assert len(shift.examples) == 1


def test_changes_are_to_the_origin_else_to_the_side_in_the_same_language() -> None:
    plain = triplet(0, "mined")
    origin = triplet(1, "mined", extra={"origin": "a z"})
    other = triplet(2, "mined", negative_lang="en", negative="x z")
    (shift,) = choose_examples([plain, origin, other], each=3)
    gone = [[s.text for s in e.changes if s.kind == "gone"] for e in shift.examples]
    assert gone == [["c"], ["z"], ["y"]]
