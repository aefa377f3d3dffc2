from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nmixx.benchmark.splits import split_groups
from nmixx.errors import InputError

SHARES = {"dev": 0.25, "test": 0.75}


@settings(max_examples=40)
@given(drawn=st.lists(st.integers(0, 40), max_size=80))
def test_a_group_is_in_one_split_and_shares_are_kept(drawn: list[int]) -> None:
    groups = [str(group) for group in (*range(41), *drawn)]
    kinds = [(f"k{at % 3}",) for at in range(len(groups))]
    found = split_groups(groups, kinds, SHARES, seed=0)
    assert len(set(zip(groups, found, strict=True))) == len(set(groups))
    largest = max(Counter(groups).values())
    assert abs(found.count("dev") - 0.25 * len(groups)) <= largest
    assert found == split_groups(groups, kinds, SHARES, seed=0)


def test_kinds_are_spread() -> None:
    kinds = [("news" if at % 2 else "law", f"shift {at % 5}") for at in range(400)]
    found = split_groups([str(at) for at in range(400)], kinds, SHARES, seed=3)
    assert found.count("dev") == 100
    chosen = [kind for kind, split in zip(kinds, found, strict=True) if split == "dev"]
    for names in zip(*chosen, strict=True):
        counts = Counter(names).values()
        assert max(counts) - min(counts) <= 2


@pytest.mark.parametrize("shares", [{"a": 0.5}, {"a": 0.6, "b": 0.6}, {"a": 0.0, "b": 1.0}])
def test_shares_that_do_not_add_up(shares: dict[str, float]) -> None:
    with pytest.raises(InputError, match="add up to 1"):
        split_groups(["a", "b"], [(), ()], shares, seed=0)


def test_a_split_that_stays_empty() -> None:
    with pytest.raises(InputError, match="no pairs are left for it: 4 pairs in 1 groups"):
        split_groups(["a"] * 4, [()] * 4, SHARES, seed=0)
