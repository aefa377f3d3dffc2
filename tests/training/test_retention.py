import pytest
from hypothesis import given
from hypothesis import strategies as st

from nmixx.training.retention import choose_share, tell
from nmixx.training.watch_settings import GuardSettings

SHARES = GuardSettings(tasks=("sts",)).shares


def guard(most_lost=0.005, tasks=("sts",), **options):
    return GuardSettings(tasks=tasks, most_lost=most_lost, **options)


def falling(share):
    return {"sts": 0.8 - 0.02 * share, "domain": 0.2 + share}


def test_the_largest_share_within_the_limit_is_chosen():
    found = choose_share(falling, guard(0.005))
    assert found.keep == 0.2
    assert [point.keep for point in found.curve] == list(SHARES)
    assert [point.within for point in found.curve] == [share <= 0.25 for share in SHARES]
    assert found.curve[-1].figures == {"sts": pytest.approx(0.78), "domain": 1.2}
    assert found.curve[-1].lost == pytest.approx(0.02)


def test_a_loss_of_exactly_the_limit_is_within_it():
    assert choose_share(falling, guard(0.02)).keep == 1.0


def test_a_larger_share_may_be_within_the_limit_where_a_smaller_one_is_not():
    figures = {0.0: 0.8, 0.5: 0.7, 1.0: 0.8}
    found = choose_share(lambda share: {"sts": figures[share]}, guard(shares=(0.5, 1.0)))
    assert found.keep == 1.0


def test_every_guarded_task_counts_and_the_others_do_not():
    def measure(share):
        return {"one": 0.8 + share, "other": 0.8 - share, "domain": 0.8 - share}

    assert choose_share(measure, guard(tasks=("one",))).keep == 1.0
    assert choose_share(measure, guard(tasks=("one", "other"))).keep == 0.0


def test_nothing_is_kept_when_every_share_loses_too_much_and_words_say_so():
    settings = guard(0.001)
    found = choose_share(lambda share: {"sts": 0.8 - (share > 0) * 0.1}, settings)
    assert found.keep == 0
    assert tell("adapt", found, settings).startswith("adapt: nothing of the step is kept")


def test_words_say_what_is_kept_and_what_it_costs():
    settings = guard(0.005)
    told = tell("adapt", choose_share(falling, settings), settings)
    assert told == "adapt: 20% of the change is kept; sts loses 0.0040 at most (limit 0.005)"


@given(
    st.lists(st.floats(-1, 1), min_size=len(SHARES), max_size=len(SHARES)),
    st.floats(0, 0.5),
)
def test_what_is_chosen_is_within_the_limit_and_nothing_larger_is(figures, most_lost):
    by_share = dict(zip(SHARES, figures, strict=True))
    found = choose_share(lambda share: {"sts": by_share[share]}, guard(most_lost))
    assert figures[0] - by_share[found.keep] <= most_lost + 1e-9
    assert all(figures[0] - by_share[share] > most_lost for share in SHARES if share > found.keep)
