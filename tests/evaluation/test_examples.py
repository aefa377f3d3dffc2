from __future__ import annotations

import numpy as np

from nmixx.evaluation.examples import group_by_length, split


def test_quarters_by_length_are_about_equal_and_in_order() -> None:
    lengths = list(range(1, 101))
    names = group_by_length(lengths)
    parts = split(np.ones(100), None, {"length": names})["length"]
    assert list(parts) == [
        "1 to 25 characters",
        "26 to 50 characters",
        "51 to 75 characters",
        "76 to 100 characters",
    ]
    assert [len(part) for part in parts.values()] == [25] * 4


def test_few_or_equal_lengths_make_no_quarters() -> None:
    assert set(group_by_length([5] * 39)) == {""}
    assert split(np.ones(60), None, {"length": group_by_length([5] * 60)}) == {}
