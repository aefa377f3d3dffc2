from hypothesis import given
from hypothesis import strategies as st

from nmixx.corpus.groups import join_groups


def test_rows_that_share_a_key_directly_or_through_others():
    groups = join_groups(["d", "b", "c", "a"], [("x", "y"), ("z",), ("y", "w"), ("w",)])
    assert groups == ["a", "b", "a", "a"]


def test_no_rows():
    assert join_groups([], []) == []


@given(st.lists(st.lists(st.integers(0, 12), max_size=3), max_size=15))
def test_groups_are_the_connected_components(keys):
    ids = [f"{number:02}" for number in range(len(keys))]
    groups = join_groups(ids, keys)
    for row, group in enumerate(groups):
        reached, edge = {row}, [row]
        while edge:
            here = set(keys[edge.pop()])
            new = [r for r in range(len(keys)) if r not in reached and here & set(keys[r])]
            reached.update(new)
            edge += new
        assert group == min(ids[one] for one in reached)
