from hypothesis import given, settings
from hypothesis import strategies as st

from nmixx.training.batches import LengthBatchSampler, sampler_factory

ROWS = st.lists(st.tuples(st.integers(1, 200), st.integers(0, 12)), min_size=1, max_size=120)


def make(rows, batch_size, seed=0, epoch=0, budget=None):
    lengths = [length for length, _ in rows]
    groups = [str(group) for _, group in rows]
    sampler = LengthBatchSampler(
        range(len(rows)),
        batch_size,
        False,
        seed=seed,
        lengths=lengths,
        groups=groups,
        budget=budget,
    )
    sampler.set_epoch(epoch)
    return sampler


@settings(max_examples=150)
@given(ROWS, st.integers(2, 16), st.integers(0, 5), st.integers(0, 3))
def test_no_row_comes_twice_and_no_batch_holds_two_of_a_group(rows, batch_size, seed, epoch):
    sampler = make(rows, batch_size, seed, epoch)
    batches = list(sampler)
    seen = [row for batch in batches for row in batch]
    assert len(seen) == len(set(seen))
    assert set(seen) <= set(range(len(rows)))
    assert len(sampler) == len(batches)
    for batch in batches:
        assert 2 <= len(batch) <= batch_size
        assert len({rows[row][1] for row in batch}) == len(batch)


@given(ROWS, st.integers(2, 16))
def test_rows_of_two_groups_always_make_a_batch(rows, batch_size):
    assert bool(list(make(rows, batch_size))) == (len({group for _, group in rows}) >= 2)


@given(st.integers(2, 300), st.integers(2, 16), st.integers(0, 5))
def test_every_row_of_a_group_of_its_own_comes_but_for_a_single_rest(size, batch_size, seed):
    rows = [(at % 37 + 1, at) for at in range(size)]
    seen = [row for batch in make(rows, batch_size, seed) for row in batch]
    assert len(seen) == size - (size % batch_size == 1)


ALONE = [(at * 7 % 61 + 1, at) for at in range(500)]


def test_the_same_seed_and_epoch_give_the_same_batches():
    assert list(make(ALONE, 8, 3, 1)) == list(make(ALONE, 8, 3, 1))
    sampler = make(ALONE, 8, 3, 1)
    assert list(sampler) == list(sampler)


def test_another_epoch_or_seed_gives_others():
    sampler = make(ALONE, 8)
    first = list(sampler)
    sampler.set_epoch(1)
    second = list(sampler)
    assert first != second
    assert second == list(make(ALONE, 8, epoch=1))
    sampler.set_epoch(0)
    assert list(sampler) == first
    assert list(make(ALONE, 8, seed=1)) != first


def test_rows_of_a_batch_are_of_like_length():
    def padding(batches):
        return sum(max(ALONE[row][0] for row in b) * len(b) for b in batches)

    text = sum(length for length, _ in ALONE)
    assert padding(make(ALONE, 8)) < 1.1 * text


def test_long_batches_do_not_all_come_last():
    firsts = [ALONE[batch[0]][0] for batch in make(ALONE, 8)]
    assert firsts != sorted(firsts)


def test_the_factory_takes_what_the_trainer_gives():
    factory = sampler_factory([1, 2, 3, 4], list("abcd"))
    sampler = factory(
        range(4), batch_size=2, drop_last=False, valid_label_columns=None, generator=None, seed=1
    )
    assert sorted(row for batch in sampler for row in batch) == [0, 1, 2, 3]


BUDGET = st.integers(16, 2000)


@settings(max_examples=150)
@given(ROWS, st.integers(2, 16), BUDGET)
def test_a_batch_keeps_to_its_budget_of_tokens(rows, batch_size, budget):
    batches = list(make(rows, batch_size, budget=budget))
    seen = [row for batch in batches for row in batch]
    assert len(seen) == len(set(seen))
    for batch in batches:
        assert 2 <= len(batch) <= batch_size
        assert len({rows[row][1] for row in batch}) == len(batch)
        longest = max(rows[row][0] for row in batch)
        assert len(batch) == 2 or len(batch) * longest <= budget


def test_a_budget_makes_batches_of_short_rows_larger_than_those_of_long_ones():
    batches = list(make(ALONE, 64, budget=600))
    assert sum(len(batch) for batch in batches) == len(ALONE)
    sizes = {ALONE[batch[-1]][0] // 20: len(batch) for batch in batches}
    assert sizes[0] > sizes[1] > sizes[3]


def test_a_wide_budget_changes_nothing():
    assert list(make(ALONE, 8, budget=10**6)) == list(make(ALONE, 8))
