import os
import subprocess
import sys
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nmixx.vocabulary.growing.continuation import learn_merges

RUNS = st.dictionaries(
    st.lists(st.integers(0, 5), min_size=1, max_size=5).map(tuple), st.integers(1, 9), max_size=6
).map(Counter)


def test_the_most_frequent_neighbours_are_joined_first():
    runs = Counter({(7, 8, 9): 5, (7, 8): 3, (8, 9): 1})
    assert learn_merges(runs, size=9, min_frequency=2) == [((7,), (8,)), ((7, 8), (9,))]


@given(RUNS)
def test_each_side_is_an_old_piece_or_was_made_before(runs):
    made = set()
    for left, right in learn_merges(runs, size=50, min_frequency=1):
        assert all(len(side) == 1 or side in made for side in (left, right))
        made.add(left + right)


@given(RUNS, st.integers(0, 4))
def test_fewer_are_the_beginning_of_more(runs, size):
    every = learn_merges(runs, size=50, min_frequency=1)
    few = learn_merges(runs, size=size, min_frequency=1)
    assert few == every[: len(few)]
    assert len(few) >= min(size, len(every))


@pytest.mark.parametrize(("runs", "size"), [({}, 5), ({(1, 2): 3}, 0)])
def test_nothing_to_learn_gives_no_merges(runs, size):
    assert learn_merges(Counter(runs), size=size, min_frequency=1) == []


def test_merges_are_the_same_in_another_process():
    runs = {(1, 2, 3): 2, (3, 2, 1): 2, (2, 1, 3): 2, (3, 1): 2}
    code = (
        "from collections import Counter;"
        "from nmixx.vocabulary.growing.continuation import learn_merges;"
        f"print(learn_merges(Counter({runs!r}), size=20, min_frequency=1))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "11"},
    )
    assert done.stdout.strip() == repr(learn_merges(Counter(runs), size=20, min_frequency=1))
