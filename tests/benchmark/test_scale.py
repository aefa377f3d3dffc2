from __future__ import annotations

import pytest

from nmixx.benchmark.scale import Scale, parse_scale
from nmixx.errors import InputError


def test_values_and_what_they_mean() -> None:
    assert Scale().labels == ["0", "1", "2", "3", "4", "5"]
    assert parse_scale("0:5:0.5").labels[1] == "0.5"
    assert parse_scale("1:3").values == [1, 2, 3]
    assert Scale().meaning(5.0) == "the same meaning in every detail"
    assert parse_scale("0:1").meaning(1.0) == ""
    assert parse_scale("0:5:0.5").meaning(2.5) == ""


@pytest.mark.parametrize(
    ("given", "read"),
    [("3", 3.0), (" 4 ", 4.0), (2, 2.0), (5.0, 5.0), ("3.0", 3.0), ("3.5", None), ("6", None)],
)
def test_scores_that_are_read(given: object, read: float | None) -> None:
    assert Scale().read(given) == read


@pytest.mark.parametrize("given", ["", "x", None, True, "nan", "inf", "3,0", [], "-1"])
def test_what_is_no_score(given: object) -> None:
    assert Scale().read(given) is None


@pytest.mark.parametrize("text", ["5", "a:b", "0:5:1:1", "5:0", "0:5:0", "0:1:0.3", "0:5:nan", ""])
def test_what_is_no_scale(text: str) -> None:
    with pytest.raises(InputError, match="--scale"):
        parse_scale(text)
