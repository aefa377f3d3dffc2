from hypothesis import given
from hypothesis import strategies as st

from nmixx.corpus.groups import group_pairs, join_groups
from nmixx.records import Pair


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


def test_pairs_get_groups_from_what_they_share():
    def pair(anchor, positive, group=""):
        return Pair("", anchor, positive, "en", "ko", "translation", "news", group)

    same_text = [pair("Profit rose.", "이익이 늘었다."), pair("profit rose.", "이익이 증가했다.")]
    same_group = [pair("a", "b", "g"), pair("c", "d", "g")]
    groups = [p.group for p in group_pairs([*same_text, *same_group, pair("e", "f")])]
    assert groups[0] == groups[1]
    assert groups[2] == groups[3]
    assert len(set(groups)) == 3
